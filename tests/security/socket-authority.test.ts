import { type Harness, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDevice, proof, type TestDevice } from '../support/device.ts';
import { call, signIn } from '../support/http.ts';
import { allScopes, challengeOf, connect, connectParams, openSocket } from '../support/wire.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const client = { id: 'gateway-client', version: '1', platform: 'linux', mode: 'backend' };

interface Attempt {
  gateway?: Harness;
  device?: TestDevice;
  token?: string;
  scopes?: string[];
  /** Changes what was signed. */
  signed?: object;
  /** Changes what is sent. */
  sent?: object;
}

/** A connect with a device, honest but for what is changed. */
const attempt = async ({
  gateway = harness,
  device = createDevice(),
  token = gateway.token,
  scopes = allScopes,
  signed,
  sent,
}: Attempt) => {
  const socket = await openSocket(gateway);
  const { nonce, ts } = await challengeOf(socket);
  const shown = proof(device, {
    version: 'v2',
    clientId: client.id,
    clientMode: client.mode,
    role: 'operator',
    scopes,
    signedAt: ts,
    token,
    nonce,
    ...signed,
  });
  const answer = await socket.ask(
    'connect',
    connectParams(token, { client, scopes, device: { ...shown, ...sent } }),
  );
  return { socket, answer, shown };
};

test('F005 a token that is revoked loses its sockets at once, and its devices with it', async () => {
  const { id, token } = await harness.client.auth.createToken({ name: 'phone' });
  const device = createDevice();
  const first = await attempt({ device, token });
  const { deviceToken } = first.answer.payload.auth;
  const second = await attempt({ device, token: deviceToken });
  expect(second.answer.ok).toBe(true);
  await harness.client.auth.revokeToken({ id });
  expect(await first.socket.closed).toEqual({ code: 1008, reason: 'credential revoked' });
  expect(await second.socket.closed).toEqual({ code: 1008, reason: 'credential revoked' });
  for (const secret of [token, deviceToken]) {
    const again = await attempt({ device, token: secret });
    expect(again.answer.ok).toBe(false);
    await again.socket.closed;
  }
});

test('F005 a device that is removed loses its socket at once; its token is dead, others live on', async () => {
  const device = createDevice();
  const other = createDevice();
  const first = await attempt({ device });
  const bystander = await attempt({ device: other });
  const { deviceToken } = first.answer.payload.auth;
  await using owner = await connect(harness);
  expect(await owner.request('device.pair.remove', { deviceId: device.id })).toMatchObject({ ok: true });
  expect((await first.socket.closed).code).toBe(1008);
  const again = await attempt({ device, token: deviceToken });
  expect(again.answer.error.details.code).toBe('AUTH_DEVICE_TOKEN_MISMATCH');
  await again.socket.closed;
  await bystander.socket.request('health');
  await bystander.socket.close();
  expect((await owner.ask('device.pair.remove', { deviceId: device.id })).error.details.fault).toBe(
    'NOT_FOUND',
  );
});

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

test('F005 a device token serves only with a signature of its own device', async () => {
  const device = createDevice();
  const { socket, answer } = await attempt({ device });
  const { deviceToken } = answer.payload.auth;
  await socket.close();

  const bare = await openSocket(harness);
  expect((await bare.ask('connect', connectParams(deviceToken))).ok).toBe(false);
  await bare.closed;
  const thief = await attempt({ device: createDevice(), token: deviceToken });
  expect(thief.answer.error.details.code).toBe('AUTH_DEVICE_TOKEN_MISMATCH');
  await thief.socket.closed;
  const http = await call({ ...harness, token: deviceToken } as typeof harness, 'GET', '/api/tokens');
  expect(http.status).toBe(401);
});

test('F005 a device token never gives more than it was issued for', async () => {
  const device = createDevice();
  const { socket, answer } = await attempt({ device, scopes: ['operator.read'] });
  const { deviceToken } = answer.payload.auth;
  await socket.close();
  const wider = await attempt({ device, token: deviceToken, scopes: allScopes });
  expect(wider.answer.payload.auth.scopes).toEqual(['operator.read']);
  expect((await wider.socket.ask('config.set', { key: 'agent.name', value: 'Eve' })).error.code).toBe(
    'FORBIDDEN',
  );
  await wider.socket.close();
});

/** Each on a gateway of its own, where few enough failures came before. */
const refusals: [string, Attempt][][] = [
  [
    ['DEVICE_AUTH_SIGNATURE_INVALID', { sent: { signature: Buffer.alloc(64).toString('base64url') } }],
    ['DEVICE_AUTH_SIGNATURE_INVALID', { sent: { signature: 'short' } }],
    ['DEVICE_AUTH_SIGNATURE_INVALID', { signed: { scopes: ['operator.read'] } }],
    ['DEVICE_AUTH_SIGNATURE_INVALID', { signed: { role: 'node' } }],
    ['DEVICE_AUTH_SIGNATURE_INVALID', { signed: { token: 'another' } }],
    ['DEVICE_AUTH_SIGNATURE_INVALID', { signed: { clientId: 'cli' } }],
    ['DEVICE_AUTH_NONCE_MISMATCH', { signed: { nonce: 'of-another-socket' } }],
    ['DEVICE_AUTH_NONCE_REQUIRED', { sent: { nonce: '' } }],
  ],
  [
    ['DEVICE_AUTH_PUBLIC_KEY_INVALID', { sent: { publicKey: 'AAAA' } }],
    ['DEVICE_AUTH_DEVICE_ID_MISMATCH', { sent: { id: createDevice().id } }],
    ['DEVICE_AUTH_DEVICE_ID_MISMATCH', { sent: { publicKey: createDevice().publicKey } }],
    ['DEVICE_AUTH_SIGNATURE_EXPIRED', { signed: { signedAt: Date.now() - 11 * 60_000 } }],
    ['DEVICE_AUTH_SIGNATURE_EXPIRED', { signed: { signedAt: Date.now() + 11 * 60_000 } }],
  ],
];
test.each(refusals.map((cases) => ({ cases })))(
  'F005 signatures that are forged, of another device, or too old are refused by name',
  async ({ cases }) => {
    await using gateway = await startHarness();
    for (const [code, one] of cases) {
      const { socket, answer } = await attempt({ ...one, gateway });
      expect([one, answer.error?.details.code]).toEqual([one, code]);
      expect((await socket.closed).code).toBe(1008);
    }
  },
);

test('F005 what was signed for one socket is refused on another', async () => {
  const device = createDevice();
  const earlier = await attempt({ device });
  await earlier.socket.close();
  const replayed = await attempt({ device, sent: earlier.shown });
  expect(replayed.answer.error.details.code).toBe('DEVICE_AUTH_NONCE_MISMATCH');
  await replayed.socket.closed;
});
