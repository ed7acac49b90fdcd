import type { Approval, ApprovalStatus } from '@reeve/protocol';
import type { Owner } from '../gate/actor.ts';

/** A question as the store knows it. `owner` is whose session it stands in. */
export interface StoredApproval extends Omit<Approval, 'mayDecide' | 'alwaysWithheld'> {
  owner: Owner;
}

/** The questions of a tenant, or of one person in it. */
export interface ApprovalQuery {
  tenantId: string;
  userId?: string | undefined;
  status?: ApprovalStatus | undefined;
  sessionId?: string | undefined;
  limit: number;
}

export interface ApprovalReads {
  approval(tenantId: string, id: string): Promise<StoredApproval | null>;
  /** The newest first. */
  approvals(query: ApprovalQuery): Promise<StoredApproval[]>;
  /** The question that named a call of a run; looked for before each call. */
  approvalOfCall(tenantId: string, runId: string, callKey: string): Promise<StoredApproval | null>;
  /** One of a run that allowed a step of a plan with this digest. */
  approvalFor(sessionId: string, runId: string, digest: string): Promise<StoredApproval | null>;
  /** Whether a tool was allowed for a session at or after `since`. */
  sessionGrant(sessionId: string, tool: string, since: number): Promise<StoredApproval | null>;
}
