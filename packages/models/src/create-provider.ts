import type { ModelProvider } from '@reeve/core';
import { createAnthropicProvider } from './anthropic/provider.ts';
import { createGoogleProvider } from './google/provider.ts';
import { createOllamaProvider } from './ollama/provider.ts';
import { createOpenAiProvider, createOpenAiResponsesProvider } from './openai/provider.ts';
import { createOpenAiCompatibleProvider } from './openai-compatible/provider.ts';
import type { ProviderOptions } from './provider-options.ts';
import type { ProviderKind } from './vendors/index.ts';

const makers: Record<ProviderKind, (options: ProviderOptions) => ModelProvider> = {
  'openai-compatible': createOpenAiCompatibleProvider,
  openai: createOpenAiProvider,
  'openai-responses': createOpenAiResponsesProvider,
  anthropic: createAnthropicProvider,
  google: createGoogleProvider,
  ollama: createOllamaProvider,
};

/** A provider that speaks the given protocol. */
export const createProvider = (kind: ProviderKind, options: ProviderOptions): ModelProvider =>
  makers[kind](options);
