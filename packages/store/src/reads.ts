import type {
  InboxEntry,
  Owner,
  StoreReads,
  StoreTx,
  Transcript,
  TranscriptMessage,
  TurnWithAnswer,
} from '@reeve/core';
import { type DurableEvent, directChannel, FaultError, type Session } from '@reeve/protocol';
import { type Selectable, sql } from 'kysely';
import { createApprovalReads } from './approvals.ts';
import { selectByKey, toEvent } from './journal/append.ts';
import { toContinuation, toMessage, toReminder, toSession, toTurn } from './rows.ts';
import type { Db } from './sqlite/handle.ts';
import { prepared } from './sqlite/prepared.ts';
import type { Schema } from './sqlite/schema.ts';
import { readUsage } from './usage.ts';

/** The page after the session with this update time and id. */
const encodeCursor = (session: Session) => `${session.updatedAt}.${session.id}`;
const decodeCursor = (cursor: string): { at: number; id: string } => {
  const match = /^(\d+)\.(.+)$/.exec(cursor);
  if (!match) throw new FaultError('INVALID_PARAMS', 'The cursor is not one that a list gave.');
  return { at: Number(match[1]), id: match[2]! };
};

const turnsWithSession = (db: Db) =>
  db
    .selectFrom('turns')
    .innerJoin('sessions', 'sessions.id', 'turns.session_id')
    .selectAll('turns')
    .select([
      'sessions.tenant',
      'sessions.owner',
      'sessions.model as session_model',
      'sessions.params_json as session_params_json',
    ]);

const ofSession = (session: Selectable<Schema['sessions']>) => ({
  tenant: session.tenant,
  owner: session.owner,
  session_model: session.model,
  session_params_json: session.params_json,
});

const selectTurn = prepared<{ runId: string }, Selectable<Schema['turns']>>((db, p) =>
  db.selectFrom('turns').selectAll().where('run_id', '=', p.runId),
);

/** The newest first: an edited conversation may come back to the same words, and two owners may say the same. */
const selectThread = prepared<{ thread: string }, Selectable<Schema['turns']>>((db, p) =>
  db.selectFrom('turns').selectAll().where('thread', '=', p.thread).orderBy('run_id', 'desc'),
);

const selectMessage = prepared<{ sessionId: string; id: string }, Selectable<Schema['messages']>>((db, p) =>
  db.selectFrom('messages').selectAll().where('session_id', '=', p.sessionId).where('id', '=', p.id),
);

const selectEvents = prepared<
  { sessionId: string; after: number; limit: number },
  Selectable<Schema['events']>
>((db, p) =>
  db
    .selectFrom('events')
    .selectAll()
    .where('session_id', '=', p.sessionId)
    .where('seq', '>', p.after)
    .orderBy('seq')
    .limit(sql.val(p.limit)),
);

const selectSession = prepared<
  { tenantId: string; userId: string; id: string },
  Selectable<Schema['sessions']>
>((db, p) =>
  db
    .selectFrom('sessions')
    .selectAll()
    .where('id', '=', p.id)
    .where('tenant', '=', p.tenantId)
    .where('owner', '=', p.userId),
);

const selectAnySession = prepared<{ id: string }, Selectable<Schema['sessions']>>((db, p) =>
  db.selectFrom('sessions').selectAll().where('id', '=', p.id),
);

const selectInbox = prepared<{ tenantId: string; userId: string; key: string }, Selectable<Schema['inbox']>>(
  (db, p) =>
    db
      .selectFrom('inbox')
      .selectAll()
      .where('tenant', '=', p.tenantId)
      .where('owner', '=', p.userId)
      .where('key', '=', p.key),
);

/** By equality alone: SQLite plans queries with ranges or joins anew for each new parameter, at ten times the cost. */
const selectMessages = prepared<{ sessionId: string }, Selectable<Schema['messages']>>((db, p) =>
  db.selectFrom('messages').selectAll().where('session_id', '=', p.sessionId),
);

const selectMessagesAfter = prepared<{ sessionId: string; after: number }, Selectable<Schema['messages']>>(
  (db, p) =>
    db
      .selectFrom('messages')
      .selectAll()
      .where('session_id', '=', p.sessionId)
      .where((eb) =>
        eb.or([eb('position', '>', p.after), eb('is_pinned', '=', 1), eb('position', 'is', null)]),
      ),
);

const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** The session with what only a writer has to know. */
export const readSessionForWrite: StoreTx['session'] extends (...args: infer A) => infer R
  ? (db: Db, ...args: A) => R
  : never = async (db, owner, id) => {
  const [row] = await selectSession(db, { tenantId: owner.tenantId, userId: owner.userId, id });
  return row ? { ...toSession(row), openTurns: row.open_turns } : null;
};

/** Every read of the store, on any connection: that to what is durable, or the writer's inside a transaction. */
export const createReads = (db: Db): Omit<StoreReads, 'mayHaveEvents' | 'search' | 'readMarks'> => {
  const withAnswer = async (
    owner: Owner,
    turn: Selectable<Schema['turns']>,
  ): Promise<TurnWithAnswer | null> => {
    const [session] = await selectSession(db, {
      tenantId: owner.tenantId,
      userId: owner.userId,
      id: turn.session_id,
    });
    if (!session) return null;
    const [answer] =
      turn.answer_id === null
        ? []
        : await selectMessage(db, { sessionId: turn.session_id, id: turn.answer_id });
    return {
      turn: toTurn({ ...turn, ...ofSession(session) }),
      answer: answer ? toMessage(answer) : null,
      isLast: session.last_turn_seq === turn.seq,
    };
  };
  return {
    ...createApprovalReads(db),

    async events(sessionId, after, limit): Promise<DurableEvent[]> {
      return (await selectEvents(db, { sessionId, after, limit })).map(toEvent);
    },

    async session(owner, id) {
      const [row] = await selectSession(db, { tenantId: owner.tenantId, userId: owner.userId, id });
      return row ? toSession(row) : null;
    },

    async sessions(owner, { limit, cursor, search }) {
      const from = cursor ? decodeCursor(cursor) : null;
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('tenant', '=', owner.tenantId)
        .where('owner', '=', owner.userId)
        // Holds what models were asked straight through, and no conversation.
        .where('channel', '<>', directChannel)
        .$if(from !== null, (query) =>
          query.where((eb) =>
            eb.or([
              eb('updated_at', '<', from!.at),
              eb.and([eb('updated_at', '=', from!.at), eb('id', '>', from!.id)]),
            ]),
          ),
        )
        .$if(Boolean(search), (query) =>
          query.where(sql<boolean>`title LIKE ${`%${escapeLike(search!)}%`} ESCAPE '\\'`),
        )
        .orderBy('updated_at', 'desc')
        .orderBy('id')
        .limit(limit + 1)
        .execute();
      const sessions = rows.slice(0, limit).map(toSession);
      return { sessions, nextCursor: rows.length > limit ? encodeCursor(sessions.at(-1)!) : null };
    },

    async messages(sessionId, { after, before, limit }) {
      const isBackward = before !== undefined && after === undefined;
      const rows = await db
        .selectFrom('messages')
        .selectAll()
        .where('session_id', '=', sessionId)
        .$if(after !== undefined, (query) => query.where('seq', '>', after!))
        .$if(before !== undefined, (query) => query.where('seq', '<', before!))
        .orderBy('seq', isBackward ? 'desc' : 'asc')
        .limit(limit)
        .execute();
      const messages = rows.map(toMessage);
      return isBackward ? messages.reverse() : messages;
    },

    async message(sessionId, id) {
      const [row] = await selectMessage(db, { sessionId, id });
      return row ? toMessage(row) : null;
    },

    async artifact(sessionId, id) {
      const row = await db
        .selectFrom('artifacts')
        .select('text')
        .where('id', '=', id)
        .where('session_id', '=', sessionId)
        .executeTakeFirst();
      return row?.text ?? null;
    },

    async transcript(sessionId, runId): Promise<Transcript | null> {
      const [session] = await selectAnySession(db, { id: sessionId });
      if (!session) return null;
      const after = session.compacted_through;
      const rows =
        after === 0
          ? await selectMessages(db, { sessionId })
          : await selectMessagesAfter(db, { sessionId, after });
      const messages = rows
        // A message whose run has not started has no place; only that of `runId` is wanted all the same, as the last one.
        .filter(
          (row) =>
            row.role !== 'command' &&
            (row.position !== null || (runId !== undefined && row.run_id === runId)),
        )
        .map(
          (row): TranscriptMessage => ({
            ...toMessage(row),
            continuation: toContinuation(row),
            position: row.position ?? Number.MAX_SAFE_INTEGER,
          }),
        )
        .sort((a, b) => a.position - b.position);
      return {
        session: toSession(session),
        instructions: session.instructions,
        summary: session.summary,
        compactedThrough: session.compacted_through,
        messages,
      };
    },

    async turn(runId) {
      const [row] = await selectTurn(db, { runId });
      const [session] = row ? await selectAnySession(db, { id: row.session_id }) : [];
      return row && session ? toTurn({ ...row, ...ofSession(session) }) : null;
    },

    async turnByThread(owner, thread) {
      for (const turn of await selectThread(db, { thread })) {
        const known = await withAnswer(owner, turn);
        if (known) return known;
      }
      return null;
    },

    async turnWithAnswer(owner, runId) {
      const [turn] = await selectTurn(db, { runId });
      return turn ? withAnswer(owner, turn) : null;
    },

    async openTurns(sessionId) {
      const rows = await turnsWithSession(db)
        .where('turns.state', '<>', 'ended')
        .$if(sessionId !== undefined, (query) => query.where('turns.session_id', '=', sessionId!))
        .orderBy((eb) =>
          eb
            .selectFrom('events')
            .select('events.id')
            .whereRef('events.session_id', '=', 'turns.session_id')
            .whereRef('events.seq', '=', 'turns.seq'),
        )
        .execute();
      return rows.map(toTurn);
    },

    async eventByKey(sessionId, key) {
      const [row] = await selectByKey(db, { sessionId, key });
      return row ? toEvent(row) : null;
    },

    async inboxEntry(owner, key): Promise<InboxEntry | null> {
      const [row] = await selectInbox(db, { tenantId: owner.tenantId, userId: owner.userId, key });
      return row
        ? {
            sessionId: row.session_id,
            messageId: row.message_id,
            runId: row.run_id,
            seq: row.seq,
            digest: row.digest,
          }
        : null;
    },

    async notifications(owner, sessionId) {
      const rows = await db
        .selectFrom('deliveries')
        .innerJoin('sessions', 'sessions.id', 'deliveries.session_id')
        .innerJoin('messages', (join) =>
          join
            .onRef('messages.session_id', '=', 'deliveries.session_id')
            .onRef('messages.id', '=', 'deliveries.message_id'),
        )
        .select([
          'messages.id',
          'messages.session_id',
          'deliveries.seq',
          'messages.text',
          'messages.created_at',
        ])
        .where('sessions.tenant', '=', owner.tenantId)
        .where('sessions.owner', '=', owner.userId)
        .where('deliveries.kind', '=', 'notification')
        .$if(sessionId !== undefined, (query) => query.where('deliveries.session_id', '=', sessionId!))
        .orderBy('deliveries.created_at')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        sessionId: row.session_id,
        seq: row.seq,
        text: row.text,
        createdAt: row.created_at,
      }));
    },

    async reminders(owner) {
      return (
        await db
          .selectFrom('reminders')
          .selectAll()
          .where('tenant', '=', owner.tenantId)
          .where('owner', '=', owner.userId)
          .where('is_active', '=', 1)
          .execute()
      ).map(toReminder);
    },

    async reminder(id) {
      const row = await db.selectFrom('reminders').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? toReminder(row) : null;
    },

    usage: (owner, since, sessionId) => readUsage(db, owner, since, sessionId),

    async counts() {
      const one = async (query: { executeTakeFirstOrThrow(): Promise<{ n: number }> }) =>
        (await query.executeTakeFirstOrThrow()).n;
      const n = sql<number>`count(*)`.as('n');
      return {
        sessions: await one(db.selectFrom('sessions').select(n)),
        events: await one(db.selectFrom('events').select(sql<number>`coalesce(max(id), 0)`.as('n'))),
        deliveriesPending: await one(db.selectFrom('deliveries').select(n)),
      };
    },
  };
};
