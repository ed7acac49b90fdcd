import type { Json, ModelInfo, ToolCall, Usage } from '@reeve/protocol';

export type ModelMessage =
  | { role: 'system'; text: string }
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string; toolCalls: ToolCall[] }
  | { role: 'tool'; callId: string; name: string; text: string; isError: boolean };

/** A tool as a model sees it. `parameters` is JSON Schema of an object. */
export interface ToolOffer {
  name: string;
  description: string;
  parameters: Record<string, Json>;
}

export interface ModelParams {
  temperature?: number;
  maxOutputTokens?: number;
  topP?: number;
}

export interface ModelRequest {
  /** The model's id at its provider, without the provider's name. */
  model: string;
  messages: ModelMessage[];
  /** Empty = the model must answer in text. */
  tools: ToolOffer[];
  params: ModelParams;
  /** Facts of this turn for providers that follow rules; language models read the same in their prompt. */
  turn: { now: number; timeZone: string; language: string };
}

/** Decides whether to try again, elsewhere, or to stop. */
export type ModelErrorClass =
  | 'rate_limited'
  | 'auth'
  | 'overloaded'
  | 'timeout'
  | 'network'
  | 'invalid_request'
  | 'context_overflow'
  | 'garbled'
  | 'aborted'
  | 'unknown';

export interface ModelError {
  class: ModelErrorClass;
  /** Safe to show: no key, no header, no body beyond the server's own message. */
  message: string;
  status?: number;
  retryAfterMs?: number;
}

export type FinishReason = 'stop' | 'tool-calls' | 'length' | 'content-filter' | 'other';

export type ModelEvent =
  | { type: 'text'; delta: string }
  | { type: 'reasoning'; delta: string }
  | { type: 'toolCall'; call: ToolCall }
  | { type: 'finish'; reason: FinishReason; usage: Usage | null }
  | { type: 'error'; error: ModelError };

/**
 * A source of models.
 *
 * `stream` never throws and never rejects: it ends with exactly one `finish` or one `error` event, which is its
 * last. After abort it ends soon with `error` of class `aborted`. A consumer that stops iterating releases the
 * connection. A tool call is yielded whole; one that was cut off midway is never yielded, and its stream ends in
 * `error` (class `garbled` or `network`). Tool arguments that are not JSON are yielded as the raw string.
 * `usage` is null when the server gave none.
 * `listModels` may reject with a FaultError (PROVIDER_FAIL); it takes its time limit from the signal.
 */
export interface ModelProvider {
  readonly id: string;
  readonly name: string;
  /** Shown to the owner; null for providers inside this process. */
  readonly baseUrl: string | null;
  readonly hasKey: boolean;
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
  listModels(signal: AbortSignal): Promise<ModelInfo[]>;
}

/** Counts tokens of a text. Synchronous; the tokenizer behind it is loaded by `load` (about 0.2 s) and before that counts are estimates from above. */
export interface TokenCounter {
  load(): Promise<void>;
  count(text: string): number;
}
