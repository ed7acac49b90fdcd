import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEvents, streamPath } from '../support/sse.ts';
import { challengeOf, connect, connectParams, openSocket } from '../support/wire.ts';
import { as, join, local, type Member, type Who } from './support.ts';

const clock = createFakeClock();
let harness: Awaited<ReturnType<typeof startHarness>>;
let anna: Member;
beforeAll(async () => {
  harness = await startHarness({ clock });
  anna = await join(harness, { email: 'anna@example.org' });
});
afterAll(() => harness[Symbol.asyncDispose]());

const create = async (body: object = {}, who: Who = anna): Promise<{ id: string; token: string }> => {
  const answer = await as(harness, who, 'POST', '/api/tokens', { name: 'a program', ...body });
  if (answer.status !== 201) throw new Error(answer.body);
  return answer.json;
};
const statusOf = async (token: string, method: string, path: string, body?: unknown) =>
  (await as(harness, { bearer: token }, method, path, body)).status;

test('F225 a key is shown once, and then as its two ends', async () => {
  const { id, token } = await create();
  const listed = await as(harness, anna, 'GET', '/api/tokens');
  const found = listed.json.tokens.find((one: { id: string }) => one.id === id);
  expect(found.masked).toBe(`${token.slice(0, 6)}…${token.slice(-4)}`);
  expect(listed.body).not.toContain(token);
});

test('F225 F239 a key does what its scopes say, and its owner may', async () => {
  const reader = await create({ scopes: ['chat:read'] });
  expect(await statusOf(reader.token, 'GET', '/api/chat/conversations')).toBe(200);
  expect(await statusOf(reader.token, 'POST', '/api/chat/conversations', {})).toBe(403);
  expect(await statusOf(reader.token, 'POST', '/v1/chat/completions', { model: 'x', messages: [] })).toBe(
    403,
  );
  expect(await statusOf(reader.token, 'GET', '/api/account')).toBe(403);
  // No scope gives more than the role: Anna is no admin.
  const wide = await create({ scopes: ['*:*'] });
  expect(await statusOf(wide.token, 'GET', '/api/account')).toBe(200);
  expect(await statusOf(wide.token, 'GET', '/api/people')).toBe(403);
  expect(await statusOf(wide.token, 'GET', '/api/config')).toBe(403);
});

test('F225 F239 a key with scopes makes no key and no login link that could do more', async () => {
  const { token } = await create({ scopes: ['account:manage', 'chat:read'] });
  const key = { bearer: token };
  const more = await as(harness, key, 'POST', '/api/tokens', { name: 'more', scopes: ['chat:write'] });
  expect([more.status, more.json.code]).toEqual([403, 'PERMISSION_DENIED']);
  const same = await as(harness, key, 'POST', '/api/tokens', { name: 'as much' });
  expect(same.json.scopes).toEqual(['account:manage', 'chat:read']);
  expect(await statusOf(token, 'POST', '/api/auth/login-link')).toBe(403);
});

test('F003 F225 on the wire a key gets no scope of an operator that it does not stand for', async () => {
  const { token } = await create({ scopes: ['chat:read', 'chat:write'] }, local(harness));
  await using socket = await connect({ ...harness, token } as never);
  expect(socket.hello.auth.scopes.sort()).toEqual(['operator.read', 'operator.write']);
  expect((await socket.ask('config.get', {})).ok).toBe(false);
  expect((await socket.ask('sessions.list', {})).ok).toBe(true);
});

test('F225 a key ends on its day', async () => {
  const { token } = await create({ expiresInDays: 2 });
  expect(await statusOf(token, 'GET', '/api/account')).toBe(200);
  await clock.advance(2 * 86_400_000 - 1_000);
  expect(await statusOf(token, 'GET', '/api/account')).toBe(200);
  await clock.advance(1_000);
  expect(await statusOf(token, 'GET', '/api/account')).toBe(401);
});

test('F225 a revoked key closes its socket and its stream at once', async () => {
  const { id, token } = await create();
  const headers = { authorization: `Bearer ${token}` };
  const session = (await as(harness, anna, 'POST', '/api/chat/conversations', {})).json;
  const stream = await openEvents(harness, streamPath({ sessionId: session.id, after: 0 }), { headers });
  await stream.until(({ data }) => data?.type === 'session.created');
  const rest = stream.rest().catch(() => []);
  const socket = await connect({ ...harness, token } as never);
  expect((await as(harness, anna, 'DELETE', `/api/tokens/${id}`)).status).toBe(200);
  expect((await socket.closed).reason).toBe('credential revoked');
  await rest;
  expect(await statusOf(token, 'GET', '/api/account')).toBe(401);
  const again = await openSocket(harness);
  await challengeOf(again);
  expect((await again.ask('connect', connectParams(token))).ok).toBe(false);
});

test('F225 nobody sees or revokes the keys of another', async () => {
  const { id, token } = await create();
  const bert = await join(harness, { email: 'bert@example.org' });
  for (const who of [bert, local(harness)]) {
    const listed = await as(harness, who, 'GET', '/api/tokens');
    expect(listed.json.tokens.map((one: { id: string }) => one.id)).not.toContain(id);
    expect((await as(harness, who, 'DELETE', `/api/tokens/${id}`)).status).toBe(404);
  }
  expect(await statusOf(token, 'GET', '/api/account')).toBe(200);
});

test('F225 keys and sessions survive a restart, and what was revoked stays revoked', async () => {
  const kept = await create();
  const gone = await create();
  await as(harness, anna, 'DELETE', `/api/tokens/${gone.id}`);
  await harness.restart();
  expect(await statusOf(kept.token, 'GET', '/api/account')).toBe(200);
  expect(await statusOf(gone.token, 'GET', '/api/account')).toBe(401);
  expect((await as(harness, anna, 'GET', '/api/account')).status).toBe(200);
});
