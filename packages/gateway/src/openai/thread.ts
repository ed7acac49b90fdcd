import { hash } from 'node:crypto';
import type { AcceptInput, Actor, Store } from '@reeve/core';
import type { SendOutput } from '@reeve/protocol';
import type { Conversation } from './wire.ts';

const fingerprint = (instructions: string, said: Conversation['history']): string =>
  hash('sha256', JSON.stringify([instructions, ...said.map(({ role, text }) => [role, text.trim()])]));

export interface ThreadQuery {
  conversation: Conversation;
  /** A name the client gives its conversation (`user`, or the header x-reeve-session). */
  session: { kind: 'id' | 'user'; value: string } | null;
  isRetry: boolean;
}

/**
 * Clients of this API keep the conversation themselves and send it whole each time. To have one session per
 * conversation and not one per request, a conversation is recognised by the fingerprint of what was said up to a
 * message of the user: we stored it with that message, and the client repeats it with our answer behind.
 */
export const findThread = async (
  store: Store,
  actor: Actor,
  { conversation, session, isRetry }: ThreadQuery,
): Promise<{ joined: SendOutput } | { input: Pick<AcceptInput, 'sessionId' | 'thread' | 'newSession'> }> => {
  const { instructions, history, text } = conversation;
  const thread = fingerprint(instructions, [...history, { role: 'user', text }]);
  const newSession = { ...(instructions !== '' && { instructions }), history };

  if (isRetry) {
    const known = await store.turnByThread(actor.userId, thread);
    if (known?.isLast) {
      const { sessionId, messageId, runId, seq } = known.turn;
      return { joined: { sessionId, messageId, runId, seq, isRepeated: true } };
    }
  }
  if (session?.kind === 'id') return { input: { sessionId: session.value, thread } };
  if (session?.kind === 'user') {
    const id = `ses_${hash('sha256', JSON.stringify(['user', actor.userId, session.value])).slice(0, 26)}`;
    return { input: { thread, newSession: { id, ...newSession } } };
  }
  const said = [...history];
  const answer = said.pop();
  if (answer) {
    const before = mergeUsers(said);
    const known = await store.turnByThread(actor.userId, fingerprint(instructions, before));
    // Only where the client goes on from our last word: an edited or repeated branch gets a session of its own.
    if (
      known?.isLast &&
      known.turn.state === 'ended' &&
      known.answer !== null &&
      answer.text.trim().endsWith(known.answer.trim())
    ) {
      return { input: { sessionId: known.turn.sessionId, thread } };
    }
  }
  return { input: { thread, newSession } };
};

/** The message that was answered may have come in several parts; it was stored as one. */
const mergeUsers = (said: Conversation['history']): Conversation['history'] => {
  const lastAnswer = said.findLastIndex((message) => message.role === 'assistant');
  const parts = said.slice(lastAnswer + 1);
  return [
    ...said.slice(0, lastAnswer + 1),
    { role: 'user', text: parts.map((part) => part.text).join('\n\n') },
  ];
};
