import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  as,
  cookieOf,
  goodPassword,
  join as joinPerson,
  otherPassword,
  ownerBrowser,
  signIn,
} from './support.ts';

const clock = createFakeClock();
let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness({ model: null, clock });
});
afterAll(() => harness[Symbol.asyncDispose]());

const email = 'olga@example.org';
const nextMinute = () => clock.advance(61_000);

test('F234 F022 at the first start the login link makes the owner, who then signs in by address and password', async () => {
  const browser = await ownerBrowser(harness);
  const before = await as(harness, browser, 'GET', '/api/account');
  expect(before.json).toMatchObject({
    person: { id: 'owner', role: 'admin', email: null },
    tenant: { id: 'home' },
    hasPassword: false,
  });
  const without = await as(harness, browser, 'POST', '/api/account/password', { password: goodPassword });
  expect(without.json.code).toBe('INVALID_PARAMS');
  const set = await as(harness, browser, 'POST', '/api/account/password', {
    email: 'Olga@Example.org',
    name: 'Olga',
    password: goodPassword,
  });
  expect(set.status).toBe(200);
  const answer = await signIn(harness, email, goodPassword);
  expect(answer.json).toEqual({ status: 'ok' });
  const account = await as(harness, cookieOf(answer), 'GET', '/api/account');
  expect(account.json).toMatchObject({ person: { id: 'owner', name: 'Olga', email }, hasPassword: true });
  // The machine's own way in stays.
  expect((await as(harness, await ownerBrowser(harness), 'GET', '/api/account')).status).toBe(200);
});

test.each([
  ['short', 'a1B!c2D'],
  ['a word everybody takes', 'password12345'],
  ['a row of keys', 'qwertyuiop12'],
  ['the address in it', 'olga-olga-olga-7'],
])('F234 a password that is easy to guess is refused: %s', async (_what, password) => {
  const browser = await ownerBrowser(harness);
  const answer = await as(harness, browser, 'POST', '/api/account/password', {
    current: goodPassword,
    password,
  });
  expect([answer.status, answer.json.code]).toEqual([400, 'PASSWORD_WEAK']);
  expect(answer.body).not.toContain(password);
});

test('F234 a wrong password and an address that nobody has get the same answer', async () => {
  await nextMinute();
  const [wrong, unknown] = [
    await signIn(harness, email, 'not the password'),
    await signIn(harness, 'nobody@example.org', 'not the password'),
  ];
  const comparable = ({ timestamp: _timestamp, ...rest }: Record<string, unknown>) => rest;
  expect(wrong.status).toBe(401);
  expect(comparable(wrong.json)).toEqual(comparable(unknown.json));
  expect(wrong.headers['set-cookie']).toBeUndefined();
});

test('F234 F242 five wrong passwords lock the account for longer each time, also for the right one', async () => {
  await joinPerson(harness, { email: 'lars@example.org' });
  await nextMinute();
  for (let count = 0; count < 5; count += 1)
    expect((await signIn(harness, 'lars@example.org', `wrong ${count}`)).status).toBe(401);
  const locked = await signIn(harness, 'Lars@example.org', goodPassword);
  expect([locked.status, locked.json.code]).toEqual([429, 'RATE_LIMIT']);
  expect(Number(locked.headers['retry-after'])).toBe(30);
  await nextMinute();
  expect((await signIn(harness, 'lars@example.org', 'wrong again')).status).toBe(401);
  expect(Number((await signIn(harness, 'lars@example.org', goodPassword)).headers['retry-after'])).toBe(60);
  await nextMinute();
  expect((await signIn(harness, 'lars@example.org', goodPassword)).status).toBe(200);
  expect((await signIn(harness, 'lars@example.org', 'wrong once')).status).toBe(401);
});

test('F234 guesses that come at once are no more than guesses one after the other', async () => {
  await joinPerson(harness, { email: 'mia@example.org' });
  await nextMinute();
  const answers = await Promise.all(
    Array.from({ length: 9 }, (_, index) => signIn(harness, 'mia@example.org', `guess ${index}`)),
  );
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
});

test('F242 one address tries ten times a minute, whatever X-Forwarded-For says', async () => {
  await nextMinute();
  const statuses: number[] = [];
  for (let count = 0; count < 12; count += 1) {
    const answer = await fetch(`${harness.url}/api/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.51.100.${count}` },
      body: JSON.stringify({ email: `somebody-${count}@example.org`, password: 'a guess' }),
    });
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
});

test('F234 F235 a new password needs the old one, and ends every session but the one that set it', async () => {
  await clock.advance(6 * 60_000);
  const here = cookieOf(await signIn(harness, email, goodPassword));
  const there = cookieOf(await signIn(harness, email, goodPassword));
  const change = (body: object) => as(harness, here, 'POST', '/api/account/password', body);
  expect((await change({ password: otherPassword })).json.code).toBe('INVALID_PARAMS');
  expect((await change({ current: 'wrong', password: otherPassword })).json.code).toBe('SIGN_IN_FAILED');
  expect((await change({ current: goodPassword, password: otherPassword })).status).toBe(200);
  expect((await as(harness, here, 'GET', '/api/account')).status).toBe(200);
  expect((await as(harness, there, 'GET', '/api/account')).status).toBe(401);
  expect((await signIn(harness, email, goodPassword)).status).toBe(401);
  expect((await signIn(harness, email, otherPassword)).status).toBe(200);
});

test('F216 F234 sign-ins and failures are in the audit, and no password is in it or in the log', async () => {
  await clock.advance(6 * 60_000);
  await signIn(harness, email, 'a-very-special-wrong-one');
  await signIn(harness, 'nobody@example.org', 'a-very-special-wrong-one');
  await signIn(harness, email, otherPassword);
  // It rides with the next write.
  await harness.client.sessions.create({});
  const db = new DatabaseSync(join(harness.home, 'reeve.db'), { readOnly: true });
  const rows = db.prepare("SELECT * FROM audit WHERE type LIKE 'auth.%'").all();
  db.close();
  expect(rows).toContainEqual(expect.objectContaining({ type: 'auth.login', actor: 'owner', outcome: 'ok' }));
  expect(rows).toContainEqual(
    expect.objectContaining({ type: 'auth.failed', actor: 'owner', outcome: 'failed' }),
  );
  expect(rows).toContainEqual(
    expect.objectContaining({ type: 'auth.failed', actor: null, outcome: 'failed' }),
  );
  const lines: string[] = [];
  for await (const { line } of await harness.client.system.logs({ lines: 500 })) lines.push(line);
  const text = lines.join('\n') + JSON.stringify(rows);
  for (const secret of [goodPassword, otherPassword, 'a-very-special-wrong-one'])
    expect(text).not.toContain(secret);
});
