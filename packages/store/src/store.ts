import type { Clock, Store, StoreTx } from '@reeve/core';
import type { DurableEvent } from '@reeve/protocol';
import { createJournalView } from './audit/journal-view.ts';
import type { AuditWriter } from './audit/writer.ts';
import { appendEvent, createHeads } from './journal/append.ts';
import { rebuildViews } from './journal/rebuild.ts';
import { findReadMarks, markRead } from './read-marks.ts';
import { createReads, readSessionForWrite } from './reads.ts';
import type { Indexer } from './search/indexer.ts';
import { searchIn } from './search/search.ts';
import type { Committer } from './sqlite/committer.ts';
import type { Db, SqliteHandle } from './sqlite/handle.ts';
import { prepared } from './sqlite/prepared.ts';

const deliver = prepared((db, p: { sessionId: string; seq: number }) =>
  db.deleteFrom('deliveries').where('session_id', '=', p.sessionId).where('seq', '<=', p.seq),
);

/** The Store port on SQLite: reads through `committed`, everything else through the one writer. */
export const createStore = (
  writer: SqliteHandle,
  committed: Db,
  committer: Committer,
  clock: Clock,
  indexer: Indexer,
  audit: AuditWriter,
): Store => {
  const { db } = writer;
  const listeners: ((events: readonly DurableEvent[]) => void)[] = [];
  let pending: DurableEvent[] = [];
  const heads = createHeads();
  committer.onLost(() => {
    pending = [];
    heads.forget();
    audit.forget();
    journalView.forget();
  });
  committer.onCommitted(() => {
    if (pending.length === 0) return;
    const events = pending;
    pending = [];
    indexer.wake();
    for (const listener of listeners) listener(events);
  });

  const journalView = createJournalView(db, audit.append);
  const inside = createReads(db);
  const tx: StoreTx = {
    session: (owner, id) => readSessionForWrite(db, owner, id),
    inboxEntry: inside.inboxEntry,
    eventByKey: inside.eventByKey,
    openTurns: inside.openTurns,
    turn: inside.turn,

    async append(sessionId, event, key) {
      const { event: durable, isNew } = await appendEvent(db, heads, clock.now(), sessionId, event, key);
      if (isNew) {
        pending.push(durable);
        await journalView.add(durable);
      }
      return durable;
    },

    async purgeSession(sessionId) {
      await db
        .deleteFrom('events')
        .where('session_id', '=', sessionId)
        .where('type', '<>', 'session.deleted')
        .execute();
      await db.deleteFrom('deliveries').where('session_id', '=', sessionId).execute();
      await db.deleteFrom('read_marks').where('session_id', '=', sessionId).execute();
      await db.deleteFrom('artifacts').where('session_id', '=', sessionId).execute();
    },

    audit: audit.append,

    markRead: (owner, sessionId, seq) => markRead(db, owner, sessionId, seq),

    async saveArtifact({ sessionId, ...artifact }) {
      await db
        .insertInto('artifacts')
        .values({ ...artifact, session_id: sessionId })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async markDelivered(sessionId, seq) {
      await deliver(db, { sessionId, seq });
    },

    async saveReminder(reminder) {
      const row = {
        tenant: reminder.owner.tenantId,
        owner: reminder.owner.userId,
        session_id: reminder.sessionId,
        text: reminder.text,
        action: reminder.action,
        when_json: JSON.stringify(reminder.when),
        is_active: reminder.isActive ? 1 : 0,
        created_at: reminder.createdAt,
      };
      await db
        .insertInto('reminders')
        .values({ id: reminder.id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
    },
  };

  return {
    ...createReads(committed),
    async search(owner, query) {
      await indexer.catchUp();
      return searchIn(committed, owner, { ...query, now: clock.now() });
    },
    readMarks: (owner, sessionIds) => findReadMarks(committed, owner, sessionIds),
    mayHaveEvents: (sessionId, after) => (heads.known(sessionId)?.seq ?? Number.POSITIVE_INFINITY) > after,
    write: (fn, options) =>
      committer.write(async () => {
        const before = pending.length;
        try {
          return await fn(tx);
        } catch (error) {
          pending.length = before;
          heads.forget();
          audit.forget();
          journalView.forget();
          throw error;
        }
      }, options),
    onCommitted: (listener) => void listeners.push(listener),
    rebuild: () => committer.write(() => rebuildViews(writer)),
    storageState: committer.state,
  };
};
