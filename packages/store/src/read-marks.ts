import type { Owner } from '@reeve/core';
import { sql } from 'kysely';
import type { Db } from './sqlite/handle.ts';
import { prepared } from './sqlite/prepared.ts';

const move = prepared<{ sessionId: string; tenant: string; owner: string; seq: number }, { seq: number }>(
  (db, p) =>
    db
      .insertInto('read_marks')
      .values({ session_id: p.sessionId, tenant: p.tenant, owner: p.owner, seq: p.seq })
      .onConflict((known) =>
        known
          .columns(['session_id', 'tenant', 'owner'])
          .doUpdateSet((eb) => ({ seq: eb.ref('excluded.seq') }))
          .whereRef('excluded.seq', '>', 'read_marks.seq'),
      )
      .returning('seq'),
);

/** Inside a write. True when the mark moved. */
export const markRead = async (db: Db, owner: Owner, sessionId: string, seq: number): Promise<boolean> =>
  (await move(db, { sessionId, tenant: owner.tenantId, owner: owner.userId, seq })).length > 0;

export const findReadMarks = async (
  db: Db,
  owner: Owner,
  sessionIds: readonly string[],
): Promise<Map<string, number>> => {
  const rows = await db
    .selectFrom('read_marks')
    .select(['session_id', 'seq'])
    // One parameter for any number of them: statements are kept by their text.
    .where('session_id', 'in', sql<string>`(SELECT value FROM json_each(${JSON.stringify(sessionIds)}))`)
    .where('tenant', '=', owner.tenantId)
    .where('owner', '=', owner.userId)
    .execute();
  return new Map(rows.map(({ session_id, seq }) => [session_id, seq]));
};
