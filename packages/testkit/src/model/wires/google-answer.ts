import type { FinishReason } from '@reeve/core';
import type { Usage } from '@reeve/protocol';
import { parseArguments, type ReplyData, type WireCall } from '../reply.ts';
import { type AnswerFrames, type Exchange, finishOf } from './model-wire.ts';
import { type JsonRecord, sse } from './read.ts';

const finishReasons: Record<FinishReason, string> = {
  stop: 'STOP',
  'tool-calls': 'STOP',
  length: 'MAX_TOKENS',
  'content-filter': 'SAFETY',
  other: 'OTHER',
};

const toUsage = (usage: Usage) => ({
  promptTokenCount: usage.inputTokens,
  candidatesTokenCount: usage.outputTokens,
  totalTokenCount: usage.inputTokens + usage.outputTokens,
  ...(usage.cacheReadTokens === undefined ? {} : { cachedContentTokenCount: usage.cacheReadTokens }),
});

/** The parts of an answer. The first call of it carries the signature of all thinking before. */
function createParts({ signatures }: Exchange) {
  let thinking = '';
  let isSigned = false;
  return {
    text: (delta: string): JsonRecord => ({ text: delta }),
    reasoning: (delta: string): JsonRecord => {
      thinking += delta;
      return { text: delta, thought: true };
    },
    toolCall: (call: WireCall): JsonRecord => {
      const functionCall = { id: call.id, name: call.name, args: parseArguments(call.argumentsText) };
      if (isSigned) return { functionCall };
      isSigned = true;
      const signature = signatures.issue(thinking);
      signatures.bind(signature, call);
      return { functionCall, thoughtSignature: signature };
    },
  };
}

const chunkOf = ({ n, model }: Exchange, parts: JsonRecord[], end: JsonRecord, more: JsonRecord = {}) => ({
  candidates: [{ content: { role: 'model', parts }, ...end, index: 0 }],
  ...more,
  modelVersion: model,
  responseId: `response-${n}`,
});

const usageOf = ({ usage }: Exchange): JsonRecord =>
  usage === null ? {} : { usageMetadata: toUsage(usage) };

export function createFrames(exchange: Exchange): AnswerFrames {
  const parts = createParts(exchange);
  const frame = (part: JsonRecord): string[] => [sse(chunkOf(exchange, [part], {}))];
  return {
    start: () => [],
    text: (delta) => frame(parts.text(delta)),
    reasoning: (delta) => frame(parts.reasoning(delta)),
    toolCall: (call) => frame(parts.toolCall(call)),
    // Calls come whole, so half of one is a frame that stops in its middle.
    halfToolCall: (call) => {
      const [whole = ''] = frame({
        functionCall: { id: call.id, name: call.name, args: call.argumentsText },
      });
      return [whole.slice(0, whole.indexOf('"args"') + 12)];
    },
    garbled: () => 'data: {"candidates": [{"content": {"par\n\n',
    finish: (reason) => [
      sse(chunkOf(exchange, [{ text: '' }], { finishReason: finishReasons[reason] }, usageOf(exchange))),
    ],
  };
}

export function wholeOf(exchange: Exchange, reply: ReplyData) {
  const write = createParts(exchange);
  const parts = reply.parts.flatMap((part) => {
    if (part.kind === 'text') return [write.text(part.delta)];
    if (part.kind === 'reasoning') return [write.reasoning(part.delta)];
    return part.kind === 'toolCall' ? [write.toolCall(part)] : [];
  });
  return chunkOf(exchange, parts, { finishReason: finishReasons[finishOf(reply)] }, usageOf(exchange));
}
