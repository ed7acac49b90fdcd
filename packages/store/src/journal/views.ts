import type { DurableData, DurableEvent, MessageRole, Usage } from '@reeve/protocol';
import type { Insertable } from 'kysely';
import { sql } from 'kysely';
import type { Db } from '../sqlite/handle.ts';
import type { Schema } from '../sqlite/schema.ts';
import { digest } from './hash.ts';

/** Tables that hold nothing but what the journal says; `rebuild` drops and refills them. */
export const viewTables = ['sessions', 'messages', 'turns', 'inbox'] as const;

type SessionChange = Partial<{
  title: string;
  model: string | null;
  queue_mode: string;
  instructions: string | null;
  summary: string;
  compacted_through: number;
  messages: number;
  openTurns: number;
  usage: Usage;
}>;

/** Brings the views up to date with one event. Must depend on the event and the views alone. */
export const applyToViews = async (db: Db, event: DurableEvent): Promise<void> => {
  const change = await applyEvent(db, event);
  if (change) await changeSession(db, event, change);
};

const applyEvent = async (db: Db, event: DurableEvent): Promise<SessionChange | null> => {
  switch (event.type) {
    case 'session.created':
      await createSession(db, event, event.data);
      return null;
    case 'session.deleted':
      await removeSession(db, event.sessionId);
      return null;
    case 'session.renamed':
      return { title: event.data.title };
    case 'session.configured': {
      const { model, queueMode, instructions } = event.data;
      return {
        ...(model !== undefined && { model }),
        ...(queueMode !== undefined && { queue_mode: queueMode }),
        ...(instructions !== undefined && { instructions }),
      };
    }
    case 'message.received':
      return receiveMessage(db, event, event.data);
    case 'message.imported':
      await addMessage(db, event, { id: event.data.messageId, role: event.data.role, text: event.data.text });
      return { messages: 1 };
    case 'message.pinned':
      await db
        .updateTable('messages')
        .set({ is_pinned: event.data.isPinned ? 1 : 0 })
        .where('session_id', '=', event.sessionId)
        .where('id', '=', event.data.messageId)
        .execute();
      return {};
    case 'message.steered':
      await placeMessage(db, event, event.data.messageId, event.data.runId);
      return {};
    case 'command.received':
      await addMessage(db, event, { id: event.data.messageId, role: 'command', text: event.data.text });
      await db
        .insertInto('inbox')
        .columns(['owner', 'key', 'session_id', 'message_id', 'run_id', 'seq', 'digest'])
        .expression(inboxRow(event, event.data.idempotencyKey, event.data.messageId, event.data.messageId, event.data.text))
        .execute();
      return { messages: 1 };
    case 'command.answered':
      await addMessage(db, event, { id: `${event.data.messageId}_answer`, role: 'command', text: event.data.text, name: event.data.command });
      return { messages: 1 };
    case 'run.started': {
      const turn = await db
        .updateTable('turns')
        .set({ state: 'running' })
        .where('run_id', '=', event.data.runId)
        .returning('message_id')
        .executeTakeFirst();
      if (turn) await placeMessage(db, event, turn.message_id, event.data.runId);
      return {};
    }
    case 'model.answered':
      await addMessage(db, event, {
        id: event.data.messageId,
        role: 'assistant',
        text: event.data.text,
        run_id: event.data.runId,
        tool_calls_json: event.data.toolCalls.length > 0 ? JSON.stringify(event.data.toolCalls) : null,
        provider: event.data.provider,
        model: event.data.model,
        usage_json: JSON.stringify(event.data.usage),
        input_tokens: event.data.usage.inputTokens,
        output_tokens: event.data.usage.outputTokens,
      });
      return { messages: 1, usage: event.data.usage };
    case 'tool.finished':
      await addMessage(db, event, {
        id: event.data.messageId,
        role: 'tool',
        text: event.data.text,
        run_id: event.data.runId,
        tool_call_id: event.data.callId,
        name: event.data.tool,
        is_error: event.data.status === 'ok' ? 0 : 1,
      });
      return { messages: 1 };
    case 'run.finished':
      return finishRun(db, event, event.data);
    case 'context.compacted':
      return { summary: event.data.summary, compacted_through: event.data.throughSeq };
    case 'notification.posted':
      await addMessage(db, event, { id: event.data.messageId, role: 'notification', text: event.data.text });
      await addDelivery(db, event, 'notification', event.data.messageId);
      return { messages: 1 };
    case 'tool.started':
      return {};
  }
};

const createSession = async (db: Db, event: DurableEvent, data: DurableData<'session.created'>) => {
  await db
    .insertInto('sessions')
    .values({
      id: event.sessionId,
      owner: data.owner,
      title: data.title,
      channel: data.channel,
      model: null,
      queue_mode: data.queueMode,
      instructions: null,
      created_at: event.at,
      updated_at: event.at,
      last_seq: event.seq,
      message_count: 0,
      open_turns: 0,
      input_tokens: 0,
      output_tokens: 0,
      summary: null,
      compacted_through: 0,
    })
    .execute();
};

const removeSession = async (db: Db, sessionId: string) => {
  for (const table of ['messages', 'turns', 'inbox'] as const) await db.deleteFrom(table).where('session_id', '=', sessionId).execute();
  await db.deleteFrom('sessions').where('id', '=', sessionId).execute();
};

const changeSession = async (db: Db, event: DurableEvent, change: SessionChange) => {
  const { messages = 0, openTurns = 0, usage, ...columns } = change;
  await db
    .updateTable('sessions')
    .set((eb) => ({
      ...columns,
      updated_at: event.at,
      last_seq: event.seq,
      ...(messages !== 0 && { message_count: eb('message_count', '+', messages) }),
      ...(openTurns !== 0 && { open_turns: eb('open_turns', '+', openTurns) }),
      ...(usage && {
        input_tokens: eb('input_tokens', '+', usage.inputTokens),
        output_tokens: eb('output_tokens', '+', usage.outputTokens),
      }),
    }))
    .where('id', '=', event.sessionId)
    .execute();
};

const receiveMessage = async (db: Db, event: DurableEvent, data: DurableData<'message.received'>): Promise<SessionChange> => {
  await addMessage(db, event, { id: data.messageId, role: 'user', text: data.text, run_id: data.runId, position: null });
  await db
    .insertInto('turns')
    .values({
      run_id: data.runId,
      session_id: event.sessionId,
      message_id: data.messageId,
      channel: data.channel,
      sender_kind: data.sender.kind,
      seq: event.seq,
      queue_mode: data.queueMode,
      thread: data.thread ?? null,
      model: data.model ?? null,
      params_json: data.params ? JSON.stringify(data.params) : null,
      state: 'queued',
      outcome: null,
      answer_id: null,
      absorbed_by: null,
      fault_json: null,
    })
    .execute();
  await db
    .insertInto('inbox')
    .columns(['owner', 'key', 'session_id', 'message_id', 'run_id', 'seq', 'digest'])
    .expression(inboxRow(event, data.idempotencyKey, data.messageId, data.runId, data.text))
    .execute();
  return { messages: 1, openTurns: 1 };
};

/** The inbox is scoped to the owner of the session, whom the event itself does not name. */
const inboxRow = (event: DurableEvent, key: string, messageId: string, runId: string, text: string) =>
  (eb: import('kysely').ExpressionBuilder<Schema, 'inbox'>) =>
    eb
      .selectFrom('sessions')
      .where('sessions.id', '=', event.sessionId)
      .select([
        'sessions.owner',
        sql.val(key).as('key'),
        sql.val(event.sessionId).as('session_id'),
        sql.val(messageId).as('message_id'),
        sql.val(runId).as('run_id'),
        sql.val(event.seq).as('seq'),
        sql.val(digest(text)).as('digest'),
      ]);

const finishRun = async (db: Db, event: DurableEvent, data: DurableData<'run.finished'>): Promise<SessionChange> => {
  const turn = await db
    .updateTable('turns')
    .set({
      state: 'ended',
      outcome: data.outcome,
      answer_id: data.messageId ?? null,
      absorbed_by: data.absorbedBy ?? null,
      fault_json: data.fault ? JSON.stringify(data.fault) : null,
    })
    .where('run_id', '=', data.runId)
    .where('state', '<>', 'ended')
    .returning(['sender_kind'])
    .executeTakeFirst();
  if (!turn) return {};
  if (data.messageId) await addDelivery(db, event, turn.sender_kind === 'schedule' ? 'notification' : 'answer', data.messageId);
  return { openTurns: -1 };
};

const addMessage = async (
  db: Db,
  event: DurableEvent,
  message: { id: string; role: MessageRole; text: string } & Partial<Insertable<Schema['messages']>>,
) => {
  await db
    .insertInto('messages')
    .values({
      session_id: event.sessionId,
      seq: event.seq,
      position: event.seq,
      run_id: null,
      tool_calls_json: null,
      tool_call_id: null,
      name: null,
      is_error: 0,
      provider: null,
      model: null,
      usage_json: null,
      input_tokens: 0,
      output_tokens: 0,
      is_pinned: 0,
      created_at: event.at,
      ...message,
    })
    .execute();
};

/** A message takes its place in the conversation when its run starts, or joins another: not when it arrives. */
const placeMessage = async (db: Db, event: DurableEvent, messageId: string, runId: string) => {
  await db
    .updateTable('messages')
    .set({ position: event.seq, run_id: runId })
    .where('session_id', '=', event.sessionId)
    .where('id', '=', messageId)
    .execute();
};

/** Not a view: whether the user has seen something is known only here, so a rebuild leaves it alone. */
const addDelivery = async (db: Db, event: DurableEvent, kind: 'answer' | 'notification', messageId: string) => {
  await db
    .insertInto('deliveries')
    .values({ session_id: event.sessionId, seq: event.seq, kind, message_id: messageId, created_at: event.at, delivered_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};
