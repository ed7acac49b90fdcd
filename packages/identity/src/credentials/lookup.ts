import { BoundedMap, type Owner } from '@reeve/core';
import type { Db } from '../database/schema.ts';

/** What a secret stands for. */
export interface Credential {
  kind: 'key' | 'cookie';
  id: string;
  owner: Owner;
  /** Absent = all that its owner may. */
  scopes?: readonly string[];
  /** Unix ms; null = never. */
  expiresAt: number | null;
}

/** From the hash of a secret to what it stands for. What was asked lately is answered from memory. */
export interface Lookup {
  key(hash: string): Promise<Credential | null> | Credential | null;
  cookie(hash: string): Promise<Credential | null> | Credential | null;
  /** Whether tokens of a session are still good: its owner, or null when it ended. */
  session(id: string): Promise<Credential | null> | Credential | null;
  /** After every change of what is stored. */
  forget(): void;
}

const remembered = 10_000;

export const createLookup = (db: Db): Lookup => {
  const empty = () => new BoundedMap<string, Credential>(remembered);
  let known = empty();
  const find = (
    name: string,
    read: () => Promise<Credential | null>,
  ): Promise<Credential | null> | Credential | null => {
    const hit = known.get(name);
    return hit ?? readAndRemember(name, read);
  };
  const readAndRemember = async (name: string, read: () => Promise<Credential | null>) => {
    for (;;) {
      const before = known;
      const credential = await read();
      // Something was taken back meanwhile: what was read may be older than that.
      if (before !== known) continue;
      if (credential) known.set(name, credential);
      return credential;
    }
  };

  const sessions = db
    .selectFrom('reeve_session')
    .select(['id', 'tenant_id', 'user_id', 'expires_at'])
    .$narrowType<{ expires_at: number }>();
  const ofSession = (
    row: { id: string; tenant_id: string; user_id: string; expires_at: number } | undefined,
  ): Credential | null =>
    row
      ? {
          kind: 'cookie',
          id: row.id,
          owner: { tenantId: row.tenant_id, userId: row.user_id },
          expiresAt: row.expires_at,
        }
      : null;

  return {
    key: (hash) =>
      find(`key ${hash}`, async () => {
        const row = await db
          .selectFrom('reeve_key')
          .select(['id', 'tenant_id', 'user_id', 'scopes_json', 'expires_at'])
          .where('hash', '=', hash)
          .executeTakeFirst();
        if (!row) return null;
        return {
          kind: 'key',
          id: row.id,
          owner: { tenantId: row.tenant_id, userId: row.user_id },
          ...(row.scopes_json !== null && { scopes: JSON.parse(row.scopes_json) as string[] }),
          expiresAt: row.expires_at,
        };
      }),
    cookie: (hash) =>
      find(`cookie ${hash}`, async () =>
        ofSession(await sessions.where('hash', '=', hash).where('kind', '=', 'cookie').executeTakeFirst()),
      ),
    session: (id) =>
      find(`session ${id}`, async () =>
        ofSession(await sessions.where('id', '=', id).where('kind', '=', 'tokens').executeTakeFirst()),
      ),
    forget() {
      known = empty();
    },
  };
};
