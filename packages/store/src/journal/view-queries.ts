import { type Insertable, sql } from 'kysely';
import { prepared } from '../sqlite/prepared.ts';
import type { Schema } from '../sqlite/schema.ts';

// What the views ask in every turn, compiled once.

interface SessionCounts {
  id: string;
  seq: number;
  messages: number;
  openTurns: number;
  inputTokens: number;
  outputTokens: number;
  costUsd: number;
}

export const countSession = prepared((db, p: SessionCounts) =>
  db
    .updateTable('sessions')
    .set((eb) => ({
      last_seq: p.seq,
      message_count: eb('message_count', '+', p.messages),
      open_turns: eb('open_turns', '+', p.openTurns),
      input_tokens: eb('input_tokens', '+', p.inputTokens),
      output_tokens: eb('output_tokens', '+', p.outputTokens),
      cost_usd: eb('cost_usd', '+', p.costUsd),
    }))
    .where('id', '=', p.id),
);

export const moveSession = prepared((db, p: SessionCounts & { at: number; lastTurn: number; news: number }) =>
  db
    .updateTable('sessions')
    .set((eb) => ({
      updated_at: p.at,
      last_seq: p.seq,
      message_count: eb('message_count', '+', p.messages),
      open_turns: eb('open_turns', '+', p.openTurns),
      last_turn_seq: sql<number>`max(last_turn_seq, ${p.lastTurn})`,
      news_seq: sql<number>`max(news_seq, ${p.news})`,
    }))
    .where('id', '=', p.id),
);

export const insertTurn = prepared((db, p: Insertable<Schema['turns']>) =>
  db.insertInto('turns').values({
    run_id: p.run_id,
    session_id: p.session_id,
    message_id: p.message_id,
    channel: p.channel,
    sender_kind: p.sender_kind,
    seq: p.seq,
    queue_mode: p.queue_mode,
    thread: p.thread,
    model: p.model,
    params_json: p.params_json,
    state: p.state,
    outcome: p.outcome,
    answer_id: p.answer_id,
    absorbed_by: p.absorbed_by,
    fault_json: p.fault_json,
    client_json: p.client_json,
  }),
);

export const startTurn = prepared((db, p: { runId: string }) =>
  db.updateTable('turns').set({ state: 'running' }).where('run_id', '=', p.runId).returning('message_id'),
);

/** The inbox is scoped to the owner of the session, whom the event itself does not name. */
export const insertInbox = prepared(
  (
    db,
    p: { sessionId: string; key: string; messageId: string; runId: string; seq: number; digest: string },
  ) =>
    db
      .insertInto('inbox')
      .columns(['tenant', 'owner', 'key', 'session_id', 'message_id', 'run_id', 'seq', 'digest'])
      .expression((eb) =>
        eb
          .selectFrom('sessions')
          .where('sessions.id', '=', p.sessionId)
          .select([
            'sessions.tenant',
            'sessions.owner',
            sql.val(p.key).as('key'),
            sql.val(p.sessionId).as('session_id'),
            sql.val(p.messageId).as('message_id'),
            sql.val(p.runId).as('run_id'),
            sql.val(p.seq).as('seq'),
            sql.val(p.digest).as('digest'),
          ]),
      ),
);

export const endTurn = prepared(
  (
    db,
    p: {
      runId: string;
      outcome: string;
      answerId: string | null;
      absorbedBy: string | null;
      fault: string | null;
    },
  ) =>
    db
      .updateTable('turns')
      .set({
        state: 'ended',
        outcome: p.outcome,
        answer_id: p.answerId,
        absorbed_by: p.absorbedBy,
        fault_json: p.fault,
      })
      .where('run_id', '=', p.runId)
      .where('state', '<>', 'ended')
      .returning('sender_kind'),
);

export const insertMessage = prepared((db, p: Insertable<Schema['messages']>) =>
  db.insertInto('messages').values({
    id: p.id,
    session_id: p.session_id,
    seq: p.seq,
    position: p.position,
    run_id: p.run_id,
    role: p.role,
    text: p.text,
    tool_calls_json: p.tool_calls_json,
    tool_call_id: p.tool_call_id,
    name: p.name,
    is_error: p.is_error,
    provider: p.provider,
    model: p.model,
    usage_json: p.usage_json,
    input_tokens: p.input_tokens,
    output_tokens: p.output_tokens,
    is_pinned: p.is_pinned,
    created_at: p.created_at,
    cost_usd: p.cost_usd,
    images_json: p.images_json,
    continuation_json: p.continuation_json,
  }),
);

export const moveMessage = prepared(
  (db, p: { sessionId: string; messageId: string; runId: string; position: number }) =>
    db
      .updateTable('messages')
      .set({ position: p.position, run_id: p.runId })
      .where('session_id', '=', p.sessionId)
      .where('id', '=', p.messageId),
);

export const insertDelivery = prepared(
  (db, p: { sessionId: string; seq: number; kind: string; messageId: string; at: number }) =>
    db.insertInto('deliveries').values({
      session_id: p.sessionId,
      seq: p.seq,
      kind: p.kind,
      message_id: p.messageId,
      created_at: p.at,
    }),
);
