import type { ModelProvider } from '@reeve/core';
import { z } from 'zod';
import type { Protocol } from '../ai-sdk/call-options.ts';
import { createAiSdkProvider, type Endpoint } from '../ai-sdk/provider.ts';
import { requestBody } from '../ai-sdk/request-body.ts';
import type { ListedModel } from '../http/list-models.ts';
import { requestJson } from '../http/request-json.ts';
import type { ProviderOptions } from '../provider-options.ts';
import { geminiTiles } from '../tokens/image-tokens.ts';
import { tokenScales } from '../tokens/scale.ts';
import { addThinking } from './thinking.ts';

/** Google's Gemini API (Google AI Studio). */
export function createGoogleProvider(options: ProviderOptions): ModelProvider {
  return createAiSdkProvider(options, {
    protocol,
    tokens: { scale: tokenScales.google, image: geminiTiles },
    createModel,
    readList,
    async countTokens(model, call, endpoint, signal) {
      const path = `models/${model}`;
      const sent = await requestBody((fetch) => createModel(model, { ...endpoint, fetch }), call);
      const answer = await requestJson(endpoint.fetch, `${endpoint.baseUrl}/${path}:countTokens`, {
        headers: headersOf(endpoint.apiKey),
        body: { generateContentRequest: { model: path, ...sent } },
        signal,
      });
      return countSchema.parse(answer).totalTokens;
    },
  });
}

const protocol: Protocol = {
  continues: { namespace: 'google', fields: ['thoughtSignature'], isOnAllParts: true },
  adapt: (call, request) => addThinking(call, request),
};

const countSchema = z.object({ totalTokens: z.int().nonnegative() });

const headersOf = (apiKey: string): Record<string, string> => ({ 'x-goog-api-key': apiKey });

async function createModel(model: string, { baseUrl, apiKey, fetch }: Endpoint) {
  const { createGoogleGenerativeAI } = await import('@ai-sdk/google');
  return createGoogleGenerativeAI({ baseURL: baseUrl, apiKey, fetch }).languageModel(model);
}

const count = z.int().positive().optional().catch(undefined);
const listSchema = z.object({
  models: z.array(
    z.object({
      name: z.string().min(1),
      displayName: z.string().optional(),
      inputTokenLimit: count,
      outputTokenLimit: count,
      supportedGenerationMethods: z.array(z.string()).default([]),
      thinking: z.boolean().optional(),
    }),
  ),
});

async function readList({ baseUrl, apiKey, fetch }: Endpoint, signal: AbortSignal): Promise<ListedModel[]> {
  const answer = await requestJson(fetch, `${baseUrl}/models?pageSize=1000`, {
    headers: headersOf(apiKey),
    signal,
  });
  return listSchema
    .parse(answer)
    .models.filter((entry) => entry.supportedGenerationMethods.includes('generateContent'))
    .map((entry) => ({
      model: entry.name.replace(/^models\//, ''),
      name: entry.displayName,
      contextTokens: entry.inputTokenLimit,
      maxOutputTokens: entry.outputTokenLimit,
      supportsThinking: entry.thinking,
    }));
}
