import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { challengeOf, connectParams, openSocket } from '../support/wire.ts';
import { as, cookieOf, goodPassword, join, type Member, signIn } from './support.ts';

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

test('F235 nobody ends the session of another', async () => {
  const here = await enter();
  const current = (await listOf(here)).find(({ isCurrent }) => isCurrent)!;
  const bert = await join(harness, { email: 'bert@example.org' });
  expect((await as(harness, bert, 'DELETE', `/api/account/sessions/${current.id}`)).status).toBe(404);
  expect(await isIn(here)).toBe(true);
});
