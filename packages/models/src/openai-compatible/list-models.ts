import { z } from 'zod';
import type { Endpoint } from '../ai-sdk/provider.ts';
import type { ListedModel } from '../http/list-models.ts';
import { requestJson } from '../http/request-json.ts';

const count = z.int().positive().optional().catch(undefined);

/** Where servers write the size of the context window: OpenRouter, vLLM, Groq, Mistral and llama.cpp in turn. */
const entrySchema = z.object({
  id: z.string().min(1),
  name: z.string().optional().catch(undefined),
  context_length: count,
  max_model_len: count,
  context_window: count,
  max_context_length: count,
  meta: z.object({ n_ctx: count }).optional().catch(undefined),
  max_completion_tokens: count,
  top_provider: z.object({ max_completion_tokens: count }).optional().catch(undefined),
});
/** Together answers with the bare list. */
const listSchema = z.union([z.object({ data: z.array(entrySchema) }), z.array(entrySchema)]);

export const bearer = (apiKey: string): Record<string, string> =>
  apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` };

/** `GET /models` in OpenAI's form. */
export async function readList(
  { baseUrl, apiKey, fetch }: Endpoint,
  signal: AbortSignal,
): Promise<ListedModel[]> {
  const answer = await requestJson(fetch, `${baseUrl}/models`, { headers: bearer(apiKey), signal });
  const list = listSchema.parse(answer);
  return (Array.isArray(list) ? list : list.data).map((entry) => ({
    model: entry.id,
    name: entry.name,
    contextTokens:
      entry.context_length ??
      entry.max_model_len ??
      entry.context_window ??
      entry.max_context_length ??
      entry.meta?.n_ctx,
    maxOutputTokens: entry.max_completion_tokens ?? entry.top_provider?.max_completion_tokens,
  }));
}
