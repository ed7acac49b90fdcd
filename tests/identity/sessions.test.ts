import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { codeOf } from '../support/http.ts';
import { challengeOf, connectParams, openSocket } from '../support/wire.ts';
import { as, cookieOf, goodPassword, join, local, type Member, otherPassword, signIn } from './support.ts';

const clock = createFakeClock();
let harness: Awaited<ReturnType<typeof startHarness>>;
let anna: Member;
beforeAll(async () => {
  harness = await startHarness({ model: null, clock, env: { REEVE_IDENTITY_MAX_SESSIONS: '3' } });
  anna = await join(harness, { email: 'anna@example.org' });
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(() => clock.advance(61_000));

const enter = async () => cookieOf(await signIn(harness, anna.email, goodPassword));
const listOf = async (who: { cookie: string }) =>
  (await as(harness, who, 'GET', '/api/account/sessions')).json.sessions as {
    id: string;
    isCurrent: boolean;
    userAgent: string;
    address: string;
    lastUsedAt: number;
  }[];
const isIn = async (who: { cookie: string }) =>
  (await as(harness, who, 'GET', '/api/account')).status === 200;

test('F235 the list says where somebody is signed in: with what, from where, when last', async () => {
  const here = await enter();
  await clock.advance(5_000);
  const sessions = await listOf(here);
  expect(sessions).toHaveLength(2);
  expect(sessions.find(({ isCurrent }) => isCurrent)).toMatchObject({
    userAgent: 'a test',
    address: '127.0.0.1',
    lastUsedAt: clock.now(),
  });
  expect(JSON.stringify(sessions)).not.toContain(here.cookie.split('=')[1]);
});

test('F235 one session is ended from another, and its socket closes with it', async () => {
  const [here, there] = [await enter(), await enter()];
  const socket = await openSocket(harness, { headers: { cookie: there.cookie }, origin: harness.url });
  await challengeOf(socket);
  expect((await socket.ask('connect', connectParams('', { auth: {} }))).ok).toBe(true);
  const current = (await listOf(there)).find(({ isCurrent }) => isCurrent)!;
  expect((await as(harness, here, 'DELETE', `/api/account/sessions/${current.id}`)).status).toBe(200);
  await socket.closed;
  expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
});

test('F235 all others are ended at once', async () => {
  const [here, there] = [await enter(), await enter()];
  const answer = await as(harness, here, 'POST', '/api/account/sessions/revoke-others');
  expect(answer.json.ended).toBeGreaterThanOrEqual(1);
  expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
  expect(await listOf(here)).toHaveLength(1);
});

test('F235 with more sessions than may be, the oldest ends', async () => {
  const sessions = [];
  for (let count = 0; count < 4; count += 1) {
    sessions.push(await enter());
    await clock.advance(1_000);
  }
  expect(await Promise.all(sessions.map(isIn))).toEqual([false, true, true, true]);
});

/** A login link that somebody made; the result says whether it opens the door. */
const linkBy = async (who: { cookie: string }) => {
  const { url } = (await as(harness, who, 'POST', '/api/auth/login-link', {})).json;
  return async () => (await as(harness, null, 'POST', '/api/auth/login', { code: codeOf(url) })).status;
};

test('F235 a login link ends with the session that made it, and no other does', async () => {
  const [here, there] = [await enter(), await enter()];
  const [mine, stolen, leaving] = [await linkBy(here), await linkBy(there), await linkBy(await enter())];
  const current = (await listOf(there)).find(({ isCurrent }) => isCurrent)!;
  await as(harness, here, 'DELETE', `/api/account/sessions/${current.id}`);
  expect([await stolen(), await leaving(), await mine()]).toEqual([401, 200, 200]);
});

test.each<[string, (who: Member) => Promise<unknown>]>([
  ['all others are ended', (who) => as(harness, who, 'POST', '/api/account/sessions/revoke-others')],
  [
    'an admin signs the person out',
    (who) => as(harness, local(harness), 'POST', `/api/people/${who.id}/sign-out`),
  ],
  [
    'the password is changed',
    (who) =>
      as(harness, who, 'POST', '/api/account/password', { current: goodPassword, password: otherPassword }),
  ],
  [
    'the person is disabled for a while',
    async ({ id }) => {
      for (const isDisabled of [true, false])
        await as(harness, local(harness), 'PATCH', `/api/people/${id}`, { isDisabled });
    },
  ],
])('F235 a login link ends with the sessions: %s', async (what, end) => {
  const who = await join(harness, { email: `${what.replaceAll(' ', '-')}@example.org` });
  const link = await linkBy(cookieOf(await signIn(harness, who.email, goodPassword)));
  await end(who);
  expect(await link()).toBe(401);
});

test('F235 who was disabled and is let in again signs in anew; what programs use goes on', async () => {
  const cleo = await join(harness, { email: 'cleo@example.org' });
  const key = { bearer: (await as(harness, cleo, 'POST', '/api/tokens', { name: 'key' })).json.token };
  const tokens = (await signIn(harness, cleo.email, goodPassword, true)).json.tokens;
  const update = (isDisabled: boolean) =>
    as(harness, local(harness), 'PATCH', `/api/people/${cleo.id}`, { isDisabled });
  await update(true);
  const statusOf = async (who: { cookie: string } | { bearer: string }) =>
    (await as(harness, who, 'GET', '/api/account')).status;
  expect([await isIn(cleo), await statusOf(key)]).toEqual([false, 401]);
  await update(false);
  expect([await isIn(cleo), await statusOf({ bearer: tokens.accessToken })]).toEqual([false, 401]);
  expect(await statusOf(key)).toBe(200);
  expect((await signIn(harness, cleo.email, goodPassword)).status).toBe(200);
});

test('F235 nobody ends the session of another', async () => {
  const here = await enter();
  const current = (await listOf(here)).find(({ isCurrent }) => isCurrent)!;
  const bert = await join(harness, { email: 'bert@example.org' });
  expect((await as(harness, bert, 'DELETE', `/api/account/sessions/${current.id}`)).status).toBe(404);
  expect(await isIn(here)).toBe(true);
});
