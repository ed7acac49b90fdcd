import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, bearer, call, codeOf, json, signIn } from '../support/http.ts';
import { openEvents, streamPath } from '../support/sse.ts';

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
const isIn = async (headers: Record<string, string>, path = '/api/chat/conversations') =>
  (await ask(harness.url + path, { headers })).status === 200;

test('the login code works once, and its cookie cannot be read by scripts nor sent by other sites', async () => {
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

test('of a hundred who come with one code at once, one gets in', async () => {
  const { url } = await harness.client.auth.loginLink();
  const answers = await Promise.all(Array.from({ length: 100 }, () => login(codeOf(url))));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('a login code expires after an hour', async () => {
  const [early, late] = [await harness.client.auth.loginLink(), await harness.client.auth.loginLink()];
  await clock.advance(3_599_000);
  expect((await login(codeOf(early.url))).status).toBe(200);
  await clock.advance(2_000);
  expect((await login(codeOf(late.url))).json.code).toBe('LOGIN_EXPIRED');
});

test('codes and tokens travel in fragment, header and body, never in the query of an address', async () => {
  const { url } = await harness.client.auth.loginLink();
  expect(new URL(url).search).toBe('');
  expect(new URL(url).pathname).toBe('/login');
  const code = codeOf(url);
  for (const query of [
    `token=${harness.token}`,
    `access_token=${harness.token}`,
    `authorization=Bearer%20${harness.token}`,
    `code=${code}`,
  ]) {
    expect((await ask(`${harness.url}/api/chat/conversations?${query}`)).status).toBe(401);
  }
  await ask(`${harness.url}/login?code=${code}`);
  expect((await login(code)).status).toBe(200);
});

test('a cookie session ends after thirty days, and at once with logout', async () => {
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

test('a login never takes over a cookie that somebody planted', async () => {
  const planted = 'reeve_session=rvs_planted-by-somebody-else';
  const { url } = await harness.client.auth.loginLink();
  const answer = await login(codeOf(url), { cookie: planted, origin: harness.url });
  expect(answer.status).toBe(200);
  expect(await isIn({ cookie: planted })).toBe(false);
});

test('a revoked token is refused at once, and a stream it opened before tells it nothing more', async () => {
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

test('tokens are listed by name and last use, never by value', async () => {
  const { id, token } = await harness.client.auth.createToken({ name: 'lister' });
  await isIn({ authorization: `Bearer ${token}` });
  const listed = await call(harness, 'GET', '/api/tokens');
  expect(listed.json.tokens.find((one: { id: string }) => one.id === id)).toEqual({
    id,
    name: 'lister',
    masked: `${token.slice(0, 6)}…${token.slice(-4)}`,
    scopes: null,
    expiresAt: null,
    createdAt: clock.now(),
    lastUsedAt: clock.now(),
  });
  expect(listed.body).not.toContain(token);
});

test.each([
  ['nothing', ''],
  ['the word alone', 'Bearer'],
  ['nothing behind it', 'Bearer '],
  ['another scheme', 'Basic cmVldmU6cmVldmU='],
  ['a hash of the token', 'Bearer e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['much too long', `Bearer ${'a'.repeat(10_000)}`],
  ['a quote', `Bearer ' OR '1'='1`],
])('an Authorization header with %s proves nothing', async (_what, authorization) => {
  expect((await ask(`${harness.url}/api/chat/conversations`, { headers: { authorization } })).json.code).toBe(
    'AUTH_FAILED',
  );
});

test('a wrong token is not helped by a good cookie, so that nobody is somebody else by mistake', async () => {
  const cookie = await signIn(harness);
  expect(await isIn({ cookie, authorization: 'Bearer rv_wrong' })).toBe(false);
});

test('a new start makes the old local token worthless', async () => {
  const old = bearer(harness);
  await harness.restart();
  expect(await isIn(old)).toBe(false);
  expect(await isIn(bearer(harness))).toBe(true);
});
