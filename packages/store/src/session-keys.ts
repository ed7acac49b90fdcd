import type { Owner } from '@reeve/core';
import type { Committer } from './sqlite/committer.ts';
import type { SqliteHandle } from './sqlite/handle.ts';

/** Names of sessions, each an owner's own. A plain table beside the journal: what a name stands for may change. */
export interface SessionKeys {
  sessionOf(owner: Owner, key: string): Promise<string | null>;
  keyOf(owner: Owner, sessionId: string): Promise<string | null>;
  /** From now on `key` stands for this session. */
  bind(owner: Owner, key: string, sessionId: string): Promise<void>;
}

export const createSessionKeys = (
  writer: SqliteHandle,
  reader: SqliteHandle,
  committer: Committer,
): SessionKeys => ({
  async sessionOf(owner, key) {
    const row = await reader.db
      .selectFrom('session_keys')
      .select('session_id')
      .where('tenant', '=', owner.tenantId)
      .where('owner', '=', owner.userId)
      .where('key', '=', key)
      .executeTakeFirst();
    return row?.session_id ?? null;
  },
  async keyOf(owner, sessionId) {
    const row = await reader.db
      .selectFrom('session_keys')
      .select('key')
      .where('session_id', '=', sessionId)
      .where('tenant', '=', owner.tenantId)
      .where('owner', '=', owner.userId)
      .executeTakeFirst();
    return row?.key ?? null;
  },
  bind: (owner, key, sessionId) =>
    committer.write(async () => {
      await writer.db
        .insertInto('session_keys')
        .values({ tenant: owner.tenantId, owner: owner.userId, key, session_id: sessionId })
        .onConflict((known) =>
          known.columns(['tenant', 'owner', 'key']).doUpdateSet({ session_id: sessionId }),
        )
        .execute();
    }),
});
