import { ownerActor } from '@reeve/core';
import { expect, test } from 'vitest';
import { createBetterAuth } from '../src/better-auth/instance.ts';
import { migrate } from '../src/database/migrate.ts';
import { createBox } from '../src/secrets.ts';
import { openDatabase, openWorld } from './database.ts';

const owner = ownerActor('cli');
const bearing = (bearer: string) => ({ bearer, cookie: undefined, channel: 'http' });

test('F234 better-auth finds the tables as its own migration would make them', async () => {
  const { db } = openDatabase();
  await migrate(db);
  const { options } = createBetterAuth({
    db,
    secret: 'a secret that is long enough for better-auth',
    origin: 'http://localhost',
    pending: { take: () => null },
    changed: async () => {},
  });
  const { getMigrations } = await import('better-auth/db/migration');
  const { toBeCreated, toBeAdded } = await getMigrations(options);
  expect([toBeCreated, toBeAdded]).toEqual([[], []]);
});

test('F302 a database of a later Reeve is left alone', async () => {
  const { db } = openDatabase();
  await migrate(db);
  const { sql } = await import('kysely');
  await sql`PRAGMA user_version = 99`.execute(db);
  await expect(migrate(db)).rejects.toMatchObject({ fault: { code: 'DATABASE_TOO_NEW' } });
});

test('F225 what was asked lately is answered without the database', async () => {
  const { identity, queries } = await openWorld();
  const { token } = await identity.keys.create(owner, { name: 'a' });
  expect(await identity.authenticate(bearing(token))).toMatchObject({ actor: { userId: 'owner' } });
  queries.length = 0;
  for (let count = 0; count < 100; count += 1)
    expect(await identity.authenticate(bearing(token))).not.toBeNull();
  expect(queries).toEqual([]);
});

test('F225 a key that is revoked while it is being looked up does not stay known', async () => {
  const { identity } = await openWorld();
  const { id, token } = await identity.keys.create(owner, { name: 'a' });
  const looking = identity.authenticate(bearing(token));
  const revoking = identity.keys.revoke(owner, id);
  await Promise.all([looking, revoking]);
  expect(await identity.authenticate(bearing(token))).toBeNull();
});

test('F235 ends that were asked for are called once each, and not after they were called off', async () => {
  const { identity } = await openWorld();
  const { id, token } = await identity.keys.create(owner, { name: 'a' });
  const principal = (await identity.authenticate(bearing(token)))!;
  const ended: string[] = [];
  identity.onRevoked(principal, () => ended.push('kept'));
  identity.onRevoked(principal, () => ended.push('called off'))();
  await identity.keys.revoke(owner, id);
  expect(ended).toEqual(['kept']);
});

test('F235 a credential that ended while its request was coming begins nothing', async () => {
  const { identity } = await openWorld();
  const { id, token } = await identity.keys.create(owner, { name: 'a' });
  const principal = (await identity.authenticate(bearing(token)))!;
  const client = { address: '127.0.0.1', userAgent: 'a test' };
  const before = identity.signIn.newLoginCode(owner, principal);
  const another = identity.signIn.newLoginCode(owner);
  await identity.keys.revoke(owner, id);
  const after = identity.signIn.newLoginCode(owner, principal);
  for (const code of [before, after])
    await expect(identity.signIn.byLoginCode(code, client)).rejects.toMatchObject({
      fault: { code: 'LOGIN_EXPIRED' },
    });
  expect(await identity.signIn.byLoginCode(another, client)).toMatchObject({ status: 'ok' });
});

test('F216 every change is told to the audit: who, what, about what, and no secret', async () => {
  const { identity, events } = await openWorld();
  const { id, token } = await identity.keys.create(owner, { name: 'a' });
  await identity.keys.revoke(owner, id);
  const { code } = await identity.administration.invite(owner, { role: 'user' }, (text) => text);
  expect(events).toMatchObject([
    { tenantId: 'home', actor: 'owner', type: 'key.created', target: id },
    { tenantId: 'home', actor: 'owner', type: 'key.revoked', target: id },
    { tenantId: 'home', actor: 'owner', type: 'invite.created' },
  ]);
  for (const secret of [token, code]) expect(JSON.stringify(events)).not.toContain(secret);
});

test('F240 the guest of a name is one account, also when several requests make it at once', async () => {
  const { identity } = await openWorld();
  const made = await Promise.all(['Kai', 'kai', 'KAI'].map((name) => identity.guest(name)));
  expect(new Set(made.map((guest) => guest?.userId)).size).toBe(1);
  expect(identity.people.find(made[0]!)).toMatchObject({ role: 'guest', tenantId: 'home' });
});

test('F234 what was sealed opens with its key alone, and not when a bit of it was changed', () => {
  const box = createBox(Buffer.alloc(32, 1));
  const sealed = box.seal('a secret');
  expect(box.open(sealed)).toBe('a secret');
  expect(sealed).not.toContain('secret');
  expect(() => createBox(Buffer.alloc(32, 2)).open(sealed)).toThrow();
  const changed = Buffer.from(sealed, 'base64url');
  changed[changed.length - 1]! ^= 1;
  expect(() => box.open(changed.toString('base64url'))).toThrow();
});
