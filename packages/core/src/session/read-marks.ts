import { FaultError } from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { EventBus } from '../ports/bus.ts';
import type { Store } from '../ports/store.ts';

export interface ReadMarks {
  /**
   * Moves the actor's mark forward, at most to the end of the session, and tells; resolves to where it stands. Throws
   * FaultError NOT_FOUND for a session that is not the actor's.
   */
  move(actor: Actor, sessionId: string, seq: number): Promise<number>;
  /** The same for somebody who waited for an answer and has it now: off the path, and no matter if it fails. */
  moveLater(actor: Actor, sessionId: string, seq: number): void;
}

export const createReadMarks = ({ store, bus }: { store: Store; bus: EventBus }): ReadMarks => {
  const write = async (actor: Actor, sessionId: string, seq: number, isLazy: boolean) => {
    const isMoved = await store.write(
      async (tx) => {
        // It may be deleted by now.
        const isThere = (await tx.session(actor, sessionId)) !== null;
        return isThere && (await tx.markRead(actor, sessionId, seq));
      },
      { isLazy },
    );
    const { tenantId, userId } = actor;
    if (isMoved) bus.publishMark({ reader: { tenantId, userId }, sessionId, seq });
  };
  return {
    async move(actor, sessionId, seq) {
      const session = await store.session(actor, sessionId);
      if (!session) throw new FaultError('NOT_FOUND', 'There is no such session.');
      const wanted = Math.min(seq, session.lastSeq);
      const before = (await store.readMarks(actor, [sessionId])).get(sessionId) ?? 0;
      if (wanted > before) await write(actor, sessionId, wanted, false);
      return Math.max(wanted, before);
    },
    moveLater: (actor, sessionId, seq) => void write(actor, sessionId, seq, true).catch(() => {}),
  };
};
