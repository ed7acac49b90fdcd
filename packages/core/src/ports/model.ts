import type {
  ClientRequest,
  GenerationParams,
  ImageInput,
  Json,
  ModelInfo,
  ToolCall,
  Usage,
} from '@reeve/protocol';

export type { ImageInput } from '@reeve/protocol';

/**
 * What a provider needs to go on after its own tool calls within one run: signed thinking (Anthropic), thought
 * signatures (Google), encrypted reasoning (OpenAI). Opaque to everybody else; never shown, never given to another
 * provider or to a later run (F049: thinking is stripped from history).
 */
export interface Continuation {
  provider: string;
  data: Json;
}

export type ModelMessage =
  | {
      role: 'system';
      text: string;
      /** The same bytes for many turns: a provider with explicit prompt caching sets a breakpoint behind it. */
      isStable?: boolean;
    }
  | { role: 'user'; text: string; images?: ImageInput[] }
  | { role: 'assistant'; text: string; toolCalls: ToolCall[]; continuation?: Continuation }
  | { role: 'tool'; callId: string; name: string; text: string; isError: boolean };

/** A tool as a model sees it. `parameters` is JSON Schema of an object. */
export interface ToolOffer {
  name: string;
  description: string;
  parameters: Record<string, Json>;
}

export type ToolChoice = NonNullable<ClientRequest['toolChoice']>;

/** Text, or JSON that follows a schema where the provider can hold a model to one. */
export type ResponseFormat = NonNullable<ClientRequest['responseFormat']>;

export interface ModelRequest {
  /** The model's id at its provider, without the provider's name. */
  model: string;
  /** System messages come first: up to three, from the most lasting to the most volatile. */
  messages: ModelMessage[];
  /** Empty = the model must answer in text. */
  tools: ToolOffer[];
  /** `auto` when absent. */
  toolChoice?: ToolChoice;
  responseFormat?: ResponseFormat;
  params: GenerationParams;
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
  /** Something came that has no event of its own, such as a piece of a tool call: the answer is not idle. */
  | { type: 'progress' }
  | { type: 'finish'; reason: FinishReason; usage: Usage | null; continuation?: Json }
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
  /** Which of the owner's keys at this provider: `default` when there is but one. */
  readonly account: string;
  /** Shown to the owner; null for providers inside this process. */
  readonly baseUrl: string | null;
  readonly hasKey: boolean;
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
  listModels(signal: AbortSignal): Promise<ModelInfo[]>;
  readonly tokens: TokenRules;
  /** The provider's own count of a request's input tokens, where it has such a call. May reject. */
  countTokens?(request: ModelRequest, signal: AbortSignal): Promise<number>;
}

/** How a provider's tokens relate to what {@link TokenCounter} counts. */
export interface TokenRules {
  /** Tokens of this provider per token of the counter, from above: 1 where the vocabulary is the same. */
  scale: number;
  /** Tokens that an image costs, from above when its size is not known. */
  image(image: ImageInput): number;
}

/** What is known about a model beside what its server says: limits, abilities, price. */
export interface ModelFacts {
  contextTokens?: number;
  maxOutputTokens?: number;
  supportsImages?: boolean;
  supportsTools?: boolean;
  supportsThinking?: boolean;
  /** 1 (small) to 5 (the best there is): for routing by quality. */
  quality?: number;
  price?: Price;
  /** Parameters that the model refuses and that are therefore not sent (F035). */
  refusedParams?: (keyof GenerationParams)[];
}

/** USD for a million tokens. A missing cache price counts as the input price. */
export interface Price {
  input: number;
  output: number;
  cacheRead?: number;
  cacheWrite?: number;
}

/** Counts tokens of a text. Synchronous; the tokenizer behind it is loaded by `load` (about 0.2 s) and before that counts are estimates from above. */
export interface TokenCounter {
  load(): Promise<void>;
  count(text: string): number;
}
