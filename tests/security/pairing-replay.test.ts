import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDevice } from '../support/device.ts';
import { ask, call, codeOf, json } from '../support/http.ts';
import { allScopes, connectParams, openSocket } from '../support/wire.ts';
import { type Attempt, attempt } from './support.ts';

const clock = createFakeClock();
let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness({ clock });
});
afterAll(() => harness[Symbol.asyncDispose]());

const login = (code: string, headers: Record<string, string> = {}) =>
  ask(`${harness.url}/api/auth/login`, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify({ code }),
  });

const isIn = async (headers: Record<string, string>) =>
  (await ask(`${harness.url}/api/chat/conversations`, { headers })).status === 200;

test('F234 the login code works once, and its cookie cannot be read by scripts nor sent by other sites', async () => {
  const code = codeOf(harness.server.loginLink);
  const [cookie] = (await login(code)).headers['set-cookie']!;
  const attributes = cookie!
    .split('; ')
    .slice(1)
    .map((attribute) => attribute.toLowerCase());
  expect(attributes).toEqual(expect.arrayContaining(['httponly', 'samesite=strict', 'path=/']));
  expect(attributes.some((attribute) => attribute.startsWith('domain'))).toBe(false);
  expect(await isIn({ cookie: cookie!.split(';')[0]! })).toBe(true);
  const again = await login(code);
  expect([again.status, again.json.code, again.headers['set-cookie']]).toEqual([
    401,
    'LOGIN_EXPIRED',
    undefined,
  ]);
});

test('F234 of a hundred who come with one code at once, one gets in', async () => {
  const { url } = await harness.client.auth.loginLink();
  const answers = await Promise.all(Array.from({ length: 100 }, () => login(codeOf(url))));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('F234 a login code expires after an hour', async () => {
  const [early, late] = [await harness.client.auth.loginLink(), await harness.client.auth.loginLink()];
  await clock.advance(3_599_000);
  expect((await login(codeOf(early.url))).status).toBe(200);
  await clock.advance(2_000);
  expect((await login(codeOf(late.url))).json.code).toBe('LOGIN_EXPIRED');
});

test('F005 a device token serves only with a signature of its own device', async () => {
  const device = createDevice();
  const { socket, answer } = await attempt({ gateway: harness, device });
  const { deviceToken } = answer.payload.auth;
  await socket.close();

  const bare = await openSocket(harness);
  expect((await bare.ask('connect', connectParams(deviceToken))).ok).toBe(false);
  await bare.closed;
  const thief = await attempt({ gateway: harness, device: createDevice(), token: deviceToken });
  expect(thief.answer.error.details.code).toBe('AUTH_DEVICE_TOKEN_MISMATCH');
  await thief.socket.closed;
  const http = await call({ ...harness, token: deviceToken } as typeof harness, 'GET', '/api/tokens');
  expect(http.status).toBe(401);
});

test('F005 a device token never gives more than it was issued for', async () => {
  const device = createDevice();
  const { socket, answer } = await attempt({ gateway: harness, device, scopes: ['operator.read'] });
  const { deviceToken } = answer.payload.auth;
  await socket.close();
  const wider = await attempt({ gateway: harness, device, token: deviceToken, scopes: allScopes });
  expect(wider.answer.payload.auth.scopes).toEqual(['operator.read']);
  expect((await wider.socket.ask('config.set', { key: 'agent.name', value: 'Eve' })).error.code).toBe(
    'FORBIDDEN',
  );
  await wider.socket.close();
});

/** Each on a gateway of its own, where few enough failures came before. */
const refusals: [string, Omit<Attempt, 'gateway'>][][] = [
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
    ['DEVICE_AUTH_SIGNATURE_EXPIRED', { signed: { signedAt: clock.now() - 11 * 60_000 } }],
    ['DEVICE_AUTH_SIGNATURE_EXPIRED', { signed: { signedAt: clock.now() + 11 * 60_000 } }],
  ],
];

test.each(refusals.map((cases) => ({ cases })))(
  'F005 signatures that are forged, of another device, or too old are refused by name',
  async ({ cases }) => {
    await using gateway = await startHarness({ clock });
    for (const [code, one] of cases) {
      const { socket, answer } = await attempt({ ...one, gateway });
      expect([one, answer.error?.details.code]).toEqual([one, code]);
      expect((await socket.closed).code).toBe(1008);
    }
  },
);

test('F005 what was signed for one socket is refused on another', async () => {
  const device = createDevice();
  const earlier = await attempt({ gateway: harness, device });
  await earlier.socket.close();
  const replayed = await attempt({ gateway: harness, device, sent: earlier.shown });
  expect(replayed.answer.error.details.code).toBe('DEVICE_AUTH_NONCE_MISMATCH');
  await replayed.socket.closed;
});
