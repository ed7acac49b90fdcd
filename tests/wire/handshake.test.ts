import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDevice, proof } from '../support/device.ts';
import { allScopes, challengeOf, connect, connectParams, openSocket } from '../support/wire.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

test.each(['/ws', '/'])(
  'F003 the challenge comes first, and hello-ok says what is served, at %s',
  async (path) => {
    await using socket = await openSocket(harness, { path });
    const { nonce, ts } = await challengeOf(socket);
    expect(socket.frames[0]).toEqual({ type: 'event', event: 'connect.challenge', payload: { nonce, ts } });
    expect(Number.isInteger(ts)).toBe(true);
    const { payload, ok } = await socket.ask('connect', connectParams(harness.token));
    expect(ok).toBe(true);
    expect(payload).toMatchObject({
      type: 'hello-ok',
      protocol: 4,
      auth: { role: 'operator', scopes: expect.arrayContaining(['operator.admin', 'operator.read']) },
      policy: { maxPayload: 26_214_400, maxBufferedBytes: 52_428_800, tickIntervalMs: 30_000 },
      snapshot: { sessionDefaults: { mainSessionKey: 'agent:main:main' } },
    });
    expect(payload.auth.deviceToken).toBeUndefined();
    for (const method of payload.features.methods) {
      const answer = await socket.ask(method, { no: 'parameters' });
      expect([method, answer.error?.message ?? '']).not.toEqual([method, `unknown method: ${method}`]);
    }
  },
);

test.each([
  { min: 4, max: 4, protocol: 4 },
  { min: 3, max: 3, protocol: 3 },
  { min: 3, max: 5, protocol: 4 },
  { min: 1, max: 3, protocol: 3 },
])('F002 a client of protocols $min to $max speaks $protocol', async ({ min, max, protocol }) => {
  await using socket = await connect(harness, { minProtocol: min, maxProtocol: max });
  expect(socket.hello.protocol).toBe(protocol);
});

test.each([
  [5, 9],
  [1, 2],
  [4, 3],
])('F002 a client of protocols %i to %i is refused with 1002', async (minProtocol, maxProtocol) => {
  const socket = await openSocket(harness);
  const answer = await socket.ask('connect', connectParams(harness.token, { minProtocol, maxProtocol }));
  expect(answer.error).toMatchObject({
    code: 'INVALID_REQUEST',
    message: 'protocol mismatch',
    details: { code: 'PROTOCOL_MISMATCH', expectedProtocol: 4, fault: 'PROTOCOL_ERROR' },
  });
  expect((await socket.closed).code).toBe(1002);
});

test('F003 the older handshake gets flags that tell the truth, limits of its own and a node id', async () => {
  await using socket = await openSocket(harness);
  await challengeOf(socket);
  const { payload } = await socket.ask('connect', {
    auth: { mode: 'token', token: harness.token },
    client_info: { name: 'skynet', version: '1.0', platform: 'linux' },
  });
  expect(payload).toMatchObject({
    protocol: 3,
    server: { name: 'reeve', version: '0.1.0', node_id: expect.any(String) },
    features: { streaming: true, multi_agent: false, persistent_users: false, role_permissions: false },
    snapshot: {},
    policy: { max_message_size: 131_072, rate_limit: { requests_per_minute: expect.any(Number) } },
  });
  expect(await socket.request('ping')).toEqual({ pong: true });
});

test.each(['token', 'password', 'deviceToken'])('F005 a token may come as auth.%s', async (field) => {
  await using socket = await connect(harness, { auth: { [field]: harness.token } });
  expect(socket.hello.type).toBe('hello-ok');
});

test('F005 a token of `reeve token create` and one in the Authorization header open the socket', async () => {
  const { token } = await harness.client.auth.createToken({ name: 'socket' });
  await using byFrame = await connect({ url: harness.url, token });
  expect(byFrame.hello.type).toBe('hello-ok');
  await using byHeader = await connect(
    harness,
    { auth: {} },
    { headers: { authorization: `Bearer ${token}` } },
  );
  expect(byHeader.hello.type).toBe('hello-ok');
});

test('F003 anything but connect first is refused and closes the socket', async () => {
  const socket = await openSocket(harness);
  const answer = await socket.ask('health', {});
  expect(answer.error).toMatchObject({
    code: 'INVALID_REQUEST',
    message: 'first request must be connect',
    details: { fault: 'PROTOCOL_ERROR' },
  });
  expect(await socket.closed).toEqual({ code: 1008, reason: 'first request must be connect' });
});

test('F009 without a token and with a wrong one the refusal names its reason and closes with 1008', async () => {
  for (const [auth, code] of [
    [{}, 'AUTH_TOKEN_MISSING'],
    [{ token: 'wrong' }, 'AUTH_TOKEN_MISMATCH'],
    [{ password: 'wrong' }, 'AUTH_PASSWORD_MISMATCH'],
  ] as const) {
    const socket = await openSocket(harness);
    const answer = await socket.ask('connect', connectParams('', { auth }));
    expect(answer.error.details).toMatchObject({ code, fault: 'AUTH_FAILED' });
    expect((await socket.closed).code).toBe(1008);
  }
});

test('F003 whoever says nothing for fifteen seconds is let go', async () => {
  const clock = createFakeClock();
  await using slow = await startHarness({ clock });
  const silent = await openSocket(slow);
  await challengeOf(silent);
  await clock.advance(14_999);
  expect(silent.ws.readyState).toBe(silent.ws.OPEN);
  await clock.advance(1);
  expect(await silent.closed).toEqual({ code: 1008, reason: 'handshake timeout' });
});

test('F004 a tick comes every thirty seconds, and a socket that does not answer pings is let go', async () => {
  const clock = createFakeClock();
  await using ticking = await startHarness({ clock });
  const answering = await connect(ticking);
  const dead = await connect(ticking, {}, { options: { autoPong: false } });
  const pong = new Promise((resolve) => answering.ws.once('ping', resolve));
  await clock.advance(30_000);
  expect((await answering.until((frame) => frame.event === 'tick')).payload).toEqual({ ts: clock.now() });
  await pong;
  // The proof of life has to arrive before the next tick looks for it.
  await answering.request('ping');
  await clock.advance(30_000);
  expect((await dead.closed).code).toBe(1006);
  await answering.until((frame) => frame.event === 'tick' && frame.payload.ts === clock.now());
  await answering.close();
});

test('F005 a device that proves its key gets a token, which serves instead of the shared one', async () => {
  const device = createDevice();
  const signIn = async (token: string, more: object = {}) => {
    const socket = await openSocket(harness);
    const { nonce, ts } = await challengeOf(socket);
    const signed = {
      clientId: 'openclaw-tui',
      clientMode: 'ui',
      role: 'operator',
      scopes: allScopes,
      token,
      nonce,
      platform: 'linux',
      deviceFamily: 'linux',
    };
    const answer = await socket.ask(
      'connect',
      connectParams(token, {
        client: { id: 'openclaw-tui', version: '1', platform: 'linux', deviceFamily: 'Linux', mode: 'ui' },
        device: proof(device, { ...signed, signedAt: ts, ...more }),
      }),
    );
    return { socket, answer };
  };
  const first = await signIn(harness.token);
  const { deviceToken, issuedAtMs } = first.answer.payload.auth;
  expect([deviceToken.startsWith('rvd_'), issuedAtMs > 0]).toEqual([true, true]);
  const second = await signIn(deviceToken, { version: 'v2' });
  expect(second.answer.payload.auth.scopes).toEqual(first.answer.payload.auth.scopes);
  expect(second.answer.payload.auth.deviceToken).toBeUndefined();

  const { paired } = await second.socket.request('device.pair.list');
  expect(paired.map((one: { deviceId: string }) => one.deviceId)).toContain(device.id);
  await first.socket.close();
  await second.socket.close();
  await harness.restart();
  const third = await signIn(deviceToken);
  expect(third.answer.ok).toBe(true);
  await third.socket.close();
});

test('F001 health counts the sockets that are signed in and names the protocol', async () => {
  await using _one = await connect(harness);
  await using _two = await connect(harness);
  await using _stranger = await openSocket(harness);
  const health = await harness.client.system.health();
  expect([health.protocol, health.ws_clients]).toEqual([4, 2]);
});

test('F004 a stop says so and closes with 1012', async () => {
  const stopping = await startHarness();
  const socket = await connect(stopping);
  await stopping[Symbol.asyncDispose]();
  expect(socket.events('shutdown')).toEqual([{ reason: 'gateway stopping' }]);
  expect((await socket.closed).code).toBe(1012);
});
