import { randomBytes, scryptSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { createFakeClock, type HarnessOptions, spawnGateway, startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { createDevice, proof } from '../support/device.ts';
import { ask, json } from '../support/http.ts';
import { challengeOf, connectParams, openSocket, refusedUpgrade } from '../support/wire.ts';
import { as, cookieOf, join, setUpOwner } from './support.ts';

const clock = createFakeClock();
const start = (env: Record<string, string>, more: HarnessOptions = {}) =>
  startHarness({ model: null, clock, env, ...more });
const shared = 'marble fox canyon 37';
/** As `reeve token hash-password` makes it. */
const hashOf = (password: string): string => {
  const salt = randomBytes(16).toString('hex');
  const key = scryptSync(password, salt, 64, { N: 16_384, r: 16, p: 1, maxmem: 64 * 1024 * 1024 });
  return `${salt}:${key.toString('hex')}`;
};
const passwordMode = {
  REEVE_GATEWAY_AUTH_MODE: 'password',
  REEVE_GATEWAY_AUTH_PASSWORD: hashOf(shared),
};
const proxyMode = {
  REEVE_GATEWAY_AUTH_MODE: 'trusted-proxy',
  REEVE_GATEWAY_AUTH_PROXY_ADDRESSES: '127.0.0.0/8',
};
const account = (url: string, headers: Record<string, string>) => ask(`${url}/api/account`, { headers });
const tryToConnect = async (harness: { url: string }, auth: object, more = {}, options = {}) => {
  const socket = await openSocket(harness, options);
  const { nonce } = await challengeOf(socket);
  const answer = await socket.ask('connect', { ...connectParams('', { auth, ...more }), nonce: undefined });
  socket.ws.close();
  return { answer, nonce };
};

test('F005 mode token: nothing but credentials of a person opens the door', async () => {
  await using harness = await start({});
  expect((await account(harness.url, { authorization: `Bearer ${shared}` })).status).toBe(401);
  expect((await account(harness.url, { 'x-forwarded-user': 'olga@example.org' })).status).toBe(401);
  expect((await account(harness.url, { authorization: `Bearer ${harness.token}` })).status).toBe(200);
  expect((await ask(`${harness.url}/api/auth/methods`)).json).toEqual({
    mode: 'token',
    password: true,
    sharedPassword: false,
    passkey: true,
    resetByEmail: false,
    providers: [],
  });
});

test('F005 mode password: the shared one opens requests, sockets and the page, as the owner', async () => {
  await using harness = await start(passwordMode);
  const authorization = `Bearer ${shared}`;
  expect((await account(harness.url, { authorization })).json.person.id).toBe('owner');
  expect((await tryToConnect(harness, { password: shared })).answer.ok).toBe(true);
  const page = await as(harness, null, 'POST', '/api/auth/sign-in', { password: shared });
  expect((await as(harness, cookieOf(page), 'GET', '/api/account')).json.person.id).toBe('owner');
  expect((await account(harness.url, { authorization: 'Bearer not-it' })).status).toBe(401);
  expect((await tryToConnect(harness, { password: 'not-it' })).answer.error.details.code).toBe(
    'AUTH_PASSWORD_MISMATCH',
  );
  // The hash itself is no password.
  const hash = passwordMode.REEVE_GATEWAY_AUTH_PASSWORD;
  expect((await account(harness.url, { authorization: `Bearer ${hash}` })).status).toBe(401);
});

test('F005 F242 guessing the shared password locks it, over requests and sockets alike', async () => {
  await using harness = await start(passwordMode);
  for (let count = 0; count < 3; count += 1)
    expect((await account(harness.url, { authorization: `Bearer guess-${count}` })).status).toBe(401);
  for (let count = 0; count < 2; count += 1)
    expect((await tryToConnect(harness, { password: `socket-guess-${count}` })).answer.ok).toBe(false);
  const locked = await account(harness.url, { authorization: `Bearer ${shared}` });
  expect([locked.status, locked.headers['retry-after']]).toEqual([429, '30']);
  const onTheWire = (await tryToConnect(harness, { password: shared })).answer;
  expect(onTheWire.error.details.code).toBe('AUTH_RATE_LIMITED');
  await clock.advance(30_000);
  expect((await account(harness.url, { authorization: `Bearer ${shared}` })).status).toBe(200);
});

test('F005 mode device-token: a socket needs a key of its own beside the credential', async () => {
  await using harness = await start({ REEVE_GATEWAY_AUTH_MODE: 'device-token' });
  const { token } = await harness.client.auth.createToken({ name: 'a client' });
  expect((await tryToConnect(harness, { token })).answer.ok).toBe(false);
  const device = createDevice();
  const pair = async (auth: object, signed: string) => {
    const socket = await openSocket(harness);
    const { nonce } = await challengeOf(socket);
    const params = connectParams('', { auth, scopes: ['operator.read'] });
    const signature = proof(device, {
      clientId: 'cli',
      clientMode: 'cli',
      role: 'operator',
      scopes: ['operator.read'],
      signedAt: clock.now(),
      token: signed,
      nonce,
      platform: 'linux',
      deviceFamily: 'linux',
    });
    const answer = await socket.ask('connect', { ...params, device: signature });
    socket.ws.close();
    return answer;
  };
  const paired = await pair({ token }, token);
  expect(paired.ok).toBe(true);
  const { deviceToken } = paired.payload.auth;
  expect((await pair({ deviceToken }, deviceToken)).ok).toBe(true);
  expect((await tryToConnect(harness, { deviceToken })).answer.ok).toBe(false);
  expect((await harness.client.account.devices()).devices.map(({ deviceId }) => deviceId)).toEqual([
    device.id,
  ]);
  await harness.client.account.revokeDevice({ id: device.id });
  expect((await pair({ deviceToken }, deviceToken)).ok).toBe(false);
});

test('F005 mode trusted-proxy: the proxy names a known person; a stranger is refused', async () => {
  await using harness = await start(proxyMode);
  await setUpOwner(harness);
  const lou = await join(harness, { email: 'lou@example.org' });
  const named = (user: string) => account(harness.url, { 'x-forwarded-user': user });
  expect((await named('lou@example.org')).json.person).toMatchObject({ id: lou.id, role: 'user' });
  for (const name of ['stranger@example.org', 'owner', lou.id, '', ' '])
    expect((await named(name)).status).toBe(401);
  const { answer } = await tryToConnect(
    harness,
    {},
    {},
    { headers: { 'x-forwarded-user': 'lou@example.org' } },
  );
  expect(answer.payload.auth.scopes).not.toContain('operator.admin');
  expect((await tryToConnect(harness, {})).answer.ok).toBe(false);
  // A page of another site makes the browser go through the proxy as the person, too.
  const headers = { 'x-forwarded-user': 'lou@example.org', 'sec-fetch-site': 'cross-site', ...json };
  const forged = await ask(`${harness.url}/api/chat/conversations`, { method: 'POST', headers, body: '{}' });
  expect(forged.status).toBe(401);
});

test('F005 F240 mode trusted-proxy: a stranger can be let in as a guest, always the same one', async () => {
  await using harness = await start({ ...proxyMode, REEVE_GATEWAY_AUTH_PROXY_UNKNOWN: 'guest' });
  const keysOf = async (user: string) =>
    (await ask(`${harness.url}/api/tokens`, { headers: { 'x-forwarded-user': user } })).status;
  const talk = (user: string) =>
    ask(`${harness.url}/api/chat/conversations`, { headers: { 'x-forwarded-user': user } });
  expect(await keysOf('mallory')).toBe(403);
  expect((await talk('mallory')).status).toBe(200);
  expect((await talk('Mallory')).status).toBe(200);
  const people = (await harness.client.people.list()).people.filter(({ role }) => role === 'guest');
  expect(people.map(({ name }) => name)).toEqual(['mallory']);
});

test('F005 what somebody else than the proxy says of the person counts for nothing', async () => {
  await using harness = await start({ ...proxyMode, REEVE_GATEWAY_AUTH_PROXY_ADDRESSES: '192.0.2.7' });
  await setUpOwner(harness);
  const headers = { 'x-forwarded-user': 'olga@example.org', 'x-forwarded-for': '192.0.2.7' };
  expect((await account(harness.url, headers)).status).toBe(401);
});

test('F005 mode none: this machine comes in as the owner; pages of other sites do not', async () => {
  await using harness = await start({ REEVE_GATEWAY_AUTH_MODE: 'none' });
  expect((await account(harness.url, {})).json.person.id).toBe('owner');
  expect((await tryToConnect(harness, {})).answer.ok).toBe(true);
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  expect((await account(harness.url, foreign)).status).toBe(403);
  expect((await account(harness.url, { 'sec-fetch-site': 'cross-site' })).status).toBe(401);
  expect((await account(harness.url, { host: 'rebound.example' })).status).toBe(403);
  expect(await refusedUpgrade(harness, { origin: 'https://evil.example' })).toBe(403);
});

test.each([
  [
    'none on an address that others reach',
    { REEVE_GATEWAY_AUTH_MODE: 'none', REEVE_GATEWAY_HOST: '0.0.0.0' },
  ],
  ['none on all of IPv6', { REEVE_GATEWAY_AUTH_MODE: 'none', REEVE_GATEWAY_HOST: '::' }],
  ['password without a password', { REEVE_GATEWAY_AUTH_MODE: 'password' }],
  ['a password in plain text', { REEVE_GATEWAY_AUTH_MODE: 'password', REEVE_GATEWAY_AUTH_PASSWORD: 'plain' }],
  ['trusted-proxy without a proxy', { REEVE_GATEWAY_AUTH_MODE: 'trusted-proxy' }],
  [
    'trusted-proxy with a name',
    { REEVE_GATEWAY_AUTH_MODE: 'trusted-proxy', REEVE_GATEWAY_AUTH_PROXY_ADDRESSES: 'proxy.example' },
  ],
])('F005 the gateway does not start with %s', async (_what, env) => {
  const home = mkdtempSync(joinPath(tmpdir(), 'reeve-mode-'));
  try {
    const failure = await spawnGateway({ home, env }).then(
      (gateway) => gateway.stop(),
      (error: Error) => error.message,
    );
    expect(failure).toContain('CONFIG_ERROR');
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
