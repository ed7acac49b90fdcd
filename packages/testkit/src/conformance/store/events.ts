import type { Owner } from '@reeve/core';
import type { DurableData, NewEvent, ToolCall } from '@reeve/protocol';
import { ada } from './owners.ts';

/** Events with everything filled in that a case does not care about. */
export const created = (owner: Owner = ada, title = 'A session'): NewEvent => ({
  type: 'session.created',
  data: { tenantId: owner.tenantId, owner: owner.userId, channel: 'web', title, queueMode: 'queue' },
});

export const received = (
  messageId: string,
  runId: string,
  more: Partial<DurableData<'message.received'>> = {},
): NewEvent => ({
  type: 'message.received',
  data: {
    messageId,
    runId,
    channel: 'web',
    sender: { kind: 'user', id: 'ada' },
    text: `text of ${messageId}`,
    queueMode: 'queue',
    idempotencyKey: `key of ${messageId}`,
    ...more,
  },
});

export const started = (runId: string): NewEvent => ({ type: 'run.started', data: { runId } });

export const answered = (
  runId: string,
  messageId: string,
  more: Partial<DurableData<'model.answered'>> = {},
): NewEvent => ({
  type: 'model.answered',
  data: {
    runId,
    messageId,
    step: 1,
    text: `answer ${messageId}`,
    toolCalls: [],
    provider: 'local',
    model: 'small',
    finishReason: 'stop',
    usage: { inputTokens: 10, outputTokens: 5 },
    attempts: [{ provider: 'local', model: 'small', outcome: 'answered', why: 'the default' }],
    durationMs: 12,
    firstTokenMs: 3,
    ...more,
  },
});

export const toolStarted = (runId: string, call: ToolCall): NewEvent => ({
  type: 'tool.started',
  data: { runId, callId: call.id, tool: call.name, args: call.args, risk: 'low', effect: 'idempotent' },
});

export const toolFinished = (
  runId: string,
  messageId: string,
  callId: string,
  more: Partial<DurableData<'tool.finished'>> = {},
): NewEvent => ({
  type: 'tool.finished',
  data: {
    runId,
    messageId,
    callId,
    tool: 'clock',
    status: 'ok',
    text: 'ten',
    decision: 'allow: low risk',
    durationMs: 1,
    ...more,
  },
});

export const finished = (runId: string, more: Partial<DurableData<'run.finished'>> = {}): NewEvent => ({
  type: 'run.finished',
  data: { runId, outcome: 'completed', ...more },
});

export const steered = (messageId: string, runId: string): NewEvent => ({
  type: 'message.steered',
  data: { messageId, runId },
});
export const pinned = (messageId: string, isPinned = true): NewEvent => ({
  type: 'message.pinned',
  data: { messageId, isPinned },
});
export const imported = (messageId: string, role: 'user' | 'assistant', text: string): NewEvent => ({
  type: 'message.imported',
  data: { messageId, role, text },
});
export const posted = (messageId: string, text = `notice ${messageId}`): NewEvent => ({
  type: 'notification.posted',
  data: { messageId, source: { kind: 'reminder', id: 'rem_1' }, text },
});
export const compacted = (runId: string, throughSeq: number, summary: string): NewEvent => ({
  type: 'context.compacted',
  data: { runId, throughSeq, summary, method: 'extractive', tokensBefore: 1_000, tokensAfter: 100 },
});
export const commanded = (messageId: string, idempotencyKey = `key of ${messageId}`): NewEvent => ({
  type: 'command.received',
  data: { messageId, channel: 'web', text: '/status', idempotencyKey },
});
export const commandAnswered = (messageId: string): NewEvent => ({
  type: 'command.answered',
  data: { messageId, command: 'status', text: 'All is well.' },
});
export const renamed = (title: string): NewEvent => ({
  type: 'session.renamed',
  data: { title, by: 'user' },
});
export const deleted = (): NewEvent => ({ type: 'session.deleted', data: { by: 'ada' } });

/** A whole turn: asked, answered, ended. */
export const turn = (name: string, more: Partial<DurableData<'message.received'>> = {}): NewEvent[] => [
  received(`msg_${name}`, `run_${name}`, more),
  started(`run_${name}`),
  answered(`run_${name}`, `ans_${name}`),
  finished(`run_${name}`, { messageId: `ans_${name}` }),
];
