import type { AuditCheckpoint } from '@reeve/core';
import type { Selectable } from 'kysely';
import type { Db } from '../sqlite/handle.ts';
import type { Schema } from '../sqlite/schema.ts';

type Row = Selectable<Schema['audit_checkpoints']>;

const toCheckpoint = ({ tenant, is_anchor, ...row }: Row): AuditCheckpoint => ({
  tenantId: tenant,
  isAnchor: is_anchor === 1,
  ...row,
});

/** Those kept in the database, in order. */
export const readCheckpoints = async (db: Db, tenantId: string): Promise<AuditCheckpoint[]> =>
  (
    await db
      .selectFrom('audit_checkpoints')
      .selectAll()
      .where('tenant', '=', tenantId)
      .orderBy('seq')
      .execute()
  ).map(toCheckpoint);

/** The signed end of a chain; null where there is no chain. */
export const readHead = async (db: Db, tenantId: string): Promise<AuditCheckpoint | null> => {
  const head = await db
    .selectFrom('audit_heads')
    .select(['seq', 'hash', 'at', 'signature'])
    .where('tenant', '=', tenantId)
    .executeTakeFirst();
  return head ? { tenantId, isAnchor: false, ...head } : null;
};

/** Inside a write. */
export const insertCheckpoint = async (
  db: Db,
  { tenantId, isAnchor, ...checkpoint }: AuditCheckpoint,
): Promise<void> => {
  await db
    .insertInto('audit_checkpoints')
    .values({ tenant: tenantId, is_anchor: Number(isAnchor), ...checkpoint })
    .execute();
};
