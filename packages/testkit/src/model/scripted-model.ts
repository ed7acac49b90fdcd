import type { ModelError, ModelErrorClass, ModelEvent, ModelProvider, ModelRequest } from '@reeve/core';
import type { ToolCall } from '@reeve/protocol';
import { parseArguments, type ReplyData, type ReplyEnd, reasoningOf, replyUsage } from './reply.ts';
import {
  createReplyQueue,
  echoScript,
  passTime,
  type Script,
  type ScriptRequest,
  untilAborted,
} from './script.ts';
import { imageTokens } from './token-count.ts';

export interface ScriptedProvider extends ModelProvider {
  /** Requests in order of arrival. */
  readonly requests: ModelRequest[];
  enqueue(...replies: ReplyData[]): void;
}

/**
 * A provider inside this process that answers by script: a function, or a list of replies for the first requests,
 * after which it echoes. Every kind of reply ends as the real provider's would. A reply that thinks and then calls
 * tools finishes with a continuation, `{ thinking }`.
 */
export function createScriptedProvider(
  options: { id?: string; account?: string; script?: Script | readonly ReplyData[]; models?: string[] } = {},
): ScriptedProvider {
  const { id = 'scripted', account = 'default', script = [], models = ['test-model'] } = options;
  const requests: ModelRequest[] = [];
  const queue = createReplyQueue(typeof script === 'function' ? script : echoScript());
  if (typeof script !== 'function') queue.enqueue(...script);
  return {
    id,
    name: `Scripted (${id})`,
    account,
    baseUrl: null,
    hasKey: false,
    tokens: { scale: 1, image: () => imageTokens },
    requests,
    enqueue: queue.enqueue,
    async *stream(request, signal) {
      requests.push(request);
      try {
        yield* play(queue.take(toScriptRequest(request)), request, signal);
      } catch (error) {
        yield { type: 'error', error: toModelError(error, signal) };
      }
    },
    listModels: async () =>
      models.map((model) => ({
        id: `${id}/${model}`,
        provider: id,
        model,
        name: model,
        contextTokens: 128_000,
        maxOutputTokens: 4_096,
        isLanguageModel: true,
      })),
  };
}

const toScriptRequest = ({
  model,
  messages,
  tools,
  toolChoice,
  responseFormat,
  params,
}: ModelRequest): ScriptRequest => ({
  model,
  messages,
  toolNames: tools.map((tool) => tool.name),
  ...(toolChoice === undefined ? {} : { toolChoice }),
  ...(responseFormat === undefined ? {} : { responseFormat }),
  params,
  ...(params.thinking === undefined ? {} : { thinking: { effort: params.thinking } }),
});

async function* play(
  reply: ReplyData,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const calls: ToolCall[] = [];
  let bytesLeft = reply.diesAfterBytes ?? Number.POSITIVE_INFINITY;
  for (const part of reply.parts) {
    signal.throwIfAborted();
    if (part.kind === 'hold' || part.kind === 'delay') await passTime(part, signal);
    else if (part.kind === 'toolCall')
      calls.push({ id: part.id, name: part.name, args: parseArguments(part.argumentsText) });
    else if (reply.end.kind !== 'status') {
      // A delta that would not get through whole is not seen at all, as with half a frame.
      bytesLeft -= Buffer.byteLength(part.delta);
      if (bytesLeft >= 0) yield { type: part.kind, delta: part.delta };
    }
    if (bytesLeft <= 0) {
      yield { type: 'error', error: endError({ kind: 'reset' }) };
      return;
    }
  }
  signal.throwIfAborted();
  if (reply.end.kind === 'hang') await untilAborted(signal);
  if (reply.end.kind !== 'finish') {
    yield { type: 'error', error: endError(reply.end) };
    return;
  }
  for (const call of calls) yield { type: 'toolCall', call };
  const usage = replyUsage(reply, JSON.stringify(request.messages).length);
  const thinking = reasoningOf(reply);
  yield {
    type: 'finish',
    reason: reply.end.reason,
    usage,
    ...(thinking === '' || calls.length === 0 ? {} : { continuation: { thinking } }),
  };
}

function endError(end: Exclude<ReplyEnd, { kind: 'finish' }>): ModelError {
  if (end.kind !== 'status')
    return { class: end.kind === 'reset' ? 'network' : 'garbled', message: `scripted: ${end.kind}` };
  const seconds = Number(end.retryAfter);
  return {
    class: end.code === 'context_length_exceeded' ? 'context_overflow' : statusClass(end.status),
    message: end.message,
    status: end.status,
    ...(end.retryAfter === null || Number.isNaN(seconds) ? {} : { retryAfterMs: seconds * 1000 }),
  };
}

function statusClass(status: number): ModelErrorClass {
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 403) return 'auth';
  return status >= 500 ? 'overloaded' : 'invalid_request';
}

/** A script that throws is a bug of the test: it must fail it, not end as a model's error. */
function toModelError(error: unknown, signal: AbortSignal): ModelError {
  if (signal.aborted) return { class: 'aborted', message: 'The request was stopped.' };
  throw error;
}
