import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelProvider } from '@reeve/core';
import { z } from 'zod';
import type { Protocol } from '../ai-sdk/call-options.ts';
import { createAiSdkProvider, type Endpoint } from '../ai-sdk/provider.ts';
import { requestBody } from '../ai-sdk/request-body.ts';
import type { ListedModel } from '../http/list-models.ts';
import { requestJson } from '../http/request-json.ts';
import type { ProviderOptions } from '../provider-options.ts';
import { anthropicPixels } from '../tokens/image-tokens.ts';
import { tokenScales } from '../tokens/scale.ts';
import { addBreakpoints, breakpoint } from './breakpoints.ts';
import { addThinking } from './thinking.ts';

/** Anthropic's Messages API. The key is an API key or an OAuth token, which is told by its beginning. */
export function createAnthropicProvider(options: ProviderOptions): ModelProvider {
  return createAiSdkProvider(options, {
    protocol,
    tokens: { scale: tokenScales.anthropic, image: anthropicPixels },
    createModel,
    readList,
    async countTokens(model, call, endpoint, signal) {
      const sent = await requestBody((fetch) => createModel(model, { ...endpoint, fetch }), call);
      const body = Object.fromEntries(countedFields.map((field) => [field, sent[field]]));
      const url = `${endpoint.baseUrl}/messages/count_tokens`;
      const answer = await requestJson(endpoint.fetch, url, {
        headers: headersOf(endpoint.apiKey),
        body,
        signal,
      });
      return countSchema.parse(answer).input_tokens;
    },
  });
}

const protocol: Protocol = {
  continues: { namespace: 'anthropic', fields: ['signature', 'redactedData'] },
  stableSystem: breakpoint,
  unknownModelsThink: true,
  adapt(call, request, facts) {
    // The SDK falls back to 4,096 tokens for names it does not know.
    if (facts?.maxOutputTokens !== undefined) call.maxOutputTokens ??= facts.maxOutputTokens;
    askForJson(call);
    addThinking(call, request, facts);
    addBreakpoints(call);
  },
};

/** The API holds a model to a schema, and has nothing for JSON of any form: the model is told. */
function askForJson(call: LanguageModelV4CallOptions): void {
  if (call.responseFormat?.type !== 'json' || call.responseFormat.schema !== undefined) return;
  delete call.responseFormat;
  const place = call.prompt.findLastIndex((message) => message.role === 'system') + 1;
  call.prompt.splice(place, 0, { role: 'system', content: 'Answer with one JSON object and nothing else.' });
}

/** What `count_tokens` takes of a request. */
const countedFields = ['model', 'system', 'messages', 'tools', 'tool_choice', 'thinking'] as const;
const countSchema = z.object({ input_tokens: z.int().nonnegative() });

const isOauthToken = (key: string): boolean => key.startsWith('sk-ant-oat');

/** OAuth tokens are a beta of the API and must be announced as such. */
const oauthBeta = { 'anthropic-beta': 'oauth-2025-04-20' };

async function createModel(model: string, { baseUrl, apiKey, fetch }: Endpoint) {
  const { createAnthropic } = await import('@ai-sdk/anthropic');
  const sdk = createAnthropic({
    baseURL: baseUrl,
    ...(isOauthToken(apiKey) ? { authToken: apiKey, headers: oauthBeta } : { apiKey }),
    fetch,
  });
  return sdk.languageModel(model);
}

const headersOf = (apiKey: string): Record<string, string> => ({
  'anthropic-version': '2023-06-01',
  ...(isOauthToken(apiKey) ? { authorization: `Bearer ${apiKey}`, ...oauthBeta } : { 'x-api-key': apiKey }),
});

const count = z.int().positive().optional().catch(undefined);
const listSchema = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1),
      display_name: z.string().optional(),
      max_input_tokens: count,
      max_tokens: count,
    }),
  ),
});

async function readList({ baseUrl, apiKey, fetch }: Endpoint, signal: AbortSignal): Promise<ListedModel[]> {
  const answer = await requestJson(fetch, `${baseUrl}/models?limit=1000`, {
    headers: headersOf(apiKey),
    signal,
  });
  return listSchema.parse(answer).data.map((entry) => ({
    model: entry.id,
    name: entry.display_name,
    contextTokens: entry.max_input_tokens,
    maxOutputTokens: entry.max_tokens,
  }));
}
