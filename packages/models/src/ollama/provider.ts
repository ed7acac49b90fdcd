import type { ModelProvider } from '@reeve/core';
import { z } from 'zod';
import { createAiSdkProvider, type Endpoint } from '../ai-sdk/provider.ts';
import type { ListedModel } from '../http/list-models.ts';
import { requestJson } from '../http/request-json.ts';
import { bearer } from '../openai-compatible/list-models.ts';
import type { ProviderOptions } from '../provider-options.ts';
import { openAiTiles } from '../tokens/image-tokens.ts';
import { tokenScales } from '../tokens/scale.ts';
import { createOllamaModel } from './model.ts';

/**
 * Ollama by its own API, which unlike its OpenAI surface lets the client say how large the context is, how long the
 * model stays loaded, and whether it thinks. An address of the OpenAI surface is understood.
 */
export function createOllamaProvider(options: ProviderOptions): ModelProvider {
  const windowOf = (model: string) => options.contextTokens ?? options.factsOf?.(model)?.contextTokens;
  return createAiSdkProvider(
    { ...options, baseUrl: apiOf(options.baseUrl) },
    {
      protocol: { continues: { namespace: 'ollama', fields: [], keepsPlainThinking: true } },
      tokens: { scale: tokenScales.local, image: openAiTiles },
      createModel: async (model, endpoint) => createOllamaModel(model, endpoint, windowOf(model)),
      readList,
    },
  );
}

/** `http://host:11434`, with `/v1` or with `/api`, as the address of the API. */
const apiOf = (baseUrl: string): string => `${baseUrl.replace(/\/+$/, '').replace(/\/(?:v1|api)$/, '')}/api`;

const tagsSchema = z.object({
  models: z.array(z.object({ model: z.string().min(1), name: z.string().optional() })),
});

/** `GET /api/tags`: what is pulled. Says nothing about windows; those are what we ask for. */
async function readList({ baseUrl, apiKey, fetch }: Endpoint, signal: AbortSignal): Promise<ListedModel[]> {
  const answer = await requestJson(fetch, `${baseUrl}/tags`, { headers: bearer(apiKey), signal });
  return tagsSchema.parse(answer).models.map(({ model, name }) => ({ model, name }));
}
