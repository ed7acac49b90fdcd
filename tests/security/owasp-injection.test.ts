import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, bearer, call, json } from '../support/http.ts';
import { sendBytes } from './support.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness({ env: { REEVE_GATEWAY_CORS_ORIGINS: 'https://panel.example' } });
});
afterAll(() => harness[Symbol.asyncDispose]());

test('F243 nothing of a title can get into a header or a path by the name of an export', async () => {
  const title = 'a"\r\nSet-Cookie: x=1\r\n\r\n../../etc/passwd\u0000\u202e<b>';
  const { id } = await harness.client.sessions.create({ title });
  const answer = await call(harness, 'GET', `/api/chat/${id}/export?format=markdown`);
  expect(answer.status).toBe(200);
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.json.filename).toMatch(/^[\p{L}\p{N}-]+\.md$/u);
});

test('F243 nothing of a request can get into the headers of the OpenAI surface', async () => {
  const answer = await ask(`${harness.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(harness), ...json },
    body: JSON.stringify({
      user: 'a\r\nSet-Cookie: x=1',
      model: 'reeve',
      messages: [{ role: 'user', content: '/version' }],
    }),
  });
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.headers['x-reeve-session']).toMatch(/^ses_[\w-]+$/);
});

const evil = 'x\r\nSet-Cookie: planted=1\r\n\r\n<script>alert(1)</script>';

test.each([
  ['GET', `/api/auth/oidc/${encodeURIComponent(evil)}/start`],
  ['GET', `/api/auth/oidc/office/start?returnTo=${encodeURIComponent(evil)}`],
  ['GET', `/api/auth/saml/office/finish?code=${encodeURIComponent(evil)}`],
  ['GET', `/s/${encodeURIComponent(evil)}`],
  ['GET', `/settings/${encodeURIComponent(evil)}`],
  ['GET', `/assets/${encodeURIComponent(evil)}`],
  ['GET', `/api/docs/${encodeURIComponent(evil)}`],
  ['GET', `/v1/models/${encodeURIComponent(evil)}`],
  ['GET', `/api/chat/${encodeURIComponent(evil)}`],
  ['GET', `/login?next=${encodeURIComponent(evil)}`],
  ['DELETE', `/api/tokens/${encodeURIComponent(evil)}`],
])('F243 line breaks in an address stay out of the headers: %s %s', async (method, path) => {
  for (const headers of [bearer(harness), {}] as Record<string, string>[]) {
    const answer = await ask(harness.url + path, { method, headers });
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers['set-cookie']?.join() ?? '').not.toContain('planted');
    // Where it is repeated at all, it is text of JSON or of a page.
    if (/html/.test(answer.headers['content-type'] ?? '')) expect(answer.body).not.toContain('<script>alert');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  }
});

test('F243 a redirect leads to our own sign-in page, whatever Host and address say', async () => {
  for (const path of [
    '/',
    '//evil.example/',
    '/%2f%2fevil.example',
    '/\\evil.example',
    '/?next=https://evil.example',
  ]) {
    const raw = await sendBytes(
      harness,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    const location = /^location: (.*)$/im.exec(raw)?.[1]?.trim();
    if (location !== undefined) expect(location).toBe('/login');
    expect(raw).toMatch(/^HTTP\/1\.1 (302|4\d\d) /);
  }
});

test('F023 F243 nothing of an Origin or of asked-for headers comes back unless it is known', async () => {
  const raw = await sendBytes(
    harness,
    'OPTIONS /api/chat/send HTTP/1.1\r\nHost: localhost\r\nOrigin: https://panel.example\r\n' +
      'Access-Control-Request-Method: EVIL\r\nAccess-Control-Request-Headers: x\tset-cookie\r\nConnection: close\r\n\r\n',
  );
  expect(raw).not.toMatch(/^set-cookie:/im);
  expect(raw).not.toContain('EVIL');
});

test.each([
  ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello'],
  ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['chunks by another name', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
  ['a bare line feed', 'X: a\nGET /api/config HTTP/1.1\r\n\r\n'],
  ['a header that is folded', 'X: a\r\n b: c\r\n\r\n'],
  ['a space before the colon', 'Content-Length : 5\r\n\r\nhello'],
])('F232 a request with %s, that two servers would read differently, is refused', async (_what, rest) => {
  const raw = await sendBytes(
    harness,
    `POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${rest}`,
  );
  expect(raw).toMatch(/^HTTP\/1\.1 400 /);
  expect(raw.match(/HTTP\/1\.1 /g)).toHaveLength(1);
});

test('F243 quotes and signs of query languages are letters wherever something is searched', async () => {
  await harness.client.sessions.create({ title: 'the only plan' });
  for (const word of [
    "' OR '1'='1",
    '" OR 1=1 --',
    '*',
    'NEAR(a b)',
    'title:plan',
    '%',
    '_',
    'a" AND "b',
    '\\',
    '(',
  ])
    for (const path of [
      `/api/chat/conversations?search=${encodeURIComponent(word)}`,
      `/api/search?query=${encodeURIComponent(word)}`,
      `/api/audit?target=${encodeURIComponent(word)}&type=${encodeURIComponent(word)}`,
    ]) {
      const answer = await call(harness, 'GET', path);
      expect([path, [200, 400].includes(answer.status)]).toEqual([path, true]);
      expect(answer.body).not.toContain('the only plan');
    }
});

test('F243 a name cannot become a header of a mail or of a log line', async () => {
  const name = 'Eve\r\nBcc: all@example.org';
  const answer = await ask(`${harness.url}/api/invites`, {
    method: 'POST',
    headers: { ...bearer(harness), ...json },
    body: JSON.stringify({ role: 'guest', email: 'eve@example.org\r\nBcc: all@example.org', name }),
  });
  expect(answer.status).toBe(400);
});
