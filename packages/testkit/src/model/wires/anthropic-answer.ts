import type { FinishReason } from '@reeve/core';
import type { Usage } from '@reeve/protocol';
import { callsOf, parseArguments, type ReplyData, reasoningOf, replyText, type WireCall } from '../reply.ts';
import { type Exchange, finishOf } from './model-wire.ts';
import { argumentPieces } from './openai-chat.ts';
import { asRecord, type JsonRecord, sse } from './read.ts';

const messageId = (n: number): string => `msg_${n}`;

const stopReasons: Record<FinishReason, string> = {
  stop: 'end_turn',
  'tool-calls': 'tool_use',
  length: 'max_tokens',
  'content-filter': 'refusal',
  other: 'unknown',
};

/** Anthropic counts apart what our usage counts together: input_tokens is what the cache had no part in. */
function inputUsage(usage: Usage | null) {
  const { inputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0 } = usage ?? {};
  return {
    input_tokens: inputTokens - cacheReadTokens - cacheWriteTokens,
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cacheReadTokens,
  };
}

export function createFrames({ n, model, usage, signatures }: Exchange) {
  const frame = (type: string, data: JsonRecord): string => sse({ type, ...data }, type);
  let index = -1;
  let open: 'text' | 'thinking' | 'tool_use' | null = null;
  let thinking = '';
  let signature: string | null = null;
  const delta = (value: JsonRecord): string => frame('content_block_delta', { index, delta: value });
  const close = (): string[] => {
    if (open === null) return [];
    const frames: string[] = [];
    if (open === 'thinking') {
      signature = signatures.issue(thinking);
      frames.push(delta({ type: 'signature_delta', signature }));
    }
    open = null;
    return [...frames, frame('content_block_stop', { index })];
  };
  const begin = (type: 'text' | 'thinking' | 'tool_use', block: JsonRecord): string[] => {
    if (open === type && type !== 'tool_use') return [];
    const frames = close();
    index += 1;
    open = type;
    return [...frames, frame('content_block_start', { index, content_block: { type, ...block } })];
  };
  const halfToolCall = (call: WireCall): string[] => [
    ...begin('tool_use', { id: call.id, name: call.name, input: {} }),
    delta({ type: 'input_json_delta', partial_json: '' }),
    ...argumentPieces(call.argumentsText).map((piece) =>
      delta({ type: 'input_json_delta', partial_json: piece }),
    ),
  ];
  return {
    start: () => [
      frame('message_start', {
        message: {
          id: messageId(n),
          type: 'message',
          role: 'assistant',
          model,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { ...inputUsage(usage), output_tokens: 1 },
        },
      }),
      frame('ping', {}),
    ],
    text: (text: string) => [...begin('text', { text: '' }), delta({ type: 'text_delta', text })],
    reasoning: (text: string) => {
      const frames = begin('thinking', { thinking: '', signature: '' });
      thinking = frames.length === 0 ? thinking + text : text;
      return [...frames, delta({ type: 'thinking_delta', thinking: text })];
    },
    toolCall: (call: WireCall) => {
      const frames = [...halfToolCall(call), ...close()];
      if (signature !== null) signatures.bind(signature, call);
      return frames;
    },
    halfToolCall,
    garbled: () => 'event: content_block_delta\ndata: {"type":"content_block_de\n\n',
    finish: (reason: FinishReason) => [
      ...close(),
      frame('message_delta', {
        delta: { stop_reason: stopReasons[reason], stop_sequence: null },
        usage: { output_tokens: usage?.outputTokens ?? 0 },
      }),
      frame('message_stop', {}),
    ],
  };
}

export function wholeOf({ n, model, usage, signatures }: Exchange, reply: ReplyData) {
  const reasoning = reasoningOf(reply);
  const text = replyText(reply);
  const calls = callsOf(reply);
  const signature = reasoning === '' ? '' : signatures.issue(reasoning);
  for (const call of calls) if (signature !== '') signatures.bind(signature, call);
  return {
    id: messageId(n),
    type: 'message',
    role: 'assistant',
    model,
    content: [
      ...(reasoning === '' ? [] : [{ type: 'thinking', thinking: reasoning, signature }]),
      ...(text === '' ? [] : [{ type: 'text', text }]),
      ...calls.map((call) => ({
        type: 'tool_use',
        id: call.id,
        name: call.name,
        input: asRecord(parseArguments(call.argumentsText)),
      })),
    ],
    stop_reason: stopReasons[finishOf(reply)],
    stop_sequence: null,
    usage: { ...inputUsage(usage), output_tokens: usage?.outputTokens ?? 0 },
  };
}
