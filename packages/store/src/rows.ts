import type { Continuation, StoredReminder, Turn } from '@reeve/core';
import type {
  ClientRequest,
  Fault,
  GenerationParams,
  ImageRef,
  Message,
  MessageRole,
  QueueMode,
  RunOutcome,
  Session,
  ToolCall,
  Usage,
} from '@reeve/protocol';
import type { Selectable } from 'kysely';
import type { Schema } from './sqlite/schema.ts';

const parse = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));

export const toSession = (row: Selectable<Schema['sessions']>): Session => ({
  id: row.id,
  title: row.title,
  channel: row.channel,
  model: row.model,
  queueMode: row.queue_mode as QueueMode,
  isRunning: row.open_turns > 0,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  lastSeq: row.last_seq,
  newsSeq: row.news_seq,
  messageCount: row.message_count,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  params: parse<GenerationParams>(row.params_json),
  costUsd: row.cost_usd,
});

export const toMessage = (row: Selectable<Schema['messages']>): Message => ({
  id: row.id,
  sessionId: row.session_id,
  seq: row.seq,
  runId: row.run_id,
  role: row.role as MessageRole,
  text: row.text,
  toolCalls: parse<ToolCall[]>(row.tool_calls_json) ?? [],
  toolCallId: row.tool_call_id,
  name: row.name,
  isError: row.is_error === 1,
  provider: row.provider,
  model: row.model,
  usage: parse<Usage>(row.usage_json),
  isPinned: row.is_pinned === 1,
  ...(row.images_json !== null && { images: JSON.parse(row.images_json) as ImageRef[] }),
  createdAt: row.created_at,
});

export const toContinuation = (row: Selectable<Schema['messages']>): Continuation | null =>
  parse<Continuation>(row.continuation_json);

export const toTurn = (
  row: Selectable<Schema['turns']> & {
    tenant: string;
    owner: string;
    session_model: string | null;
    session_params_json: string | null;
  },
): Turn => ({
  runId: row.run_id,
  sessionId: row.session_id,
  owner: { tenantId: row.tenant, userId: row.owner },
  sessionModel: row.session_model,
  sessionParams: parse<GenerationParams>(row.session_params_json),
  messageId: row.message_id,
  channel: row.channel,
  senderKind: row.sender_kind as Turn['senderKind'],
  seq: row.seq,
  queueMode: row.queue_mode as QueueMode,
  model: row.model,
  params: parse<GenerationParams>(row.params_json),
  client: parse<ClientRequest>(row.client_json),
  state: row.state as Turn['state'],
  outcome: row.outcome as RunOutcome | null,
  answerId: row.answer_id,
  absorbedBy: row.absorbed_by,
  fault: parse<Fault>(row.fault_json),
});

export const toReminder = (row: Selectable<Schema['reminders']>): StoredReminder => ({
  id: row.id,
  owner: { tenantId: row.tenant, userId: row.owner },
  sessionId: row.session_id,
  text: row.text,
  action: row.action as StoredReminder['action'],
  when: JSON.parse(row.when_json) as StoredReminder['when'],
  isActive: row.is_active === 1,
  createdAt: row.created_at,
});
