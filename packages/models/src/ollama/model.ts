import { randomUUID } from 'node:crypto';
import { ReadableStream } from 'node:stream/web';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import { z } from 'zod';
import type { Endpoint } from '../ai-sdk/provider.ts';
import { bearer } from '../openai-compatible/list-models.ts';
import { readLines } from './read-lines.ts';
import { toRequest } from './request.ts';

/**
 * Ollama's `/api/chat` under the AI SDK's specification, as far as our streams use it. The community's package for
 * it passes over lines that are not JSON and takes a stream that breaks off for an answer, so this one is ours.
 */
export function createOllamaModel(
  modelId: string,
  { baseUrl, apiKey, fetch }: Endpoint,
  contextTokens: number | undefined,
): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'ollama',
    modelId,
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('Answers of Ollama are streamed.')),
    async doStream(options: LanguageModelV4CallOptions) {
      const response = await fetch(`${baseUrl}/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...bearer(apiKey) },
        body: JSON.stringify(toRequest(modelId, options, contextTokens)),
        ...(options.abortSignal && { signal: options.abortSignal }),
      });
      if (!response.ok || response.body === null)
        throw Object.assign(new Error(`HTTP ${response.status}`), {
          statusCode: response.status,
          responseHeaders: Object.fromEntries(response.headers),
          responseBody: await response.text(),
        });
      // Node's own class, which the SDK's types take for the browser's.
      const stream = ReadableStream.from(toParts(readLines(response.body)));
      return { stream: stream as LanguageModelV4StreamResult['stream'] };
    },
  };
}

const chunkSchema = z.object({
  message: z
    .object({
      content: z.string().optional(),
      thinking: z.string().optional(),
      tool_calls: z
        .array(
          z.object({
            id: z.string().optional(),
            function: z.object({ name: z.string(), arguments: z.json() }),
          }),
        )
        .nullish(),
    })
    .optional(),
  done: z.boolean().optional(),
  done_reason: z.string().optional(),
  prompt_eval_count: z.int().optional(),
  eval_count: z.int().optional(),
  error: z.json().optional(),
});
type Chunk = z.infer<typeof chunkSchema>;

async function* toParts(lines: AsyncIterable<unknown>): AsyncGenerator<LanguageModelV4StreamPart> {
  for await (const line of lines) {
    const { message, ...chunk } = chunkSchema.parse(line);
    if (chunk.error !== undefined) {
      yield { type: 'error', error: { error: chunk.error } };
      return;
    }
    if (message?.thinking) yield { type: 'reasoning-delta', id: 'thinking', delta: message.thinking };
    if (message?.content) yield { type: 'text-delta', id: 'text', delta: message.content };
    for (const call of message?.tool_calls ?? []) {
      const { name, arguments: args } = call.function;
      yield {
        type: 'tool-call',
        toolCallId: call.id || `call_${randomUUID()}`,
        toolName: name,
        input: typeof args === 'string' ? args : JSON.stringify(args),
      };
    }
    if (chunk.done === true)
      yield { type: 'finish', finishReason: toReason(chunk.done_reason), usage: toUsage(chunk) };
  }
}

function toReason(raw: string | undefined): LanguageModelV4FinishReason {
  if (raw === 'stop' || raw === 'length') return { unified: raw, raw };
  return { unified: raw === 'content_filter' ? 'content-filter' : 'other', raw };
}

const toUsage = ({ prompt_eval_count, eval_count }: Chunk) => ({
  inputTokens: { total: prompt_eval_count, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: eval_count, text: undefined, reasoning: undefined },
});
