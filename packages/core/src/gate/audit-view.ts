import type { DurableEvent } from '@reeve/protocol';
import type { AuditEntry } from '../ports/audit.ts';

/** Characters of a call's arguments that are shown of it later; its digest stands for all of them. */
export const shownArgsLimit = 2_000;

/** What an event tells the audit; whoever has the session did it unless it says otherwise. */
type Told = Omit<AuditEntry, 'tenantId' | 'actor'> & Partial<Pick<AuditEntry, 'actor'>>;

/** What of the journal belongs into the audit, told once per event. Null for what is conversation and not security. */
export const auditOf = (event: DurableEvent): Told | null => {
  const { sessionId } = event;
  switch (event.type) {
    case 'tool.finished': {
      const { runId, callId, tool, status, decision, durationMs, risk, rules, argsShown } = event.data;
      return {
        sessionId,
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
        sessionId,
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
        sessionId,
        type: 'approval.requested',
        outcome: 'ask',
        target: approvalId,
        correlationId: runId,
        channel,
        data: {
          risk,
          policies,
          expiresAt,
          calls: calls.map(({ tool, digest, argsShown = '' }) => ({ tool, digest, args: argsShown })),
        },
      };
    }
    case 'approval.settled': {
      const { approvalId, status, scope, by, channel, note } = event.data;
      return {
        sessionId,
        actor: by,
        type: 'approval.settled',
        outcome: status,
        target: approvalId,
        channel,
        data: { scope, note },
      };
    }
    case 'approval.used':
      return {
        sessionId,
        type: 'approval.used',
        outcome: 'ok',
        target: event.data.approvalId,
        data: { digest: event.data.digest },
      };
    case 'session.deleted':
      return {
        sessionId,
        actor: event.data.by,
        type: 'session.deleted',
        outcome: 'ok',
        target: sessionId,
      };
    default:
      return null;
  }
};
