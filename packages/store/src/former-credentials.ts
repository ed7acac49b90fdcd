import type { FormerCredentials } from '@reeve/core';
import type { Committer } from './sqlite/committer.ts';
import type { SqliteHandle } from './sqlite/handle.ts';

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
