import type { AuditEntry } from '../ports/audit.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';

/** Adds to the audit. Nobody waits for it. */
export type Tell = (entry: AuditEntry) => void;

/** It rides with the next write: what it tells of has happened, and is not undone by a failing disk. */
export const createTell =
  (store: Pick<Store, 'write'>, log: Log): Tell =>
  (entry) => {
    store
      .write((tx) => tx.audit(entry), { isLazy: true })
      .catch((error: unknown) => log.error({ type: entry.type, err: error }, 'an audit entry was lost'));
  };
