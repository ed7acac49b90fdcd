import { FaultError, type ModelInfo } from '@reeve/protocol';
import { z } from 'zod';
import { toModelError } from '../ai-sdk/errors.ts';
import type { OpenAiCompatibleOptions } from './provider.ts';

/** Where servers write the size of the context window: OpenRouter, vLLM, Groq. */
const entrySchema = z.object({
  id: z.string().min(1),
  name: z.string().optional().catch(undefined),
  context_length: z.int().positive().optional().catch(undefined),
  max_model_len: z.int().positive().optional().catch(undefined),
  context_window: z.int().positive().optional().catch(undefined),
});
const listSchema = z.object({ data: z.array(entrySchema) });

type ListOptions = OpenAiCompatibleOptions & Required<Pick<OpenAiCompatibleOptions, 'apiKey' | 'fetch'>>;

/** The models a server lists, or the configured ones when it cannot say; rejects with PROVIDER_FAIL if there are none. */
export async function listModels(options: ListOptions, signal: AbortSignal): Promise<ModelInfo[]> {
  try {
    const entries = await readList(options, signal);
    if (entries.length > 0) return entries.map((entry) => toInfo(entry, options));
  } catch (error) {
    if (options.models.length === 0) {
      const { now = Date.now, apiKey } = options;
      const { message } = toModelError(error, { signal, secrets: [apiKey], now });
      throw new FaultError('PROVIDER_FAIL', `${options.name} does not list its models. ${message}`);
    }
  }
  return options.models.map((id) => toInfo({ id }, options));
}

async function readList(options: ListOptions, signal: AbortSignal) {
  const { apiKey } = options;
  const response = await options.fetch(`${options.baseUrl}/models`, {
    headers: { accept: 'application/json', ...(apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }) },
    signal,
  });
  const responseBody = await response.text();
  if (!response.ok)
    throw Object.assign(new Error(`HTTP ${response.status}`), { statusCode: response.status, responseBody });
  return listSchema.parse(JSON.parse(responseBody)).data;
}

function toInfo(entry: z.infer<typeof entrySchema>, options: ListOptions): ModelInfo {
  const contextTokens =
    entry.context_length ?? entry.max_model_len ?? entry.context_window ?? options.contextTokens;
  return {
    id: `${options.id}/${entry.id}`,
    provider: options.id,
    model: entry.id,
    name: entry.name ?? entry.id,
    contextTokens,
    maxOutputTokens: Math.min(options.maxOutputTokens, contextTokens),
    isLanguageModel: true,
  };
}
