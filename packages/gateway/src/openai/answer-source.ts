import type { Actor } from '@reeve/core';
import { type Fault, FaultError, fault, isFaultError, type ToolCall, type Usage } from '@reeve/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../context.ts';
import { faultOf } from '../http/faults.ts';
import { openSse, prepareStream, type Sse } from '../http/sse.ts';
import type { RecentTexts } from './recent-texts.ts';

/** An answer on its way to a client, whoever gives it. */
export type AnswerPart =
  | { type: 'text'; delta: string }
  | { type: 'reasoning'; delta: string }
  | { type: 'end'; answer: ApiAnswer };

export interface ApiAnswer {
  text: string;
  /** What the client's own tools are asked for, under ids that it can send back. */
  toolCalls: ToolCall[];
  finishReason: string;
  /** `provider/model`. */
  model: string;
  usage: Usage;
}

export interface AnswerSource {
  /** Id of the answer, without a prefix. */
  id: string;
  /**
   * Ends with `end`, or throws FaultError. Text comes in pieces that only ever add to what was given; `end` holds
   * all of it.
   */
  parts(signal: AbortSignal): AsyncGenerator<AnswerPart>;
  /** Remembers what was said, for a client that will name it by its id; absent where the journal does. */
  keep?(text: string): void;
}

export interface ApiContext {
  services: Services;
  actor: Actor;
  request: FastifyRequest;
  reply: FastifyReply;
  recentTexts: RecentTexts;
  now: () => number;
}

/** Waits for the whole answer. Null when the client left meanwhile. */
export const collectAnswer = async (
  { reply }: ApiContext,
  source: AnswerSource,
): Promise<{ answer: ApiAnswer; reasoning: string } | null> => {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  if (reply.raw.destroyed) gone.abort();
  let reasoning = '';
  for await (const part of source.parts(gone.signal)) {
    if (part.type === 'reasoning') reasoning += part.delta;
    else if (part.type === 'end') return { answer: part.answer, reasoning };
  }
  if (gone.signal.aborted) return null;
  throw new FaultError('INTERNAL_ERROR');
};

/** Streams an answer in one of the API's forms; whatever breaks on the way becomes its last event. */
export const streamAnswer = async (
  { services, request, reply }: ApiContext,
  write: (sse: Sse) => Promise<void>,
  onFault: (sse: Sse, value: Fault) => Promise<void>,
): Promise<void> => {
  prepareStream(request, reply);
  const sse = openSse(reply);
  try {
    await write(sse);
  } catch (error) {
    if (!isFaultError(error)) services.log.error({ err: error }, 'a stream broke');
    await onFault(sse, faultOf(error) ?? fault('INTERNAL_ERROR'));
  } finally {
    sse.end();
  }
};
