import type { Committer } from './sqlite/committer.ts';
import type { SqliteHandle } from './sqlite/handle.ts';

export interface StoredToken {
  id: string;
  name: string;
  createdAt: number;
  lastUsedAt: number | null;
}

/**
 * Hashes of bearer tokens and cookie sessions; the values themselves are never stored. Until identity has a
 * package of its own, all of them belong to the one owner.
 */
export interface Credentials {
  addToken(token: { id: string; name: string; hash: string; createdAt: number }): Promise<void>;
  tokens(): Promise<StoredToken[]>;
  tokenByHash(hash: string): Promise<StoredToken | null>;
  touchToken(id: string, at: number): Promise<void>;
  removeToken(id: string): Promise<boolean>;
  addWebSession(session: { hash: string; createdAt: number; expiresAt: number }): Promise<void>;
  /** Unix ms of its end, or null when there is none. */
  webSessionExpiry(hash: string): Promise<number | null>;
  removeWebSession(hash: string): Promise<void>;
}

export const createCredentials = (
  writer: SqliteHandle,
  reader: SqliteHandle,
  committer: Committer,
): Credentials => {
  const toToken = (row: {
    id: string;
    name: string;
    created_at: number;
    last_used_at: number | null;
  }): StoredToken => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  });
  return {
    addToken: ({ createdAt, ...token }) =>
      committer.write(async () => {
        await writer.db
          .insertInto('tokens')
          .values({ ...token, created_at: createdAt, last_used_at: null })
          .execute();
      }),
    tokens: async () =>
      (await reader.db.selectFrom('tokens').selectAll().orderBy('created_at').execute()).map(toToken),
    async tokenByHash(hash) {
      const row = await reader.db
        .selectFrom('tokens')
        .selectAll()
        .where('hash', '=', hash)
        .executeTakeFirst();
      return row ? toToken(row) : null;
    },
    touchToken: (id, at) =>
      committer.write(
        async () => {
          await writer.db.updateTable('tokens').set({ last_used_at: at }).where('id', '=', id).execute();
        },
        { isLazy: true },
      ),
    removeToken: (id) =>
      committer.write(
        async () =>
          (await writer.db.deleteFrom('tokens').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n,
      ),
    addWebSession: ({ hash, createdAt, expiresAt }) =>
      committer.write(async () => {
        await writer.db.deleteFrom('web_sessions').where('expires_at', '<=', createdAt).execute();
        await writer.db
          .insertInto('web_sessions')
          .values({ hash, created_at: createdAt, expires_at: expiresAt })
          .execute();
      }),
    async webSessionExpiry(hash) {
      const row = await reader.db
        .selectFrom('web_sessions')
        .select('expires_at')
        .where('hash', '=', hash)
        .executeTakeFirst();
      return row?.expires_at ?? null;
    },
    removeWebSession: (hash) =>
      committer.write(async () => {
        await writer.db.deleteFrom('web_sessions').where('hash', '=', hash).execute();
      }),
  };
};
