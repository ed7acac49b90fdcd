import type { CatalogSetup } from '@reeve/core';
import { createOpenAiCompatibleProvider, createSteward } from '@reeve/models';
import type { Config, ConfigValue } from '@reeve/protocol';

type Env = Record<string, string | undefined>;

const originOf = (values: readonly ConfigValue[], id: string): string => {
  const value = values.find(({ key, source }) => key.startsWith(`providers.${id}.`) && source !== 'default');
  return value?.source === 'env'
    ? `${value.origin} is set in the environment`
    : `[providers.${id}] in ${value?.origin ?? 'the configuration'}`;
};

/** The models that the configuration names, and the steward behind them. */
export const catalogSetup = (config: Config, values: readonly ConfigValue[], env: Env): CatalogSetup => ({
  entries: [
    ...Object.entries(config.providers).map(([id, provider]) => ({
      provider: createOpenAiCompatibleProvider({
        id,
        name: id,
        baseUrl: provider.baseUrl,
        apiKey: provider.apiKey || (provider.apiKeyEnv && env[provider.apiKeyEnv]) || '',
        models: provider.models,
        contextTokens: provider.contextTokens,
        maxOutputTokens: provider.maxOutputTokens,
      }),
      reason: originOf(values, id),
      contextTokens: provider.contextTokens,
      maxOutputTokens: provider.maxOutputTokens,
      isLanguageModel: true,
      preferredModel: provider.models[0] ?? null,
    })),
    {
      provider: createSteward(),
      reason:
        Object.keys(config.providers).length === 0
          ? 'no model is configured; it follows rules and works offline'
          : 'always there',
      contextTokens: 200_000,
      maxOutputTokens: 4_000,
      isLanguageModel: false,
      preferredModel: 'steward',
    },
  ],
  defaultModel: config.agent.model,
  fallbacks: config.agent.fallbacks,
});
