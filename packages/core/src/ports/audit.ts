import type { Json } from '@reeve/protocol';

/** One fact of the security view. Never holds a secret: whoever adds it has redacted it. */
export interface AuditEntry {
  tenantId: string;
  /** Who did it; null when nobody was proven. */
  actor: string | null;
  /** `noun.verb`: tool.called, approval.settled, auth.login, policy.saved … */
  type: string;
  /** What came of it: allow, deny, ask; ok, failed … Empty where that has no sense. */
  outcome?: string;
  /** Whom or what it is about: a tool, a person, a secret, a policy. */
  target?: string;
  sessionId?: string;
  /** Ties together what belongs to one run or request. */
  correlationId?: string;
  channel?: string;
  address?: string;
  durationMs?: number;
  data?: Record<string, Json>;
}

/** An entry as it stands in the chain of its tenant; `seq` counts from 1 without gaps. */
export interface AuditRecord extends AuditEntry {
  seq: number;
  /** Unix time, ms. */
  at: number;
  /** SHA-256, hex, over the hash before it and the entry. */
  hash: string;
}

export interface AuditQuery {
  tenantId: string;
  /** Beginning of the type, such as `tool` or `auth.login`. */
  type?: string | undefined;
  outcome?: string | undefined;
  actor?: string | undefined;
  target?: string | undefined;
  sessionId?: string | undefined;
  correlationId?: string | undefined;
  since?: number | undefined;
  /** Places before this one, for the next page. */
  before?: number | undefined;
  limit: number;
}

export type AuditProblemKind =
  | 'changed'
  | 'missing'
  | 'truncated'
  | 'forged-tail'
  | 'bad-signature'
  | 'bad-checkpoint';

export interface AuditVerdict {
  isIntact: boolean;
  entries: number;
  /** First and last place that is there. */
  from: number;
  to: number;
  checkpoints: number;
  /** Fingerprint of the key of the signatures. */
  key: string;
  problems: { kind: AuditProblemKind; seq: number; message: string }[];
}

/** The name by which a bundle is known. */
export const auditBundleFormat = 'reeve-audit-1';

/** A piece of a file; the pieces in order are the file. */
export interface AuditPart {
  content: string;
  /** What the next piece is asked for with; null = this was the last. */
  next: string | null;
}

export interface AuditStats {
  entries: number;
  from: number;
  to: number;
  byType: { type: string; outcome: string; count: number }[];
}

/** A head of the chain, signed: what stood at `seq` at that time. `isAnchor` = what came before was removed in order. */
export interface AuditCheckpoint {
  tenantId: string;
  seq: number;
  hash: string;
  at: number;
  isAnchor: boolean;
  /** Ed25519 over the fields, base64url. */
  signature: string;
}

/**
 * The append-only record of what mattered. `append` resolves when the entry is durable; entries of one write stand
 * in order. `verify` reads everything once, in constant memory. Whatever reads or removes much goes in steps and
 * lets others run between them.
 */
export interface AuditLedger {
  append(entry: AuditEntry): Promise<void>;
  /** The newest first. */
  query(query: AuditQuery): Promise<AuditRecord[]>;
  stats(tenantId: string, since: number): Promise<AuditStats>;
  /** A piece of what others can verify on their own; `cursor` is the `next` of the piece before. */
  bundle(tenantId: string, cursor: string | undefined): Promise<AuditPart>;
  tenants(): Promise<string[]>;
  verify(tenantId: string, signal: AbortSignal): Promise<AuditVerdict>;
  /** Removes entries older than `before`, up to the last checkpoint behind them; the chain stays verifiable. `mayRemove` is asked inside each write. How many. */
  prune(tenantId: string, before: number, mayRemove: () => boolean): Promise<number>;
}
