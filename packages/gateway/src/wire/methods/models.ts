import { mainAgent } from '@reeve/core';
import { slashCommands } from '@reeve/protocol';
import { noParamsSchema } from '@reeve/protocol/wire';
import { type Call, defineMethod } from '../method.ts';

const list = async ({ services }: Call): Promise<object> => ({
  models: (await services.core.catalog.list()).map((model) => ({
    id: model.model,
    name: model.name,
    provider: model.provider,
    available: true,
    contextWindow: model.contextTokens,
    ...(model.supportsThinking !== undefined && { reasoning: model.supportsThinking }),
    input: model.supportsImages ? ['text', 'image'] : ['text'],
  })),
});

const providers = async ({ services }: Call): Promise<object> => ({
  providers: services.core.catalog.status(),
});

const tools = async ({ services }: Call): Promise<object> => ({
  agentId: mainAgent,
  profiles: [{ id: 'full', label: 'Full' }],
  groups: [
    {
      id: 'built-in',
      label: 'Built-in',
      source: 'core',
      tools: services.core.gate.infos.map((tool) => ({
        id: tool.name,
        label: tool.name.replaceAll('_', ' '),
        description: tool.description,
        source: 'core',
        risk: tool.risk === 'critical' ? 'high' : tool.risk,
        defaultProfiles: ['full'],
      })),
    },
  ],
});

const commands = async (): Promise<object> => ({
  commands: slashCommands.map(({ name, usage, description }) => ({
    name,
    textAliases: [`/${name}`],
    description,
    source: 'native',
    scope: 'text',
    acceptsArgs: usage !== `/${name}`,
  })),
});

export const modelMethods = [
  defineMethod({ name: 'models.list', scope: 'operator.read', params: noParamsSchema, handle: list }),
  defineMethod({
    name: 'provider.status',
    scope: 'operator.read',
    params: noParamsSchema,
    handle: providers,
  }),
  defineMethod({ name: 'tools.catalog', scope: 'operator.read', params: noParamsSchema, handle: tools }),
  defineMethod({ name: 'commands.list', scope: 'operator.read', params: noParamsSchema, handle: commands }),
];
