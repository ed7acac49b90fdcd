import { hash } from 'node:crypto';
import type { AcceptInput, Actor, Store, TurnWithAnswer } from '@reeve/core';
import { ownerKey } from '@reeve/core';
import type { SendOutput } from '@reeve/protocol';
import { type ApiRequest, fromClientCallId } from './api-request.ts';
import { type Conversation, checkResults, fingerprint, type Said, splitSaid } from './conversation.ts';

export interface ThreadQuery {
  request: ApiRequest;
  /** The header x-reeve-session. */
  sessionId: string | null;
  isRetry: boolean;
  now: number;
}

type Place = Pick<AcceptInput, 'sessionId' | 'thread' | 'newSession' | 'toolResults'>;

/**
 * Clients of this API keep the conversation themselves and send it whole each time. To have one session per
 * conversation and not one per request, a conversation is recognised: by the id of the answer it goes on from, by
 * the ids of the tool calls it answers, or by the fingerprint of what was said up to a message of the user, which
 * we stored with that message and the client repeats with our answer behind. None of these is an authorisation:
 * only turns of the caller's own sessions are found.
 */
export const findThread = async (
  store: Store,
  actor: Actor,
  { request, sessionId, isRetry, now }: ThreadQuery,
): Promise<{ joined: SendOutput } | { input: Place }> => {
  const { conversation, user, continues } = request;
  const { instructions, history, input } = conversation;
  const thread = fingerprint(conversation);
  const newSession = { ...(instructions !== '' && { instructions }), history: toImported(history) };

  if (isRetry) {
    const known = await store.turnByThread(actor, thread);
    if (known?.isLast && isWorthJoining(known, now)) {
      const { sessionId: id, messageId, runId, seq } = known.turn;
      return { joined: { sessionId: id, messageId, runId, seq, isRepeated: true } };
    }
  }
  if (input.toolResults.length > 0) {
    const place = await placeOfResults(store, actor, conversation);
    if (place) return { input: { ...place, thread } };
    // Nobody here asked for these calls: they are history, and what follows them is to be answered.
    checkResults(conversation);
    const results = toImported(input.toolResults.map((one) => ({ role: 'tool', ...one })));
    return { input: { thread, newSession: { ...newSession, history: [...newSession.history, ...results] } } };
  }
  if (sessionId !== null) return { input: { sessionId, thread } };
  if (continues !== null) {
    const known = await store.turnWithAnswer(actor, continues);
    if (known && isOver(known)) return { input: { sessionId: known.turn.sessionId, thread } };
    if (known)
      return { input: { thread, newSession: { ...newSession, history: await historyUpTo(store, known) } } };
  }
  if (user !== null && user !== '') {
    const id = `ses_${hash('sha256', JSON.stringify(['user', ownerKey(actor), user])).slice(0, 26)}`;
    return { input: { thread, newSession: { id, ...newSession } } };
  }
  const known = await turnBefore(store, actor, conversation);
  return { input: known ? { sessionId: known.turn.sessionId, thread } : { thread, newSession } };
};

/** Longer than the packages wait for an answer before they ask again: after that the same words are a new question. */
const retryMs = 10 * 60_000;

/** A run that goes on, or has just answered. One that failed is what the retry wants to mend. */
const isWorthJoining = ({ turn, answer }: TurnWithAnswer, now: number): boolean =>
  turn.state !== 'ended' || (turn.fault === null && answer !== null && now - answer.createdAt < retryMs);

const isOver = ({ isLast, turn }: TurnWithAnswer) => isLast && turn.state === 'ended';

/** The turn whose answer the client repeats as the last thing that was said. */
const turnBefore = async (
  store: Store,
  actor: Actor,
  { instructions, history }: Conversation,
): Promise<TurnWithAnswer | null> => {
  const answer = history.at(-1);
  if (!answer) return null;
  const before = splitSaid(history.slice(0, -1));
  const known = await store.turnByThread(actor, fingerprint({ instructions, ...before }));
  // Only where the client goes on from our last word: an edited or repeated branch gets a session of its own.
  return known &&
    isOver(known) &&
    known.answer !== null &&
    answer.text.trim().endsWith(known.answer.text.trim())
    ? known
    : null;
};

/** The session whose last answer asked for these calls; null when there is none, or it went on since. */
const placeOfResults = async (store: Store, actor: Actor, { input }: Conversation): Promise<Place | null> => {
  const found = input.toolResults.map(({ callId, text }) => ({ id: fromClientCallId(callId), text }));
  const runId = found[0]?.id?.runId;
  if (runId === undefined || found.some(({ id }) => id?.runId !== runId)) return null;
  const known = await store.turnWithAnswer(actor, runId);
  if (!known || !isOver(known)) return null;
  const toolResults = found.flatMap(({ id, text }) => {
    const call = known.answer?.toolCalls.find((one) => one.id === id!.callId);
    return call ? [{ runId, callId: call.id, name: call.name, text, isError: false }] : [];
  });
  return toolResults.length === found.length ? { sessionId: known.turn.sessionId, toolResults } : null;
};

type Imported = NonNullable<NonNullable<AcceptInput['newSession']>['history']>;

/** A tool result is named after the call it answers. */
const toImported = (said: readonly Said[]): Imported => {
  const names = new Map(
    said
      .flatMap((one) => (one.role === 'assistant' ? one.toolCalls : []))
      .map((call) => [call.id, call.name]),
  );
  return said.map((one): Imported[number] => {
    if (one.role === 'tool')
      return { role: 'tool', text: one.text, toolCallId: one.callId, name: names.get(one.callId) ?? 'tool' };
    if (one.role === 'user')
      return { role: 'user', text: one.text, ...(one.images.length > 0 && { images: one.images }) };
    const { text, toolCalls } = one;
    return { role: 'assistant', text, ...(toolCalls.length > 0 && { toolCalls }) };
  });
};

const branchLimit = 1_000;

/** What was said up to an answer, for a conversation that branches off there. */
const historyUpTo = async (store: Store, { turn, answer }: TurnWithAnswer): Promise<Imported> => {
  const before = (answer?.seq ?? turn.seq) + 1;
  const messages = await store.messages(turn.sessionId, { before, limit: branchLimit });
  return messages.flatMap((message): Imported => {
    const { role, text, toolCalls, toolCallId, name } = message;
    if (role === 'tool') return [{ role, text, toolCallId: toolCallId!, name: name ?? 'tool' }];
    if (role !== 'user' && role !== 'assistant') return [];
    return [{ role, text, ...(toolCalls.length > 0 && { toolCalls }) }];
  });
};
