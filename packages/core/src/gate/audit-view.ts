import type { DurableEvent, DurableEventType } from '@reeve/protocol';
import type { AuditEntry } from '../ports/audit.ts';
import { redactPatterns } from '../secrets/redactor.ts';
import type { Owner } from './actor.ts';

/** Types of events that {@link auditOf} tells of. */
export const auditedEvents: ReadonlySet<DurableEventType> = new Set([
  'tool.finished',
  'model.answered',
  'model.called',
  'approval.requested',
  'approval.settled',
  'approval.used',
  'session.deleted',
]);

/**
 * What of the journal belongs into the audit, told once per event: `owner` is whose session it stands in. Null for
 * what is conversation and not security.
 */
export const auditOf = (event: DurableEvent, owner: Owner): AuditEntry | null => {
  const base = { tenantId: owner.tenantId, actor: owner.userId, sessionId: event.sessionId };
  switch (event.type) {
    case 'tool.finished': {
      const { runId, callId, tool, status, decision, durationMs, risk, rules, argsShown } = event.data;
      return {
        ...base,
        type: 'tool.called',
        outcome: status,
        target: tool,
        correlationId: runId,
        durationMs,
        data: {
          callId,
          decision,
          ...(risk !== undefined && { risk }),
          ...(rules !== undefined && { rules }),
          ...(argsShown !== undefined && { args: argsShown }),
        },
      };
    }
    case 'model.answered':
    case 'model.called': {
      const { provider, model, finishReason, usage, durationMs, attempts } = event.data;
      return {
        ...base,
        type: 'model.called',
        outcome: finishReason,
        target: `${provider}/${model}`,
        correlationId: 'runId' in event.data ? event.data.runId : '',
        durationMs,
        data: {
          inputTokens: usage.inputTokens,
          outputTokens: usage.outputTokens,
          ...(usage.costUsd !== undefined && { costUsd: usage.costUsd }),
          attempts: attempts.length,
        },
      };
    }
    case 'approval.requested': {
      const { approvalId, runId, risk, calls, policies, expiresAt, channel } = event.data;
      return {
        ...base,
        type: 'approval.requested',
        outcome: 'ask',
        target: approvalId,
        correlationId: runId,
        channel,
        data: { risk, policies, expiresAt, calls: calls.map(({ tool, digest }) => ({ tool, digest })) },
      };
    }
    case 'approval.settled': {
      const { approvalId, status, scope, by, channel, note } = event.data;
      return {
        ...base,
        actor: by,
        type: 'approval.settled',
        outcome: status,
        target: approvalId,
        channel,
        data: { scope, note: redactPatterns(note) },
      };
    }
    case 'approval.used':
      return {
        ...base,
        type: 'approval.used',
        outcome: 'ok',
        target: event.data.approvalId,
        data: { digest: event.data.digest },
      };
    case 'session.deleted':
      return {
        ...base,
        actor: event.data.by,
        type: 'session.deleted',
        outcome: 'ok',
        target: event.sessionId,
      };
    default:
      return null;
  }
};
