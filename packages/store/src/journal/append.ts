import { type DurableEvent, FaultError, type NewEvent } from '@reeve/protocol';
import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../sqlite/handle.ts';
import { prepared } from '../sqlite/prepared.ts';
import type { Schema } from '../sqlite/schema.ts';
import { chainHash, genesis } from './hash.ts';
import { applyToViews } from './views.ts';

export const toEvent = (row: {
  session_id: string;
  seq: number;
  at: number;
  type: string;
  data_json: string;
}): DurableEvent =>
  ({
    sessionId: row.session_id,
    seq: row.seq,
    at: row.at,
    type: row.type,
    data: JSON.parse(row.data_json),
  }) as DurableEvent;

/** The last event of a session, for the next one to build on. */
export interface Head {
  seq: number;
  hash: string;
  isDeleted: boolean;
}

/** Sessions whose head is kept in memory; any can be read again. */
const headLimit = 10_000;

/** Heads as the current transaction sees them. Whoever takes writes back must `forget` them all. */
export const createHeads = () => {
  const heads = new Map<string, Head>();
  return {
    async of(db: Db, sessionId: string): Promise<Head> {
      const known = heads.get(sessionId);
      if (known) return known;
      const [row] = await selectHead(db, { sessionId });
      if (!row) return { seq: 0, hash: genesis, isDeleted: false };
      return { seq: row.seq, hash: row.hash, isDeleted: row.type === 'session.deleted' };
    },
    set(sessionId: string, head: Head) {
      if (heads.size >= headLimit) heads.clear();
      heads.set(sessionId, head);
    },
    /** What is known without asking the disk. */
    known: (sessionId: string): Head | undefined => heads.get(sessionId),
    forget: () => heads.clear(),
  };
};
export type Heads = ReturnType<typeof createHeads>;

const selectHead = prepared((db, p: { sessionId: string }) =>
  db
    .selectFrom('events')
    .select(['seq', 'hash', 'type'])
    .where('session_id', '=', p.sessionId)
    .orderBy('seq', 'desc')
    .limit(1),
);

export const selectByKey = prepared<{ sessionId: string; key: string }, Selectable<Schema['events']>>(
  (db, p) =>
    db.selectFrom('events').selectAll().where('session_id', '=', p.sessionId).where('key', '=', p.key),
);

/** No row when the key was there already. */
const insertEvent = prepared<Insertable<Schema['events']>, { id: number }>((db, p) =>
  db
    .insertInto('events')
    .values({
      session_id: p.session_id,
      seq: p.seq,
      at: p.at,
      type: p.type,
      data_json: p.data_json,
      key: p.key,
      hash: p.hash,
    })
    .onConflict((conflict) =>
      conflict.columns(['key', 'session_id']).where('key', 'is not', null).doNothing(),
    )
    .returning('id'),
);

/** Appends inside the current transaction. `isNew` is false when the key was there already. */
export const appendEvent = async (
  db: Db,
  heads: Heads,
  now: number,
  sessionId: string,
  event: NewEvent,
  key: string | undefined,
): Promise<{ event: DurableEvent; isNew: boolean }> => {
  const head = await heads.of(db, sessionId);
  // A run that was still going when its session was deleted must not leave anything behind.
  if (head.isDeleted) throw new FaultError('NOT_FOUND', 'The session was deleted.');
  const row = {
    session_id: sessionId,
    seq: head.seq + 1,
    at: now,
    type: event.type,
    data_json: JSON.stringify(event.data),
  };
  const hash = chainHash(head.hash, row);
  const inserted = await insertEvent(db, { ...row, key: key ?? null, hash });
  if (inserted.length === 0) {
    const [known] = await selectByKey(db, { sessionId, key: key! });
    return { event: toEvent(known!), isNew: false };
  }
  heads.set(sessionId, { seq: row.seq, hash, isDeleted: event.type === 'session.deleted' });
  const durable = { sessionId, seq: row.seq, at: now, ...event } as DurableEvent;
  await applyToViews(db, durable);
  return { event: durable, isNew: true };
};
