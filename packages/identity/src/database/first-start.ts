import { type Clock, type FormerCredentials, homeTenant, type NewId, ownerId } from '@reeve/core';
import { addPerson } from '../people/add-person.ts';
import type { Db } from './schema.ts';

/** Ends the addresses of accounts that have none: nothing can ever be delivered there (RFC 2606). */
export const noAddress = '@reeve.invalid';

/** The first tenant and its owner, and what was there before there were people. Does nothing the second time. */
export const prepareFirstStart = async (
  db: Db,
  deps: { clock: Clock; newId: NewId; former: FormerCredentials },
): Promise<void> => {
  const name = 'first-start';
  const done = await db.selectFrom('reeve_done').select('name').where('name', '=', name).executeTakeFirst();
  if (done) return;
  const { tokens, webSessions, devices } = await deps.former.read();
  const now = deps.clock.now();
  const owner = { tenantId: homeTenant, userId: ownerId };
  const whose = { tenant_id: homeTenant, user_id: ownerId };
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('organization')
      .values({ id: homeTenant, name: 'Home', slug: homeTenant, createdAt: new Date(now).toISOString() })
      .execute();
    await addPerson(tx, owner, {
      name: 'Owner',
      email: ownerId + noAddress,
      isVerified: false,
      role: 'admin',
      memberId: deps.newId('mem_'),
      now,
    });
    for (const { id, name, hash, createdAt, lastUsedAt } of tokens)
      await tx
        .insertInto('reeve_key')
        .values({
          ...whose,
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
          ...whose,
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
          ...whose,
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
  await deps.former.forget();
};
