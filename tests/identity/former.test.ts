import { hash } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { as } from './support.ts';

const token = `rv_${'a'.repeat(43)}`;
const cookie = `rvs_${'b'.repeat(43)}`;
const digest = (value: string) => hash('sha256', value);

test('F225 F235 keys and sessions from before there were people stay good, as the owner’s, and come over once', async () => {
  await using harness = await startHarness({ model: null });
  const later = Date.now() + 86_400_000;
  const before = new DatabaseSync(join(harness.home, 'reeve.db'));
  before.prepare("INSERT INTO tokens VALUES ('tok_old', 'old', ?, 1, NULL)").run(digest(token));
  before.prepare('INSERT INTO web_sessions VALUES (?, 1, ?)').run(digest(cookie), later);
  before.close();
  // As if Reeve had never known people: the next start begins with nothing but what the journal's database has.
  for (const end of ['', '-wal', '-shm']) rmSync(join(harness.home, `identity.db${end}`), { force: true });
  await harness.restart();
  const isIn = async () => [
    (await as(harness, { bearer: token }, 'GET', '/api/account')).json.person?.id,
    (await as(harness, { cookie: `reeve_session=${cookie}` }, 'GET', '/api/account')).json.person?.id,
  ];
  expect(await isIn()).toEqual(['owner', 'owner']);
  const { tokens } = await harness.client.auth.listTokens();
  expect(tokens).toMatchObject([{ id: 'tok_old', name: 'old', scopes: null }]);
  // What is revoked now cannot come back from where it was.
  await harness.client.auth.revokeToken({ id: 'tok_old' });
  const db = new DatabaseSync(join(harness.home, 'reeve.db'), { readOnly: true });
  expect(db.prepare('SELECT count(*) AS n FROM tokens').get()).toEqual({ n: 0 });
  db.close();
  await harness.restart();
  expect(await isIn()).toEqual([undefined, 'owner']);
});

test('F234 F235 no secret is readable in the database of accounts, and its files are for their owner alone', async () => {
  await using harness = await startHarness({ model: null });
  const key = await harness.client.auth.createToken({ name: 'hidden' });
  const file = join(harness.home, 'identity.db');
  const bytes = ['', '-wal'].map((end) => readFileSync(file + end, 'latin1')).join('');
  expect(bytes).not.toContain(key.token);
  for (const name of ['identity.db', 'identity.db-wal', 'keys/identity.key'])
    expect(statSync(join(harness.home, name)).mode & 0o077, name).toBe(0);
});
