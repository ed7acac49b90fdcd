import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelFacts, ModelProvider } from '@reeve/core';
import type { Json } from '@reeve/protocol';
import { createAiSdkProvider, type Endpoint } from '../ai-sdk/provider.ts';
import { readList } from '../openai-compatible/list-models.ts';
import type { ProviderOptions } from '../provider-options.ts';
import { openAiTiles } from '../tokens/image-tokens.ts';
import { tokenScales } from '../tokens/scale.ts';
import { isStrictSchema } from './strict-schema.ts';

const tokens = { scale: tokenScales.openai, image: openAiTiles };

/** OpenAI's chat completions, with what OpenAI's own models demand beyond the common protocol. */
export function createOpenAiProvider(options: ProviderOptions): ModelProvider {
  return createAiSdkProvider(options, {
    protocol: { hasPlainErrors: true, adapt: (call, _request, facts) => addOptions(call, facts, {}) },
    tokens,
    createModel: async (model, endpoint) => (await createSdk(endpoint)).chat(model),
    readList,
  });
}

/**
 * OpenAI's responses. Nothing is stored at OpenAI: the transcript is ours, and reasoning comes and goes encrypted
 * while a run calls its tools.
 */
export function createOpenAiResponsesProvider(options: ProviderOptions): ModelProvider {
  return createAiSdkProvider(options, {
    protocol: {
      hasPlainErrors: true,
      continues: { namespace: 'openai', fields: ['itemId', 'reasoningEncryptedContent'] },
      adapt: (call, _request, facts) => addOptions(call, facts, { store: false }),
    },
    tokens,
    createModel: async (model, endpoint) => (await createSdk(endpoint)).responses(model),
    readList,
  });
}

async function createSdk({ baseUrl, apiKey, fetch }: Endpoint) {
  const { createOpenAI } = await import('@ai-sdk/openai');
  return createOpenAI({ baseURL: baseUrl, apiKey, fetch });
}

/** A model that thinks under a name that the SDK does not know is treated as one. */
function addOptions(
  call: LanguageModelV4CallOptions,
  facts: ModelFacts | null,
  more: Record<string, Json>,
): void {
  const forceReasoning = facts?.supportsThinking === true ? { forceReasoning: true } : {};
  const format = call.responseFormat;
  const strict =
    format?.type === 'json' && format.schema ? { strictJsonSchema: isStrictSchema(format.schema) } : {};
  call.providerOptions = { openai: { ...more, ...forceReasoning, ...strict } };
}
