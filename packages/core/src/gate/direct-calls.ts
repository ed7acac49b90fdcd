import { FaultError, type Json } from '@reeve/protocol';
import type { NewId } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Actor } from './actor.ts';
import type { Gate, GateResult } from './gate.ts';
import type { Asked } from './questions.ts';

export interface DirectCall {
  /** A session of the actor's; whoever calls has made sure of that. */
  sessionId: string;
  name: string;
  args: Json;
  /** The same key is the same call: it is made once, and an answer to a question about it is good for it. */
  idempotencyKey?: string | undefined;
}

/**
 * A tool called by a person's own hand, outside any run: through the one gate, told in the journal of the session.
 * `waiting` when a person has to allow it first: the same call, made again after that, goes through. Throws FaultError
 * NOT_FOUND (session).
 */
export const createDirectCalls =
  (deps: {
    store: Store;
    gate: Gate;
    fingerprint: (text: string) => string;
    newId: NewId;
    timeZone: () => string;
  }) =>
  async (
    actor: Actor,
    { sessionId, name, args, idempotencyKey }: DirectCall,
    signal: AbortSignal,
  ): Promise<GateResult | { status: 'waiting'; approvalId: string }> => {
    if (!(await deps.store.session(actor, sessionId)))
      throw new FaultError('NOT_FOUND', 'There is no such session.');
    const runId =
      idempotencyKey === undefined
        ? deps.newId('call_')
        : `call_${deps.fingerprint([sessionId, name, idempotencyKey].join('\n')).slice(0, 26)}`;
    const writes: Promise<unknown>[] = [];
    const request = {
      actor,
      sessionId,
      runId,
      call: { id: runId, name, args },
      key: `${runId}/tool`,
      timeZone: deps.timeZone(),
      // Nobody holds the line: the answer may come in days, and the call is then made again by hand.
      isAttended: false,
      signal,
      hold: (write: Promise<unknown>) => void writes.push(write),
    };
    const [asked] = await deps.gate.review([request]);
    const pending = asked && (await isPending(deps.store, actor, asked));
    if (pending) return { status: 'waiting', approvalId: asked.approvalId };
    const result = await deps.gate.call(request);
    await Promise.all(writes);
    return result;
  };

const isPending = async (store: Store, { tenantId }: Actor, { approvalId }: Asked): Promise<boolean> =>
  (await store.approval(tenantId, approvalId))?.status === 'pending';
