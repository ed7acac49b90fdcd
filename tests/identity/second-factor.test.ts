import { readdirSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { createFakeClock, startHarness } from '@reeve/testkit';
import { generate } from 'otplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { as, cookieOf, goodPassword, join, type Member, otherPassword, signIn } from './support.ts';

const clock = createFakeClock();
let harness: Awaited<ReturnType<typeof startHarness>>;
let anna: Member;
let secret: string;
let recoveryCodes: string[];
beforeAll(async () => {
  harness = await startHarness({ model: null, clock });
  anna = await join(harness, { email: 'anna@example.org' });
});
afterAll(() => harness[Symbol.asyncDispose]());

const codeNow = () => generate({ secret, epoch: Math.floor(clock.now() / 1000) });
const mine = (method: string, path: string, body?: unknown) => as(harness, anna, method, path, body);
const ticket = async (): Promise<string> => {
  await clock.advance(61_000);
  const answer = await signIn(harness, anna.email, goodPassword);
  expect(answer.json.status).toBe('second-factor');
  expect(answer.headers['set-cookie']).toBeUndefined();
  return answer.json.ticket;
};
const finish = (given: { ticket: string; code: string }) =>
  as(harness, null, 'POST', '/api/auth/second-factor', given);

test('F234 an authenticator app is turned on by the password and its first code', async () => {
  expect((await mine('POST', '/api/account/totp', { password: 'wrong' })).status).toBe(401);
  const begun = await mine('POST', '/api/account/totp', { password: goodPassword });
  expect(new URL(begun.json.url).protocol).toBe('otpauth:');
  secret = begun.json.secret;
  expect(new URL(begun.json.url).searchParams.get('secret')).toBe(secret);
  expect((await mine('GET', '/api/account')).json.hasTotp).toBe(false);
  expect((await mine('POST', '/api/account/totp/confirm', { code: '000000' })).status).toBe(401);
  const confirmed = await mine('POST', '/api/account/totp/confirm', { code: await codeNow() });
  recoveryCodes = confirmed.json.recoveryCodes;
  expect(new Set(recoveryCodes).size).toBe(10);
  expect((await mine('GET', '/api/account')).json).toMatchObject({ hasTotp: true, recoveryCodesLeft: 10 });
});

test('F234 the password alone no longer signs in; with the code of the app it does, and the code works once', async () => {
  const first = await ticket();
  const code = await codeNow();
  const answer = await finish({ ticket: first, code });
  expect(answer.json.status).toBe('ok');
  expect((await as(harness, cookieOf(answer), 'GET', '/api/account')).status).toBe(200);
  expect((await finish({ ticket: first, code })).status).toBe(401);
  const again = (await signIn(harness, anna.email, goodPassword)).json.ticket;
  expect((await finish({ ticket: again, code })).status).toBe(401);
});

test('F234 a code of the step before is good for a clock that is slow, an older one is not', async () => {
  const given = await ticket();
  const code = await codeNow();
  await clock.advance(90_000);
  expect((await finish({ ticket: given, code })).status).toBe(401);
  const late = await codeNow();
  await clock.advance(30_000);
  expect((await finish({ ticket: given, code: late })).status).toBe(200);
});

test('F234 a recovery code signs in once, however it is typed', async () => {
  const typed = recoveryCodes[0]!.toUpperCase().replaceAll('-', ' ');
  const answers = [];
  const given = await ticket();
  const second = (await signIn(harness, anna.email, goodPassword)).json.ticket;
  answers.push(await finish({ ticket: given, code: typed }), await finish({ ticket: second, code: typed }));
  expect(answers.map(({ status }) => status)).toEqual([200, 401]);
  const account = await as(harness, cookieOf(answers[0]!), 'GET', '/api/account');
  expect(account.json.recoveryCodesLeft).toBe(9);
});

test('F234 of ten who come with one recovery code at once, one gets in', async () => {
  await clock.advance(3 * 61_000);
  const tickets = [];
  for (let count = 0; count < 4; count += 1)
    tickets.push((await signIn(harness, anna.email, goodPassword)).json.ticket);
  const answers = await Promise.all(
    tickets.map((one: string) => finish({ ticket: one, code: recoveryCodes[1]! })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('F234 guessing codes locks the second factor, and a ticket ends after five minutes', async () => {
  // A good one forgets the wrong ones before it.
  expect((await finish({ ticket: await ticket(), code: await codeNow() })).status).toBe(200);
  const given = await ticket();
  for (let count = 0; count < 5; count += 1)
    expect((await finish({ ticket: given, code: `00000${count}` })).status).toBe(401);
  const next = (await signIn(harness, anna.email, goodPassword)).json.ticket;
  expect((await finish({ ticket: next, code: await codeNow() })).status).toBe(429);
  await clock.advance(5 * 60_000 + 1000);
  expect((await finish({ ticket: next, code: await codeNow() })).status).toBe(401);
  expect((await finish({ ticket: await ticket(), code: await codeNow() })).status).toBe(200);
});

test('F234 new recovery codes end the old ones, and without the app the password is enough again', async () => {
  await clock.advance(2 * 61_000);
  const renewed = await mine('POST', '/api/account/recovery-codes', { password: goodPassword });
  expect(renewed.json.recoveryCodes).toHaveLength(10);
  expect((await finish({ ticket: await ticket(), code: recoveryCodes[5]! })).status).toBe(401);
  expect((await mine('POST', '/api/account/totp/disable', { password: goodPassword })).status).toBe(200);
  await clock.advance(61_000);
  expect((await signIn(harness, anna.email, goodPassword)).json.status).toBe('ok');
});

test('F234 a second factor finishes nothing that the old password began', async () => {
  await clock.advance(2 * 61_000);
  secret = (await mine('POST', '/api/account/totp', { password: goodPassword })).json.secret;
  expect((await mine('POST', '/api/account/totp/confirm', { code: await codeNow() })).status).toBe(200);
  const given = await ticket();
  const body = { current: goodPassword, password: otherPassword };
  expect((await mine('POST', '/api/account/password', body)).status).toBe(200);
  expect((await finish({ ticket: given, code: await codeNow() })).status).toBe(401);
  const next = (await signIn(harness, anna.email, otherPassword)).json.ticket;
  expect((await finish({ ticket: next, code: await codeNow() })).status).toBe(200);
});

test('F234 neither the key of the app nor a recovery code is readable in the data folder', async () => {
  const files = readdirSync(harness.home).filter((name) => name.startsWith('identity.db'));
  expect(files).toContain('identity.db');
  const bytes = files.map((name) => readFileSync(joinPath(harness.home, name), 'latin1')).join('');
  for (const hidden of [secret, goodPassword, ...recoveryCodes]) expect(bytes).not.toContain(hidden);
});
