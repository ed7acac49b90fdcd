import { type AuditEntry, auditOf, BoundedMap, homeTenant, type Owner } from '@reeve/core';
import type { DurableEvent } from '@reeve/protocol';
import type { Db } from '../sqlite/handle.ts';
import { prepared } from '../sqlite/prepared.ts';

/** Sessions whose owner is kept in memory; any can be read again. */
const ownerLimit = 10_000;

const selectOwner = prepared<{ id: string }, { tenant: string; owner: string }>((db, p) =>
  db.selectFrom('sessions').select(['tenant', 'owner']).where('id', '=', p.id),
);

/** Adds what the journal says of security to the audit, in the same transaction. A session never changes its owner. */
export const createJournalView = (db: Db, append: (entry: AuditEntry) => Promise<void>) => {
  const owners = new BoundedMap<string, Owner>(ownerLimit);
  const ownerOf = async (event: DurableEvent): Promise<Owner | null> => {
    const known = owners.get(event.sessionId);
    if (known) return known;
    const [row] = await selectOwner(db, { id: event.sessionId });
    if (!row) return null;
    const owner = { tenantId: row.tenant, userId: row.owner };
    owners.set(event.sessionId, owner);
    return owner;
  };
  return {
    async add(event: DurableEvent): Promise<void> {
      if (event.type === 'session.created') {
        const { tenantId = homeTenant, owner } = event.data;
        owners.set(event.sessionId, { tenantId, userId: owner });
        return;
      }
      const told = auditOf(event);
      const owner = told && (await ownerOf(event));
      if (owner) await append({ tenantId: owner.tenantId, actor: owner.userId, ...told });
    },
    /** After a write was taken back, which may have made a session. */
    forget: () => owners.clear(),
  };
};
