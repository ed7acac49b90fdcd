import type { FinishReason } from '@reeve/core';
import type { Json, Usage } from '@reeve/protocol';

/** A point where a reply waits until the test lets it go on. */
export interface Gate {
  /** Resolves when a reply has arrived at the gate. */
  readonly reached: Promise<void>;
  readonly opened: Promise<void>;
  arrive(): void;
  open(): void;
}

export function createGate(): Gate {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    reached: reached.promise,
    opened: opened.promise,
    arrive: () => reached.resolve(),
    open: () => opened.resolve(),
  };
}

export type ReplyPart =
  | { kind: 'text'; delta: string }
  | { kind: 'reasoning'; delta: string }
  | { kind: 'toolCall'; id: string; name: string; argumentsText: string }
  | { kind: 'hold'; gate: Gate }
  | { kind: 'delay'; ms: number };

export type ReplyEnd =
  | { kind: 'finish'; reason: FinishReason }
  /** Says nothing more and keeps the connection until the client leaves. */
  | { kind: 'hang' }
  /** The connection breaks in the middle of the stream. */
  | { kind: 'reset' }
  /** The stream ends in order, but with neither a finish reason nor the protocol's own end. */
  | { kind: 'cut' }
  /** A frame that is not JSON, then an ordinary end. */
  | { kind: 'garbled' }
  /** The stream ends in the middle of a tool call's arguments. */
  | { kind: 'halfToolCall'; id: string; name: string; argumentsText: string }
  /** An HTTP error instead of an answer. `code` is OpenAI's `error.code`; other vendors have their own words. */
  | { kind: 'status'; status: number; message: string; code: string | null; retryAfter: string | null };

/** What a fake model does with one request: the parts in order, then the end. Plain data, for every level of fake. */
export interface ReplyData {
  readonly parts: readonly ReplyPart[];
  readonly end: ReplyEnd;
  /** null = the server gives none; 'counted' = about 4 characters a token. */
  readonly usage: Usage | null | 'counted';
  /** The connection breaks when so many bytes of the answer's body are sent, whatever they are. */
  readonly diesAfterBytes?: number;
}

/** A reply that can be described further: each verb returns a new one. */
export interface Reply extends ReplyData {
  /** Text in token-sized deltas, or in exactly `chunks` of them when the text is long enough. */
  text(text: string, options?: { chunks?: number }): Reply;
  reasoning(text: string): Reply;
  /** A string as `args` is sent as it is, also when it is not JSON. */
  toolCall(name: string, args: Json, id?: string): Reply;
  withUsage(usage: Usage | null): Reply;
  hold(gate: Gate): Reply;
  delay(ms: number): Reply;
  finish(reason: FinishReason): Reply;
  hang(): Reply;
  reset(): Reply;
  cut(): Reply;
  garbled(): Reply;
  halfToolCall(name: string, argumentsText: string): Reply;
  status(
    status: number,
    options?: { message?: string; code?: string | null; retryAfter?: string | null },
  ): Reply;
  contextOverflow(): Reply;
  /** The connection breaks after so many bytes of the body; an answer that is shorter arrives whole. */
  dieAfterBytes(bytes: number): Reply;
}

function replyFrom(data: ReplyData): Reply {
  const add = (...parts: ReplyPart[]): Reply => replyFrom({ ...data, parts: [...data.parts, ...parts] });
  const endWith = (end: ReplyEnd): Reply => replyFrom({ ...data, end });
  const nextId = (): string => `call_${data.parts.filter((part) => part.kind === 'toolCall').length + 1}`;
  return {
    ...data,
    text: (text, options = {}) =>
      add(...splitText(text, options.chunks).map((delta) => ({ kind: 'text', delta }) as const)),
    reasoning: (text) => add(...splitText(text).map((delta) => ({ kind: 'reasoning', delta }) as const)),
    toolCall: (name, args, id = nextId()) =>
      replyFrom({
        ...data,
        parts: [
          ...data.parts,
          {
            kind: 'toolCall',
            id,
            name,
            argumentsText: typeof args === 'string' ? args : JSON.stringify(args),
          },
        ],
        end: { kind: 'finish', reason: 'tool-calls' },
      }),
    withUsage: (usage) => replyFrom({ ...data, usage }),
    hold: (gate) => add({ kind: 'hold', gate }),
    delay: (ms) => add({ kind: 'delay', ms }),
    finish: (reason) => endWith({ kind: 'finish', reason }),
    hang: () => endWith({ kind: 'hang' }),
    reset: () => endWith({ kind: 'reset' }),
    cut: () => endWith({ kind: 'cut' }),
    garbled: () => endWith({ kind: 'garbled' }),
    halfToolCall: (name, argumentsText) =>
      endWith({ kind: 'halfToolCall', id: nextId(), name, argumentsText }),
    status: (status, { message = `status ${status}`, code = null, retryAfter = null } = {}) =>
      endWith({ kind: 'status', status, message, code, retryAfter }),
    contextOverflow: () =>
      endWith({
        kind: 'status',
        status: 400,
        message:
          "This model's maximum context length is 8192 tokens. Please reduce the length of the messages.",
        code: 'context_length_exceeded',
        retryAfter: null,
      }),
    dieAfterBytes: (bytes) => replyFrom({ ...data, diesAfterBytes: bytes }),
  };
}

/** The empty reply, to start from: `reply.text('Hello').withUsage(…)`, `reply.status(429, { retryAfter: '2' })`. */
export const reply: Reply = replyFrom({
  parts: [],
  end: { kind: 'finish', reason: 'stop' },
  usage: 'counted',
});

/** Words with the space before them, about as long as tokens; or `chunks` pieces as even as code points allow. */
export function splitText(text: string, chunks?: number): string[] {
  if (chunks === undefined) return text.match(/\s*\S+|\s+$/g) ?? [];
  const points = [...text];
  const count = Math.min(chunks, points.length);
  return Array.from({ length: count }, (_, i) =>
    points
      .slice(Math.floor((i * points.length) / count), Math.floor(((i + 1) * points.length) / count))
      .join(''),
  );
}

export const replyText = (data: ReplyData): string =>
  data.parts.map((part) => (part.kind === 'text' ? part.delta : '')).join('');

export const reasoningOf = (data: ReplyData): string =>
  data.parts.map((part) => (part.kind === 'reasoning' ? part.delta : '')).join('');

/** A tool call before its arguments are read. */
export interface WireCall {
  id: string;
  name: string;
  argumentsText: string;
}

export const callsOf = (data: ReplyData): WireCall[] =>
  data.parts.flatMap((part) => (part.kind === 'toolCall' ? [part] : []));

/** The usage a reply reports for a prompt of so many characters. */
export function replyUsage(data: ReplyData, promptLength: number): Usage | null {
  if (data.usage !== 'counted') return data.usage;
  const outputLength = data.parts.reduce((sum, part) => {
    if (part.kind === 'toolCall') return sum + part.name.length + part.argumentsText.length;
    return 'delta' in part ? sum + part.delta.length : sum;
  }, 0);
  return { inputTokens: Math.ceil(promptLength / 4), outputTokens: Math.ceil(outputLength / 4) };
}

/** A tool call's arguments as providers hand them on: parsed, or the text itself when it is not JSON. */
export function parseArguments(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
