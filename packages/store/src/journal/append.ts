import type { DurableEvent, NewEvent } from '@reeve/protocol';
import type { Db } from '../sqlite/handle.ts';
import { chainHash, genesis } from './hash.ts';
import { applyToViews } from './views.ts';

export const toEvent = (row: { session_id: string; seq: number; at: number; type: string; data_json: string }): DurableEvent =>
  ({ sessionId: row.session_id, seq: row.seq, at: row.at, type: row.type, data: JSON.parse(row.data_json) }) as DurableEvent;

/** Appends inside the current transaction. `isNew` is false when the key was there already. */
export const appendEvent = async (
  db: Db,
  now: number,
  sessionId: string,
  event: NewEvent,
  key: string | undefined,
): Promise<{ event: DurableEvent; isNew: boolean }> => {
  if (key !== undefined) {
    const known = await db.selectFrom('events').selectAll().where('session_id', '=', sessionId).where('key', '=', key).executeTakeFirst();
    if (known) return { event: toEvent(known), isNew: false };
  }
  const head = await db
    .selectFrom('events')
    .select(['seq', 'hash'])
    .where('session_id', '=', sessionId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const row = {
    session_id: sessionId,
    seq: (head?.seq ?? 0) + 1,
    at: now,
    type: event.type,
    data_json: JSON.stringify(event.data),
  };
  await db
    .insertInto('events')
    .values({ ...row, key: key ?? null, hash: chainHash(head?.hash ?? genesis, row) })
    .execute();
  const durable = { sessionId, seq: row.seq, at: now, ...event } as DurableEvent;
  await applyToViews(db, durable);
  return { event: durable, isNew: true };
};
