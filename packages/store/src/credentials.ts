import type { Owner } from '@reeve/core';
import type { Committer } from './sqlite/committer.ts';
import type { SqliteHandle } from './sqlite/handle.ts';
import type { Schema } from './sqlite/schema.ts';

export interface StoredToken {
  id: string;
  name: string;
  createdAt: number;
  lastUsedAt: number | null;
}

/** What a device that proved its key may use instead of the credential it was admitted with. */
export interface StoredDeviceToken {
  id: string;
  owner: Owner;
  deviceId: string;
  credential: string;
  scopes: string[];
  hash: string;
  createdAt: number;
}

/** Live tokens of one device; the oldest gives way. Two programs on one device may share an identity. */
const tokensPerDevice = 8;

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
  addDeviceToken(token: StoredDeviceToken): Promise<void>;
  deviceTokenByHash(hash: string): Promise<StoredDeviceToken | null>;
  /** Newest first. */
  deviceTokens(owner: Owner): Promise<StoredDeviceToken[]>;
  /** True when there was one. */
  removeDevice(owner: Owner, deviceId: string): Promise<boolean>;
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
  const forgetDevices = (credential: string) =>
    writer.db.deleteFrom('device_tokens').where('credential', '=', credential).execute();
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
      committer.write(async () => {
        await forgetDevices(id);
        return (
          (await writer.db.deleteFrom('tokens').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n
        );
      }),
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
    addDeviceToken: ({ deviceId, createdAt, scopes, owner, ...token }) =>
      committer.write(async () => {
        await writer.db
          .insertInto('device_tokens')
          .values({
            ...token,
            tenant: owner.tenantId,
            owner: owner.userId,
            device_id: deviceId,
            created_at: createdAt,
            scopes_json: JSON.stringify(scopes),
          })
          .execute();
        await writer.db
          .deleteFrom('device_tokens')
          .where('device_id', '=', deviceId)
          .where('tenant', '=', owner.tenantId)
          .where('owner', '=', owner.userId)
          .where('id', 'not in', (old) =>
            old
              .selectFrom('device_tokens')
              .select('id')
              .where('device_id', '=', deviceId)
              .where('tenant', '=', owner.tenantId)
              .where('owner', '=', owner.userId)
              .orderBy('created_at', 'desc')
              .orderBy('id', 'desc')
              .limit(tokensPerDevice),
          )
          .execute();
      }),
    async deviceTokenByHash(hash) {
      const row = await reader.db
        .selectFrom('device_tokens')
        .selectAll()
        .where('hash', '=', hash)
        .executeTakeFirst();
      return row ? toDeviceToken(row) : null;
    },
    deviceTokens: async (owner) =>
      (
        await reader.db
          .selectFrom('device_tokens')
          .selectAll()
          .where('tenant', '=', owner.tenantId)
          .where('owner', '=', owner.userId)
          .orderBy('created_at', 'desc')
          .execute()
      ).map(toDeviceToken),
    removeDevice: (owner, deviceId) =>
      committer.write(
        async () =>
          (
            await writer.db
              .deleteFrom('device_tokens')
              .where('tenant', '=', owner.tenantId)
              .where('owner', '=', owner.userId)
              .where('device_id', '=', deviceId)
              .executeTakeFirst()
          ).numDeletedRows > 0n,
      ),
  };
};

const toDeviceToken = (row: Schema['device_tokens']): StoredDeviceToken => ({
  id: row.id,
  owner: { tenantId: row.tenant, userId: row.owner },
  deviceId: row.device_id,
  credential: row.credential,
  scopes: JSON.parse(row.scopes_json) as string[],
  hash: row.hash,
  createdAt: row.created_at,
});
