import type { DurableData, DurableEvent, MessageRole, Usage } from '@reeve/protocol';
import type { Insertable } from 'kysely';
import type { Db } from '../sqlite/handle.ts';
import type { Schema } from '../sqlite/schema.ts';
import { addApproval, settleApproval } from './approval-view.ts';
import { digest } from './hash.ts';
import { createSession, removeSession } from './session-view.ts';
import {
  countSession,
  endTurn,
  insertDelivery,
  insertInbox,
  insertMessage,
  insertTurn,
  moveMessage,
  moveSession,
  startTurn,
} from './view-queries.ts';

/** Tables that hold nothing but what the journal says, with their keys; `rebuild` empties and refills them. */
export const views = {
  sessions: 'id',
  messages: 'session_id, seq',
  turns: 'run_id',
  inbox: 'tenant, owner, key',
  calls: 'session_id, seq',
  approvals: 'id',
};

type SessionChange = Partial<{
  title: string;
  model: string | null;
  queue_mode: string;
  instructions: string | null;
  params_json: string | null;
  summary: string;
  compacted_through: number;
  messages: number;
  openTurns: number;
  lastTurn: boolean;
  /** Whether there is something for the user to read. */
  isNews: boolean;
  /** What has to reach the user. */
  delivery: { kind: 'answer' | 'notification'; messageId: string };
  usage: Usage;
}>;

/**
 * Brings the views up to date with one event; `hasHappened` for an event that is played again. Must depend on the
 * event and the views alone.
 */
export const applyToViews = async (db: Db, event: DurableEvent, hasHappened = false): Promise<void> => {
  const change = await applyEvent(db, event);
  if (!change) return;
  const { delivery, ...columns } = change;
  await changeSession(db, event, columns);
  // No view: whether the user has seen something is known only there, so a rebuild leaves it alone.
  if (delivery && !hasHappened)
    await insertDelivery(db, { sessionId: event.sessionId, seq: event.seq, at: event.at, ...delivery });
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
      const { model, queueMode, instructions, params } = event.data;
      return {
        ...(model !== undefined && { model }),
        ...(queueMode !== undefined && { queue_mode: queueMode }),
        ...(instructions !== undefined && { instructions }),
        ...(params !== undefined && { params_json: params && JSON.stringify(params) }),
      };
    }
    case 'message.received':
      return receiveMessage(db, event, event.data);
    case 'message.imported':
      await addMessage(db, event, {
        id: event.data.messageId,
        role: event.data.role,
        text: event.data.text,
        tool_calls_json: listJson(event.data.toolCalls),
        tool_call_id: event.data.toolCallId ?? null,
        name: event.data.name ?? null,
        images_json: listJson(event.data.images),
      });
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
      await addToInbox(
        db,
        event,
        event.data.idempotencyKey,
        event.data.messageId,
        event.data.messageId,
        event.data.text,
      );
      return { messages: 1 };
    case 'command.answered':
      await addMessage(db, event, {
        id: `${event.data.messageId}_answer`,
        role: 'command',
        text: event.data.text,
        name: event.data.command,
      });
      return { messages: 1 };
    case 'run.started': {
      const [turn] = await startTurn(db, { runId: event.data.runId });
      if (turn) await placeMessage(db, event, turn.message_id, event.data.runId);
      return {};
    }
    case 'model.answered':
      await addMessage(db, event, {
        id: event.data.messageId,
        role: 'assistant',
        text: event.data.text,
        run_id: event.data.runId,
        tool_calls_json: listJson(event.data.toolCalls),
        provider: event.data.provider,
        model: event.data.model,
        usage_json: JSON.stringify(event.data.usage),
        input_tokens: event.data.usage.inputTokens,
        output_tokens: event.data.usage.outputTokens,
        cost_usd: event.data.usage.costUsd ?? null,
        continuation_json: event.data.continuation ? JSON.stringify(event.data.continuation) : null,
      });
      return { messages: 1, usage: event.data.usage };
    case 'model.called':
      await addCall(db, event, event.data);
      return { usage: event.data.usage };
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
      return finishRun(db, event.data);
    case 'context.compacted':
      return { summary: event.data.summary, compacted_through: event.data.throughSeq };
    case 'notification.posted':
      await addMessage(db, event, { id: event.data.messageId, role: 'notification', text: event.data.text });
      return {
        messages: 1,
        isNews: true,
        delivery: { kind: 'notification', messageId: event.data.messageId },
      };
    case 'approval.requested':
      await addApproval(db, event);
      return {};
    case 'approval.settled':
      await settleApproval(db, event);
      return {};
    case 'approval.used':
    case 'tool.started':
      return {};
  }
};

/** Steps of a run that is going on: they do not move its session in the list, which is sorted by `updated_at`. */
const quietEvents: ReadonlySet<string> = new Set([
  'run.started',
  'model.answered',
  'model.called',
  'tool.started',
  'tool.finished',
  'message.steered',
  'message.pinned',
  'context.compacted',
]);

const changeSession = async (db: Db, event: DurableEvent, change: Omit<SessionChange, 'delivery'>) => {
  const { messages = 0, openTurns = 0, usage, lastTurn, isNews, ...columns } = change;
  const counts = {
    id: event.sessionId,
    seq: event.seq,
    messages,
    openTurns,
    inputTokens: usage?.inputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    costUsd: usage?.costUsd ?? 0,
  };
  if (quietEvents.has(event.type)) await countSession(db, counts);
  else {
    const places = { lastTurn: lastTurn ? event.seq : 0, news: isNews ? event.seq : 0 };
    await moveSession(db, { ...counts, at: event.at, ...places });
  }
  if (Object.keys(columns).length > 0)
    await db.updateTable('sessions').set(columns).where('id', '=', event.sessionId).execute();
};

const receiveMessage = async (
  db: Db,
  event: DurableEvent,
  data: DurableData<'message.received'>,
): Promise<SessionChange> => {
  await addMessage(db, event, {
    id: data.messageId,
    role: 'user',
    text: data.text,
    run_id: data.runId,
    position: null,
    images_json: listJson(data.images),
  });
  await insertTurn(db, {
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
    client_json: data.client ? JSON.stringify(data.client) : null,
  });
  await addToInbox(db, event, data.idempotencyKey, data.messageId, data.runId, data.text);
  return { messages: 1, openTurns: 1, lastTurn: true };
};

const addToInbox = (
  db: Db,
  event: DurableEvent,
  key: string,
  messageId: string,
  runId: string,
  text: string,
) =>
  insertInbox(db, {
    sessionId: event.sessionId,
    key,
    messageId,
    runId,
    seq: event.seq,
    digest: digest(text),
  });

const listJson = (items: readonly unknown[] | undefined): string | null =>
  items && items.length > 0 ? JSON.stringify(items) : null;

const addCall = (db: Db, event: DurableEvent, data: DurableData<'model.called'>) =>
  db
    .insertInto('calls')
    .values({
      session_id: event.sessionId,
      seq: event.seq,
      purpose: data.purpose,
      channel: data.channel,
      provider: data.provider,
      model: data.model,
      input_tokens: data.usage.inputTokens,
      output_tokens: data.usage.outputTokens,
      cost_usd: data.usage.costUsd ?? null,
      is_estimated: data.usage.estimated ? 1 : 0,
      created_at: event.at,
    })
    .execute();

const finishRun = async (db: Db, data: DurableData<'run.finished'>): Promise<SessionChange> => {
  const [turn] = await endTurn(db, {
    runId: data.runId,
    outcome: data.outcome,
    answerId: data.messageId ?? null,
    absorbedBy: data.absorbedBy ?? null,
    fault: data.fault ? JSON.stringify(data.fault) : null,
  });
  if (!turn) return {};
  const kind = turn.sender_kind === 'schedule' ? 'notification' : 'answer';
  return {
    openTurns: -1,
    isNews: data.outcome === 'completed' || data.outcome === 'failed',
    ...(data.messageId !== undefined && { delivery: { kind, messageId: data.messageId } }),
  };
};

const addMessage = async (
  db: Db,
  event: DurableEvent,
  message: { id: string; role: MessageRole; text: string } & Partial<Insertable<Schema['messages']>>,
) => {
  await insertMessage(db, {
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
    cost_usd: null,
    images_json: null,
    continuation_json: null,
    ...message,
  });
};

/** A message takes its place in the conversation when its run starts, or joins another: not when it arrives. */
const placeMessage = (db: Db, event: DurableEvent, messageId: string, runId: string) =>
  moveMessage(db, { sessionId: event.sessionId, messageId, runId, position: event.seq });
