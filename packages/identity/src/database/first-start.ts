import { type Clock, homeTenant, type NewId, ownerId } from '@reeve/core';
import type { Db } from './schema.ts';

/** Ends the addresses of accounts that have none: nothing can ever be delivered there (RFC 2606). */
export const noAddress = '@reeve.invalid';

/** Rows of Reeve before it knew people: hashes of credentials that all were the owner's. */
export interface FormerCredentials {
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
}

/** The first tenant and its owner, and what was there before there were people. Does nothing the second time. */
export const prepareFirstStart = async (
  db: Db,
  deps: { clock: Clock; newId: NewId; former: () => FormerCredentials | Promise<FormerCredentials> },
): Promise<void> => {
  const name = 'first-start';
  const done = await db.selectFrom('reeve_done').select('name').where('name', '=', name).executeTakeFirst();
  if (done) return;
  const { tokens, webSessions, devices } = await deps.former();
  const now = deps.clock.now();
  const at = new Date(now).toISOString();
  const owner = { tenant_id: homeTenant, user_id: ownerId };
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('organization')
      .values({ id: homeTenant, name: 'Home', slug: homeTenant, createdAt: at })
      .execute();
    await tx
      .insertInto('user')
      .values({
        id: ownerId,
        name: 'Owner',
        email: ownerId + noAddress,
        emailVerified: 0,
        image: null,
        createdAt: at,
        updatedAt: at,
      })
      .execute();
    await tx
      .insertInto('member')
      .values({
        id: deps.newId('mem_'),
        organizationId: homeTenant,
        userId: ownerId,
        role: 'admin',
        createdAt: at,
      })
      .execute();
    for (const { id, name, hash, createdAt, lastUsedAt } of tokens)
      await tx
        .insertInto('reeve_key')
        .values({
          ...owner,
          id,
          name,
          hash,
          masked: 'rv_…',
          scopes_json: null,
          created_at: createdAt,
          expires_at: null,
          last_used_at: lastUsedAt,
        })
        .execute();
    for (const { hash, createdAt, expiresAt } of webSessions)
      await tx
        .insertInto('reeve_session')
        .values({
          ...owner,
          // Devices that were admitted by a cookie name it by its hash.
          id: hash,
          kind: 'cookie',
          hash,
          user_agent: '',
          address: '',
          created_at: createdAt,
          last_used_at: createdAt,
          expires_at: expiresAt,
        })
        .execute();
    for (const { id, deviceId, credential, scopes, hash, createdAt } of devices)
      await tx
        .insertInto('reeve_device')
        .values({
          ...owner,
          id,
          device_id: deviceId,
          credential,
          scopes_json: JSON.stringify(scopes),
          hash,
          created_at: createdAt,
        })
        .execute();
    await tx.insertInto('reeve_done').values({ name, at: now }).execute();
  });
};
