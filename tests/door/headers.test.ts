import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, ask, bearer, json, open } from '../support/http.ts';

const friend = 'https://friend.example';
let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness({ env: { REEVE_GATEWAY_CORS_ORIGINS: friend } });
});
afterAll(() => harness[Symbol.asyncDispose]());

const kinds: [what: string, path: string, method: string, isSignedIn: boolean][] = [
  ['the page', '/', 'GET', true],
  ['a redirect', '/', 'GET', false],
  ['the sign-in page', '/login', 'GET', false],
  ['health', '/health', 'GET', false],
  ['an answer of the API', '/api/chat/conversations', 'GET', true],
  ['an error', '/api/chat/conversations?limit=x', 'GET', true],
  ['a refusal', '/api/chat/conversations', 'GET', false],
  ['an unknown path', '/nothing', 'GET', true],
  ['a path that cannot be decoded', '/%', 'GET', false],
  ['the reference page', '/api/docs/', 'GET', true],
  ['the OpenAPI document', '/api/openapi.json', 'GET', true],
  ['the OpenAI surface', '/v1/models', 'GET', true],
  ['an error of the OpenAI surface', '/v1/models/none', 'GET', true],
  ['a stream', '/api/system/logs?lines=0', 'GET', true],
  ['a stream of the OpenAI surface', '/v1/chat/completions', 'POST', true],
];

test.each(kinds)('F023 F244 %s has the security headers', async (_what, path, method, isSignedIn) => {
  const { headers } = await ask(harness.url + path, {
    method,
    headers: { ...(isSignedIn && bearer(harness)), ...(method === 'POST' && json) },
    ...(method === 'POST' && {
      body: JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    }),
  });
  expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cache-control']).toMatch(/^no-(store|cache)/);
  expect(headers['x-powered-by']).toBeUndefined();
  expect(headers['server']).toBeUndefined();
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

test('F244 browsers are told to come by TLS again, where a believed proxy says that they did', async () => {
  const said = async (url: string) =>
    (await ask(`${url}/login`, { headers: { 'x-forwarded-proto': 'https' } })).headers[
      'strict-transport-security'
    ];
  expect(await said(harness.url)).toBeUndefined();
  await using behind = await startHarness({ env: { REEVE_GATEWAY_TRUST_PROXY: 'true' } });
  expect(await said(behind.url)).toBe('max-age=15552000');
});

test('F023 the page may run its own script and style, and reach nothing but the gateway', async () => {
  const { headers } = await ask(`${harness.url}/login`);
  expect(headers['content-security-policy']).toMatch(
    /script-src 'self'[^;]*; style-src 'self'; connect-src 'self'/,
  );
  expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/);
  expect(headers['referrer-policy']).toBe('no-referrer');
});

const preflight = (origin: string): Promise<Answer> =>
  ask(`${harness.url}/api/chat/send`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

test('F023 a configured origin may call, without cookies, and may read our headers', async () => {
  const asked = await preflight(friend);
  expect(asked.status).toBe(204);
  expect(asked.headers).toMatchObject({
    'access-control-allow-origin': friend,
    vary: expect.stringMatching(/origin/i),
  });
  expect(asked.headers['access-control-allow-methods']).toMatch(/PATCH.*DELETE|DELETE.*PATCH/);
  expect(asked.headers['access-control-allow-credentials']).toBeUndefined();
  const called = await ask(`${harness.url}/api/chat/conversations`, {
    headers: { ...bearer(harness), origin: friend },
  });
  expect(called.status).toBe(200);
  expect(called.headers['access-control-allow-origin']).toBe(friend);
  expect(called.headers['access-control-expose-headers']).toContain('x-reeve-session');
  const stream = await open(`${harness.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(harness), ...json, origin: friend },
    body: JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'hi' }] }),
  });
  expect(stream.headers['access-control-allow-origin']).toBe(friend);
  stream.destroy();
});

test.each([
  'https://foe.example',
  'https://friend.example.foe.example',
  'http://friend.example',
  'https://friend.example:444',
  'null',
  `${friend}/`,
])('F023 the origin %s is given nothing', async (origin) => {
  const asked = await preflight(origin);
  expect(asked.headers['access-control-allow-origin']).toBeUndefined();
  const called = await ask(`${harness.url}/api/chat/conversations`, {
    headers: { ...bearer(harness), origin },
  });
  expect(called.status).toBe(403);
  expect(called.json.code).toBe('ORIGIN_REFUSED');
  expect(called.headers['access-control-allow-origin']).toBeUndefined();
});

test('F023 a preflight under a foreign host name is refused before anything else', async () => {
  const answer = await ask(`${harness.url}/api/chat/send`, {
    method: 'OPTIONS',
    headers: { host: 'rebound.example', origin: friend, 'access-control-request-method': 'POST' },
  });
  expect(answer.status).toBe(403);
});

test('F023 without configured origins there is no CORS at all', async () => {
  await using closed = await startHarness({ model: null });
  const answer = await ask(`${closed.url}/health`, { headers: { origin: closed.url } });
  expect(answer.status).toBe(200);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});
