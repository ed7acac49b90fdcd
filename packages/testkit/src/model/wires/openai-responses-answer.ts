import type { FinishReason } from '@reeve/core';
import type { Usage } from '@reeve/protocol';
import { callsOf, type ReplyData, reasoningOf, replyText, type WireCall } from '../reply.ts';
import { type Exchange, finishOf } from './model-wire.ts';
import { argumentPieces, cacheDetails } from './openai-chat.ts';
import { createdAt, type JsonRecord, sse } from './read.ts';

/** OpenAI gives encrypted reasoning only when it is asked for. */
const encrypted = ({ body, signatures }: Exchange, thinking: string): string | null =>
  Array.isArray(body['include']) && body['include'].includes('reasoning.encrypted_content')
    ? signatures.issue(thinking)
    : null;

const head = ({ n, model }: Exchange) => ({
  id: `resp_${n}`,
  object: 'response',
  created_at: createdAt,
  model,
  error: null,
  incomplete_details: null,
});

const textItem = (id: string, text: string) => ({
  type: 'message',
  id,
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});
const callItem = (id: string, call: WireCall, status: string) => ({
  type: 'function_call',
  id,
  call_id: call.id,
  name: call.name,
  arguments: status === 'completed' ? call.argumentsText : '',
  status,
});
const reasoningItem = (id: string, text: string, encryptedContent: string | null) => ({
  type: 'reasoning',
  id,
  summary: [{ type: 'summary_text', text }],
  ...(encryptedContent === null ? {} : { encrypted_content: encryptedContent }),
});

export function wholeOf(exchange: Exchange, reply: ReplyData) {
  const reasoning = reasoningOf(reply);
  const text = replyText(reply);
  const signature = reasoning === '' ? null : encrypted(exchange, reasoning);
  for (const call of callsOf(reply)) if (signature !== null) exchange.signatures.bind(signature, call);
  return {
    ...head(exchange),
    output: [
      ...(reasoning === '' ? [] : [reasoningItem(`rs_${exchange.n}`, reasoning, signature)]),
      ...(text === '' ? [] : [textItem(`msg_${exchange.n}`, text)]),
      ...callsOf(reply).map((call, i) => callItem(`fc_${exchange.n}_${i}`, call, 'completed')),
    ],
    ...endOf(finishOf(reply), exchange.usage),
  };
}

const incomplete: Partial<Record<FinishReason, string>> = {
  length: 'max_output_tokens',
  'content-filter': 'content_filter',
  other: 'other',
};

function endOf(reason: FinishReason, usage: Usage | null) {
  const why = incomplete[reason];
  return {
    status: why === undefined ? 'completed' : 'incomplete',
    ...(why === undefined ? {} : { incomplete_details: { reason: why } }),
    usage: usage === null ? null : toWireUsage(usage),
  };
}

const toWireUsage = (usage: Usage) => ({
  input_tokens: usage.inputTokens,
  input_tokens_details: cacheDetails(usage),
  output_tokens: usage.outputTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: usage.inputTokens + usage.outputTokens,
});

export function createFrames(exchange: Exchange) {
  let sequence = -1;
  let index = -1;
  let open: { kind: 'text' | 'reasoning'; id: string; text: string } | null = null;
  let signature: string | null = null;
  const frame = (type: string, data: JsonRecord): string => {
    sequence += 1;
    return sse({ type, sequence_number: sequence, ...data }, type);
  };
  const at = (id: string) => ({ item_id: id, output_index: index });
  const close = (): string[] => {
    if (open === null) return [];
    const { kind, id, text } = open;
    open = null;
    if (kind === 'text') {
      const part = { type: 'output_text', text, annotations: [] };
      return [
        frame('response.output_text.done', { ...at(id), content_index: 0, text }),
        frame('response.content_part.done', { ...at(id), content_index: 0, part }),
        frame('response.output_item.done', { output_index: index, item: textItem(id, text) }),
      ];
    }
    signature = encrypted(exchange, text);
    const part = { type: 'summary_text', text };
    return [
      frame('response.reasoning_summary_text.done', { ...at(id), summary_index: 0, text }),
      frame('response.reasoning_summary_part.done', { ...at(id), summary_index: 0, part }),
      frame('response.output_item.done', {
        output_index: index,
        item: reasoningItem(id, text, signature),
      }),
    ];
  };
  const begin = (kind: 'text' | 'reasoning'): { id: string; frames: string[] } => {
    if (open?.kind === kind) return { id: open.id, frames: [] };
    const frames = close();
    index += 1;
    const id = `${kind === 'text' ? 'msg' : 'rs'}_${exchange.n}_${index}`;
    open = { kind, id, text: '' };
    const item =
      kind === 'text'
        ? { type: 'message', id, status: 'in_progress', role: 'assistant', content: [] }
        : { type: 'reasoning', id, summary: [] };
    frames.push(frame('response.output_item.added', { output_index: index, item }));
    const part = { type: kind === 'text' ? 'output_text' : 'summary_text', text: '' };
    frames.push(
      kind === 'text'
        ? frame('response.content_part.added', {
            ...at(id),
            content_index: 0,
            part: { ...part, annotations: [] },
          })
        : frame('response.reasoning_summary_part.added', { ...at(id), summary_index: 0, part }),
    );
    return { id, frames };
  };
  const grow = (kind: 'text' | 'reasoning', delta: string): string[] => {
    const { id, frames } = begin(kind);
    if (open !== null) open.text += delta;
    return [
      ...frames,
      kind === 'text'
        ? frame('response.output_text.delta', { ...at(id), content_index: 0, delta })
        : frame('response.reasoning_summary_text.delta', { ...at(id), summary_index: 0, delta }),
    ];
  };
  const callId = (): string => `fc_${exchange.n}_${index}`;
  const halfToolCall = (call: WireCall): string[] => {
    const frames = close();
    index += 1;
    return [
      ...frames,
      frame('response.output_item.added', {
        output_index: index,
        item: callItem(callId(), call, 'in_progress'),
      }),
      ...argumentPieces(call.argumentsText).map((delta) =>
        frame('response.function_call_arguments.delta', { ...at(callId()), delta }),
      ),
    ];
  };
  return {
    start: () => {
      const response = { ...head(exchange), status: 'in_progress', output: [], usage: null };
      return [frame('response.created', { response }), frame('response.in_progress', { response })];
    },
    text: (delta: string) => grow('text', delta),
    reasoning: (delta: string) => grow('reasoning', delta),
    toolCall: (call: WireCall) => {
      const frames = halfToolCall(call);
      if (signature !== null) exchange.signatures.bind(signature, call);
      return [
        ...frames,
        frame('response.function_call_arguments.done', {
          ...at(callId()),
          name: call.name,
          arguments: call.argumentsText,
        }),
        frame('response.output_item.done', {
          output_index: index,
          item: callItem(callId(), call, 'completed'),
        }),
      ];
    },
    halfToolCall,
    garbled: () => 'event: response.output_text.delta\ndata: {"type":"response.output_te\n\n',
    finish: (reason: FinishReason) => {
      const frames = close();
      const end = endOf(reason, exchange.usage);
      return [
        ...frames,
        frame(`response.${end.status}`, { response: { ...head(exchange), output: [], ...end } }),
      ];
    },
  };
}
