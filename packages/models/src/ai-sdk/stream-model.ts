import type {
  LanguageModelV4,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import type { FinishReason, ModelError, ModelEvent, ModelRequest } from '@reeve/core';
import { isTooDeep, type Json, type ToolCall, type Usage } from '@reeve/protocol';
import { type Caller, signerOf, toCallOptions } from './call-options.ts';
import { createRecorder } from './continuation.ts';
import { type ErrorContext, garbledError, toModelError } from './errors.ts';

export type StreamContext = ErrorContext & Caller;

/**
 * Streams one answer of any AI SDK model as our events, under the contract of the ModelProvider port.
 *
 * Tool calls are held back until the stream has ended in order: the SDK hands on what it has of a call when the
 * connection closes, so only the end tells a whole call from half of one.
 */
export async function* streamModel(
  loadModel: () => Promise<LanguageModelV4>,
  request: ModelRequest,
  context: StreamContext,
): AsyncGenerator<ModelEvent> {
  const { signal, protocol } = context;
  // Aborted with the caller, and also when the consumer stops iterating.
  const call = new AbortController();
  const onAbort = (): void => call.abort(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  let error: ModelError | undefined;
  const calls: LanguageModelV4ToolCall[] = [];
  const recorder = protocol.continues === undefined ? undefined : createRecorder(protocol.continues);
  let finish: Extract<LanguageModelV4StreamPart, { type: 'finish' }> | undefined;
  try {
    call.signal.throwIfAborted();
    const model = await loadModel();
    const options = toCallOptions(request, call.signal, context);
    const result = await untilAborted(model.doStream(options), call.signal);
    const reader = result.stream.getReader();
    // A pending read then ends at once, also for a model that does not heed its signal.
    call.signal.addEventListener('abort', () => reader.cancel().catch(() => {}), { once: true });
    while (error === undefined && !call.signal.aborted) {
      const { done, value: part } = await reader.read();
      if (done) break;
      recorder?.record(part);
      if (part.type === 'text-delta') {
        if (part.delta !== '') yield { type: 'text', delta: part.delta };
      } else if (part.type === 'reasoning-delta') {
        if (part.delta !== '') yield { type: 'reasoning', delta: part.delta };
      } else if (part.type === 'tool-input-delta') {
        yield { type: 'progress' };
      } else if (part.type === 'tool-call') {
        if (part.providerExecuted !== true) calls.push(part);
      } else if (part.type === 'error') {
        error = toModelError(part.error, context);
      } else if (part.type === 'finish') {
        finish = part;
      }
    }
    error ??= checkEnd(finish, calls);
    if (signal.aborted) error = toModelError(signal.reason, context);
  } catch (thrown) {
    error = toModelError(thrown, context);
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (finish === undefined) call.abort();
  }
  if (error !== undefined || finish === undefined) {
    yield { type: 'error', error: error ?? endedEarly };
    return;
  }
  for (const held of calls) yield { type: 'toolCall', call: toToolCall(held) };
  const continuation = calls.length > 0 ? recorder?.result(signerOf(context, request.model)) : undefined;
  yield {
    type: 'finish',
    reason: toReason(finish.finishReason, calls.length > 0),
    usage: toUsage(finish.usage),
    ...(continuation === undefined ? {} : { continuation }),
  };
}

const endedEarly = garbledError('The answer broke off before its end.');

/** What is wrong with an answer whose stream closed without an error. */
function checkEnd(
  finish: { finishReason: LanguageModelV4FinishReason } | undefined,
  calls: readonly LanguageModelV4ToolCall[],
): ModelError | undefined {
  const unified = finish?.finishReason.unified;
  if (unified === undefined || unified === 'error' || unified === 'interrupted') return endedEarly;
  const isComplete = unified === 'stop' || unified === 'tool-calls';
  if (!isComplete && calls.some((held) => typeof parseInput(held.input) === 'string'))
    return garbledError('The answer reached its limit in the middle of a tool call.');
  return undefined;
}

const toToolCall = (held: LanguageModelV4ToolCall): ToolCall => ({
  id: held.toolCallId,
  name: held.toolName,
  args: parseInput(held.input),
});

/** No text at all is how many servers write "no arguments". */
function parseInput(input: string): Json {
  if (input.trim() === '') return {};
  try {
    const value: Json = JSON.parse(input);
    return isTooDeep(value) ? input : value;
  } catch {
    return input;
  }
}

/** Some servers say `stop` after tool calls. */
function toReason(reason: LanguageModelV4FinishReason, hasCalls: boolean): FinishReason {
  switch (reason.unified) {
    case 'stop':
      return hasCalls ? 'tool-calls' : 'stop';
    case 'tool-calls':
    case 'length':
    case 'content-filter':
      return reason.unified;
    default:
      return 'other';
  }
}

function toUsage({ inputTokens, outputTokens, raw }: LanguageModelV4Usage): Usage | null {
  if (raw === undefined && inputTokens.total === undefined && outputTokens.total === undefined) return null;
  const { cacheRead, cacheWrite } = inputTokens;
  return {
    inputTokens: inputTokens.total ?? 0,
    outputTokens: outputTokens.total ?? 0,
    ...(cacheRead ? { cacheReadTokens: cacheRead } : {}),
    ...(cacheWrite ? { cacheWriteTokens: cacheWrite } : {}),
  };
}

/** Like `work`, but rejects when the signal aborts; a stream that arrives later is released. */
function untilAborted<T extends { stream: ReadableStream }>(
  work: PromiseLike<T>,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then((result) => {
      if (signal.aborted) result.stream.cancel().catch(() => {});
      resolve(result);
    }, reject);
  });
}
