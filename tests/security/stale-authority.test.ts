import { createConnection } from 'node:net';
import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDevice } from '../support/device.ts';
import { ask, bearer, signIn } from '../support/http.ts';
import { openEvents, streamPath } from '../support/sse.ts';
import { connect, connectParams, openSocket } from '../support/wire.ts';
import { attempt } from './support.ts';

const clock = createFakeClock();
let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness({ clock });
});
afterAll(() => harness[Symbol.asyncDispose]());

const isIn = async (headers: Record<string, string>, path = '/api/chat/conversations') =>
  (await ask(harness.url + path, { headers })).status === 200;

test('F005 a token that is revoked loses its sockets at once, and its devices with it', async () => {
  const { id, token } = await harness.client.auth.createToken({ name: 'phone' });
  const device = createDevice();
  const first = await attempt({ gateway: harness, device, token });
  const { deviceToken } = first.answer.payload.auth;
  const second = await attempt({ gateway: harness, device, token: deviceToken });
  expect(second.answer.ok).toBe(true);
  await harness.client.auth.revokeToken({ id });
  expect(await first.socket.closed).toEqual({ code: 1008, reason: 'credential revoked' });
  expect(await second.socket.closed).toEqual({ code: 1008, reason: 'credential revoked' });
  for (const secret of [token, deviceToken]) {
    const again = await attempt({ gateway: harness, device, token: secret });
    expect(again.answer.ok).toBe(false);
    await again.socket.closed;
  }
});

test('F005 a device that is removed loses its socket at once; its token is dead, others live on', async () => {
  const device = createDevice();
  const other = createDevice();
  const first = await attempt({ gateway: harness, device });
  const bystander = await attempt({ gateway: harness, device: other });
  const { deviceToken } = first.answer.payload.auth;
  await using owner = await connect(harness);
  expect(await owner.request('device.pair.remove', { deviceId: device.id })).toMatchObject({ ok: true });
  expect((await first.socket.closed).code).toBe(1008);
  const again = await attempt({ gateway: harness, device, token: deviceToken });
  expect(again.answer.error.details.code).toBe('AUTH_DEVICE_TOKEN_MISMATCH');
  await again.socket.closed;
  await bystander.socket.request('health');
  await bystander.socket.close();
  expect((await owner.ask('device.pair.remove', { deviceId: device.id })).error.details.fault).toBe(
    'NOT_FOUND',
  );
});

test.each([
  ['POST', '/api/tokens', '{"name":"mine"}'],
  [
    'POST',
    '/v1/chat/completions',
    '{"model":"reeve","stream":true,"messages":[{"role":"user","content":"x"}]}',
  ],
])(
  'F005 F225 what is revoked while its request is on the way does nothing any more: %s %s',
  async (method, path, body) => {
    const { id, token } = await harness.client.auth.createToken({ name: 'slow' });
    const before = (await harness.client.auth.listTokens()).tokens.length;
    const socket = createConnection(Number(new URL(harness.url).port), '127.0.0.1');
    const head = [
      `${method} ${path} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, -1)}`);
    // Whoever is admitted has been looked up by then: a whole request has come and gone on another connection.
    expect(await isIn({ authorization: `Bearer ${token}` })).toBe(true);
    await harness.client.auth.revokeToken({ id });
    socket.end(body.slice(-1));
    let answer = '';
    for await (const part of socket) answer += part;
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect((await harness.client.auth.listTokens()).tokens.length).toBe(before - 1);
  },
);

test('F005 logging out ends the sockets of the page', async () => {
  const cookie = await signIn(harness);
  const socket = await openSocket(harness, { origin: harness.url, headers: { cookie } });
  expect((await socket.ask('connect', connectParams('', { auth: {} }))).ok).toBe(true);
  const { status } = await fetch(`${harness.url}/api/auth/logout`, {
    method: 'POST',
    headers: { cookie, origin: harness.url, 'sec-fetch-site': 'same-origin' },
  });
  expect(status).toBe(200);
  expect((await socket.closed).code).toBe(1008);
});

test('F225 a revoked token is refused at once, and a stream it opened before tells it nothing more', async () => {
  const { id, token } = await harness.client.auth.createToken({ name: 'phone' });
  const headers = { authorization: `Bearer ${token}` };
  expect(await isIn(headers)).toBe(true);
  const session = await harness.client.sessions.create({});
  const stream = await openEvents(harness, streamPath({ sessionId: session.id, after: 0 }), { headers });
  await stream.until(({ data }) => data?.type === 'session.created');
  const rest = stream.rest().catch(() => []);
  await harness.client.auth.revokeToken({ id });
  expect(await isIn(headers)).toBe(false);
  await harness.client.chat.send({ text: 'not for the phone', sessionId: session.id });
  expect(JSON.stringify(await rest)).not.toContain('not for the phone');
});

test('F235 a cookie session ends after thirty days, and at once with logout', async () => {
  const cookie = await signIn(harness);
  await clock.advance(29 * 86_400_000);
  expect(await isIn({ cookie })).toBe(true);
  await clock.advance(86_400_000);
  expect(await isIn({ cookie })).toBe(false);
  const next = await signIn(harness);
  const logout = await ask(`${harness.url}/api/auth/logout`, {
    method: 'POST',
    headers: { cookie: next, origin: harness.url },
  });
  expect(logout.headers['set-cookie']![0]).toMatch(/reeve_session=;/);
  expect(await isIn({ cookie: next })).toBe(false);
});

test('F225 a key that ends by itself takes its socket, its device and its stream with it', async () => {
  const day = 86_400_000;
  const { token } = await harness.client.auth.createToken({ name: 'for a day', expiresInDays: 1 });
  const device = createDevice();
  const bare = await connect({ url: harness.url, token });
  const first = await attempt({ gateway: harness, device, token });
  const { deviceToken } = first.answer.payload.auth;
  const second = await attempt({ gateway: harness, device, token: deviceToken });
  const headers = { authorization: `Bearer ${token}` };
  const session = await harness.client.sessions.create({});
  const stream = await openEvents(harness, streamPath({ sessionId: session.id, after: 0 }), { headers });
  await stream.until(({ data }) => data?.type === 'session.created');
  const rest = stream.rest().catch(() => []);

  await clock.advance(day - 1);
  expect((await bare.ask('health')).ok).toBe(true);
  await clock.advance(1);
  for (const socket of [bare, first.socket, second.socket])
    expect(await socket.closed).toEqual({ code: 1008, reason: 'credential revoked' });
  await harness.client.chat.send({ text: 'not for yesterday', sessionId: session.id });
  expect(JSON.stringify(await rest)).not.toContain('not for yesterday');
  const again = await attempt({ gateway: harness, device, token: deviceToken });
  expect(again.answer.ok).toBe(false);
  await again.socket.closed;
});

test('F005 a new start makes the old local token worthless', async () => {
  const old = bearer(harness);
  await harness.restart();
  expect(await isIn(old)).toBe(false);
  expect(await isIn(bearer(harness))).toBe(true);
});
