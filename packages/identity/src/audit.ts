import type { AuditEntry, Owner } from '@reeve/core';

/** Tells that somebody did something to an account or a credential. */
export type Audit = (
  who: Owner | { tenantId: string; userId: null },
  type: string,
  more?: Pick<AuditEntry, 'target' | 'data' | 'address'>,
) => void;

/** What somebody tried in vain, or did with what was not theirs. */
const failures: ReadonlySet<string> = new Set(['auth.failed', 'token.reused']);

export const createAudit =
  (tell: (entry: AuditEntry) => void): Audit =>
  ({ tenantId, userId }, type, more = {}) =>
    tell({ tenantId, actor: userId, type, outcome: failures.has(type) ? 'failed' : 'ok', ...more });
