import type { ModelProvider } from '@reeve/core';
import { redact } from '../ai-sdk/errors.ts';
import { createAiSdkProvider } from '../ai-sdk/provider.ts';
import { listModels } from './list-models.ts';

export interface OpenAiCompatibleOptions {
  /** Names the provider in model ids: `id/model`. */
  id: string;
  name: string;
  /** Ends before `/chat/completions`, for example `https://api.openai.com/v1`. */
  baseUrl: string;
  apiKey?: string;
  /** Ids that `listModels` falls back to when the server does not list its own. */
  models: readonly string[];
  /** For models whose server does not say how many tokens they read and write. */
  contextTokens: number;
  maxOutputTokens: number;
  fetch?: typeof globalThis.fetch;
  /** Unix time in ms. */
  now?: () => number;
}

/** Any server that speaks OpenAI chat completions. Retries nothing itself; loads the SDK on the first request. */
export function createOpenAiCompatibleProvider(options: OpenAiCompatibleOptions): ModelProvider {
  const { id, name, apiKey = '', fetch } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  return createAiSdkProvider({
    id,
    name,
    baseUrl: redact(baseUrl, []),
    hasKey: apiKey !== '',
    secrets: [apiKey],
    ...(options.now === undefined ? {} : { now: options.now }),
    createModel: async (model) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const sdk = createOpenAICompatible({
        name: id,
        baseURL: baseUrl,
        includeUsage: true,
        ...(apiKey === '' ? {} : { apiKey }),
        ...(fetch === undefined ? {} : { fetch }),
      });
      return sdk.languageModel(model);
    },
    listModels: (signal) =>
      listModels({ ...options, baseUrl, apiKey, fetch: fetch ?? globalThis.fetch }, signal),
  });
}
