import type { LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { ModelFacts, ModelRequest } from '@reeve/core';
import type { GenerationParams } from '@reeve/protocol';
import type { ContinuationRule } from './continuation.ts';
import { toPrompt } from './prompt.ts';

/** What a vendor's protocol adds to the common request. */
export interface Protocol {
  continues?: ContinuationRule;
  /** Marks system messages that stay the same; each then stays a message of its own. */
  stableSystem?: SharedV4ProviderOptions;
  /** Has no mark for a tool that failed. */
  hasPlainErrors?: boolean;
  /** Whether a model of which nothing is known is asked to think when the user wants it. */
  unknownModelsThink?: boolean;
  /** Adds the vendor's own options, in place. */
  adapt?(options: LanguageModelV4CallOptions, request: ModelRequest, facts: ModelFacts | null): void;
}

/** Who asks, and what is known about the model that is asked. */
export interface Caller {
  providerId: string;
  account: string;
  protocol: Protocol;
  facts: ModelFacts | null;
}

/** Signed thinking is good for the model that signed it, and at some vendors only under the same account. */
export const signerOf = ({ account }: Pick<Caller, 'account'>, model: string): string =>
  `${account}/${model}`;

/** Our request in the words of the AI SDK's provider specification. What the model refuses is not in it (F035). */
export function toCallOptions(
  request: ModelRequest,
  abortSignal: AbortSignal,
  caller: Caller,
): LanguageModelV4CallOptions {
  const { protocol, facts } = caller;
  const params = acceptedParams(request.params, facts, protocol.unknownModelsThink === true);
  const options: LanguageModelV4CallOptions = {
    prompt: toPrompt(request.messages, {
      providerId: caller.providerId,
      signer: signerOf(caller, request.model),
      continues: protocol.continues,
      stableSystem: protocol.stableSystem,
      hasPlainErrors: protocol.hasPlainErrors === true,
    }),
    abortSignal,
  };
  const { temperature, maxOutputTokens, topP, thinking, stop, seed, frequencyPenalty, presencePenalty } =
    params;
  if (temperature !== undefined) options.temperature = temperature;
  if (maxOutputTokens !== undefined)
    options.maxOutputTokens = Math.min(maxOutputTokens, facts?.maxOutputTokens ?? maxOutputTokens);
  if (topP !== undefined) options.topP = topP;
  if (thinking !== undefined) options.reasoning = thinking === 'off' ? 'none' : thinking;
  if (stop !== undefined && stop.length > 0) options.stopSequences = stop;
  if (seed !== undefined) options.seed = seed;
  if (frequencyPenalty !== undefined) options.frequencyPenalty = frequencyPenalty;
  if (presencePenalty !== undefined) options.presencePenalty = presencePenalty;
  if (request.responseFormat?.type === 'json') {
    const { schema, name } = request.responseFormat;
    options.responseFormat = { type: 'json', ...(schema && { schema }), ...(name && { name }) };
  }
  if (request.tools.length > 0) {
    options.tools = request.tools.map((tool) => ({
      type: 'function',
      name: tool.name,
      description: tool.description,
      inputSchema: tool.parameters,
    }));
    const choice = request.toolChoice ?? 'auto';
    options.toolChoice =
      typeof choice === 'string' ? { type: choice } : { type: 'tool', toolName: choice.tool };
  }
  protocol.adapt?.(options, { ...request, params }, facts);
  return options;
}

/** The parameters without those the model refuses, and without thinking for a model that cannot. */
function acceptedParams(
  params: GenerationParams,
  facts: ModelFacts | null,
  unknownModelsThink: boolean,
): GenerationParams {
  const refused = new Set<string>(facts?.refusedParams ?? []);
  if (!(facts?.supportsThinking ?? unknownModelsThink)) refused.add('thinking');
  return Object.fromEntries(Object.entries(params).filter(([name]) => !refused.has(name)));
}
