import type { Committer } from './sqlite/committer.ts';
import type { SqliteHandle } from './sqlite/handle.ts';

/**
 * Hashes of credentials from before identity had a database of its own. They are read once, when it begins, and then
 * removed, so that none that is revoked later can come back.
 */
export interface FormerCredentials {
  read(): Promise<{
    tokens: { id: string; name: string; hash: string; createdAt: number; lastUsedAt: number | null }[];
    webSessions: { hash: string; createdAt: number; expiresAt: number }[];
    devices: {
      id: string;
      owner: { tenantId: string; userId: string };
      deviceId: string;
      credential: string;
      scopes: string[];
      hash: string;
      createdAt: number;
    }[];
  }>;
  forget(): Promise<void>;
}

export const createFormerCredentials = (
  writer: SqliteHandle,
  reader: SqliteHandle,
  committer: Committer,
): FormerCredentials => ({
  async read() {
    const [tokens, webSessions, devices] = await Promise.all([
      reader.db.selectFrom('tokens').selectAll().execute(),
      reader.db.selectFrom('web_sessions').selectAll().execute(),
      reader.db.selectFrom('device_tokens').selectAll().execute(),
    ]);
    return {
      tokens: tokens.map(({ id, name, hash, created_at, last_used_at }) => ({
        id,
        name,
        hash,
        createdAt: created_at,
        lastUsedAt: last_used_at,
      })),
      webSessions: webSessions.map(({ hash, created_at, expires_at }) => ({
        hash,
        createdAt: created_at,
        expiresAt: expires_at,
      })),
      devices: devices.map((row) => ({
        id: row.id,
        owner: { tenantId: row.tenant, userId: row.owner },
        deviceId: row.device_id,
        credential: row.credential,
        scopes: JSON.parse(row.scopes_json) as string[],
        hash: row.hash,
        createdAt: row.created_at,
      })),
    };
  },
  forget: () =>
    committer.write(async () => {
      await writer.db.deleteFrom('tokens').execute();
      await writer.db.deleteFrom('web_sessions').execute();
      await writer.db.deleteFrom('device_tokens').execute();
    }),
});
