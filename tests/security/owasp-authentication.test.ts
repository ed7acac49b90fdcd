import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, bearer, call, codeOf, json, signIn } from '../support/http.ts';
import { procedures } from '../support/procedures.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
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

test.each([
  ['nothing', ''],
  ['the word alone', 'Bearer'],
  ['nothing behind it', 'Bearer '],
  ['another scheme', 'Basic cmVldmU6cmVldmU='],
  ['a hash of the token', 'Bearer e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['much too long', `Bearer ${'a'.repeat(10_000)}`],
  ['a quote', `Bearer ' OR '1'='1`],
])('F243 API2 an Authorization header with %s proves nothing', async (_what, authorization) => {
  expect((await ask(`${harness.url}/api/chat/conversations`, { headers: { authorization } })).json.code).toBe(
    'AUTH_FAILED',
  );
});

test('F005 API2 a wrong token is not helped by a good cookie, so that nobody is somebody else by mistake', async () => {
  const cookie = await signIn(harness);
  expect(await isIn({ cookie, authorization: 'Bearer rv_wrong' })).toBe(false);
});

test('F235 API2 a login never takes over a cookie that somebody planted', async () => {
  const planted = 'reeve_session=rvs_planted-by-somebody-else';
  const { url } = await harness.client.auth.loginLink();
  const answer = await login(codeOf(url), { cookie: planted, origin: harness.url });
  expect(answer.status).toBe(200);
  expect(await isIn({ cookie: planted })).toBe(false);
});

test('F233 API2 tokens that nobody signed are nothing to any method of the contract', async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'reeve', aud: 'reeve', sub: 'owner', sid: 'sgn_1', tid: 'home', role: 'admin' };
  const forged = [
    `${part({ alg: 'none', typ: 'at+jwt' })}.${part({ ...claims, exp: 9_999_999_999 })}.`,
    `${part({ alg: 'HS256', typ: 'at+jwt', kid: '../../../dev/null' })}.${part(claims)}.AAAA`,
    `${part({ alg: 'EdDSA', typ: 'at+jwt', kid: '__proto__', jwk: {} })}.${part(claims)}.AAAA`,
    `${part({ alg: 'EdDSA', jku: 'https://evil.example/jwks', kid: 'x' })}.${part(claims)}.AAAA`,
  ];
  const asked = procedures.filter(({ path }) => !path.startsWith('/api/auth/') && path.startsWith('/api/'));
  expect(asked.length).toBeGreaterThan(60);
  for (const [n, { method, path }] of asked.entries()) {
    const authorization = `Bearer ${forged[n % forged.length]}`;
    const answer = await ask(harness.url + path, { method, headers: { ...json, authorization } });
    expect([path, answer.status]).toEqual([path, 401]);
  }
});

test('F005 API2 a method that is told by another header is the one that was sent', async () => {
  const { id } = await harness.client.sessions.create({ title: 'stays' });
  for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
    const headers = { ...bearer(harness), [name]: 'DELETE' };
    await ask(`${harness.url}/api/chat/${id}`, { headers });
    await ask(`${harness.url}/api/chat/${id}?_method=DELETE`, { headers });
  }
  expect((await call(harness, 'GET', `/api/chat/${id}`)).json.title).toBe('stays');
});
