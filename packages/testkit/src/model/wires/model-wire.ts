import type { FinishReason, ModelMessage } from '@reeve/core';
import type { Usage } from '@reeve/protocol';
import type { ReplyData, ReplyEnd, WireCall } from '../reply.ts';
import type { ScriptRequest } from '../script.ts';
import type { SignatureLedger } from '../signatures.ts';
import type { JsonRecord } from './read.ts';

/** The wire protocols that the model server speaks. */
export type Protocol = 'openai-chat' | 'openai-responses' | 'anthropic' | 'google' | 'ollama';

export type StatusEnd = Extract<ReplyEnd, { kind: 'status' }>;

/** What a request of this method and path asks for. */
export type Route =
  /** `model` and `isStream` where the path says them and not the body. */
  | { kind: 'answer'; model?: string; isStream?: boolean }
  | { kind: 'count'; model?: string }
  /** An answer that needs no model: lists of models, versions. */
  | { kind: 'info'; body: unknown };

/** Thinking that an assistant message carries in the place that the vendor has for it. */
export interface Thought {
  /** What the server issued for it; null where the vendor signs nothing. */
  signature: string | null;
  text: string;
}

export interface ParsedRequest {
  request: ScriptRequest;
  isStream: boolean;
  /** The tools as they were sent, to be counted. */
  tools: unknown;
  /** Thinking sent back, by the message it stands in. */
  thoughts: Map<ModelMessage, Thought[]>;
  /** The vendor refuses calls of the current turn whose signature is missing. */
  demandsSignatures: boolean;
  /** What breaks rules that only this vendor has, one sentence a fault. */
  faults: string[];
}

/** One request on its way to an answer. */
export interface Exchange {
  /** Number of the request at this server, from 1. */
  n: number;
  model: string;
  body: JsonRecord;
  signatures: SignatureLedger;
  /** null = the answer gives none, where the vendor's protocol can leave it out. */
  usage: Usage | null;
}

/**
 * Writes the frames of one streamed answer, each a text for the socket. Holds what the protocol numbers or opens
 * and closes: call the methods in the order of the answer, `start` first.
 */
export interface AnswerFrames {
  start(): string[];
  text(delta: string): string[];
  reasoning(delta: string): string[];
  toolCall(call: WireCall): string[];
  /** A tool call that stops in the middle: its arguments as far as they go, and no end of it. */
  halfToolCall(call: WireCall): string[];
  /** A frame that is not JSON. */
  garbled(): string;
  finish(reason: FinishReason): string[];
}

/** A vendor's protocol: a new one is a file with this shape and its line in `index.ts`. Nothing here may throw. */
export interface ModelWire {
  readonly protocol: Protocol;
  /** Path of the base URL that clients of this protocol are given. */
  readonly base: string;
  /** Content type of a stream. */
  readonly contentType: string;
  /** null = no path of this protocol. `path` begins behind `base`. */
  route(method: string, path: string, models: readonly string[]): Route | null;
  /** What the vendor refuses a request's headers for, or null. */
  refusal(headers: JsonRecord, query: URLSearchParams): StatusEnd | null;
  parse(body: JsonRecord, route: Exclude<Route, { kind: 'info' }>): ParsedRequest;
  frames(exchange: Exchange): AnswerFrames;
  /** The body of an answer that is not streamed; `reply` ends in `finish`. */
  whole(exchange: Exchange, reply: ReplyData): unknown;
  error(end: StatusEnd): { body: unknown; headers?: Record<string, string> };
  /** Answer to a request of kind `count`. */
  count(tokens: number): unknown;
}

/** `code` of {@link StatusEnd} for a prompt that is too long, which every wire says in its vendor's words. */
export const overflowCode = 'context_length_exceeded';

export const refuse = (status: number, message: string, code: string | null = null): StatusEnd => ({
  kind: 'status',
  status,
  message,
  code,
  retryAfter: null,
});

export const retryHeader = (end: StatusEnd): Record<string, string> =>
  end.retryAfter === null ? {} : { 'retry-after': end.retryAfter };

export const finishOf = (reply: ReplyData): FinishReason =>
  reply.end.kind === 'finish' ? reply.end.reason : 'stop';
