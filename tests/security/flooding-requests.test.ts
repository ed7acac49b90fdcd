import { gzipSync } from 'node:zlib';
import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { say } from '../support/collect.ts';
import { ask, bearer, call, json } from '../support/http.ts';
import { sendBytes } from './support.ts';

const clock = createFakeClock();
let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness({ clock });
});
afterAll(() => harness[Symbol.asyncDispose]());

test('F242 two hundred strangers at once are each refused, and the owner is answered meanwhile', async () => {
  const paths = ['/api/config', '/v1/models', '/api/chat/stream?sessionId=x', '/nothing'];
  const strangers = Promise.all(
    Array.from({ length: 200 }, (_, n) => ask(harness.url + paths[n % paths.length])),
  );
  const mine = await say(harness, 'still there?');
  expect(mine.items.at(-1)!.type).toBe('run.finished');
  expect((await strangers).every(({ status }) => status === 401)).toBe(true);
});

const head = (path: string, ...more: string[]) =>
  [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json', ...more, '', ''].join(
    '\r\n',
  );

test.each(['/api/auth/login', '/api/auth/sign-in', '/api/auth/register', '/api/auth/reset'])(
  'F009 F243 a stranger’s body for %s is refused by the length that it says, before it is there',
  async (path) => {
    for (const length of [65_537, 20_000_000, 10 ** 15])
      expect(await sendBytes(harness, head(path, `Content-Length: ${length}`, 'Connection: close'))).toMatch(
        /^HTTP\/1\.1 413 [\s\S]*PAYLOAD_TOO_LARGE/,
      );
    const filler = `{"code":"${'x'.repeat(70_000)}"}`;
    const answer = await ask(harness.url + path, {
      method: 'POST',
      headers: { ...json, 'transfer-encoding': 'chunked' },
      body: filler,
    });
    expect(answer.status).toBe(413);
  },
);

test('F243 what is no open path, or needs a token of its own, reads no body of a stranger at all', async () => {
  for (const path of ['/api/chat/send', '/v1/chat/completions', '/scim/v2/Users', '/nothing'])
    expect(await sendBytes(harness, head(path, 'Content-Length: 500000', 'Connection: close'))).toMatch(
      /^HTTP\/1\.1 401 /,
    );
});

test('F004 F243 a stranger who sends byte by byte is let go; whoever is signed in may take their time', async () => {
  const rest = '"}';
  const length = (body: string) => `Content-Length: ${body.length}`;
  const login = '{"code":"none"}';
  const slow = sendBytes(harness, head('/api/auth/login', length(login)) + login.slice(0, 3));
  const scim = sendBytes(harness, head('/scim/v2/Users', length(login), 'Authorization: Bearer rvc_x'));
  const message = '{"text":"slowly';
  const { connect } = await import('node:net');
  const mine = connect(Number(new URL(harness.url).port), '127.0.0.1');
  mine.write(
    head(
      '/api/chat/send',
      `Authorization: Bearer ${harness.token}`,
      length(message + rest),
      'Connection: close',
    ) + message,
  );
  // Answered after the headers of all three were read.
  expect((await call(harness, 'GET', '/health')).status).toBe(200);
  await clock.advance(15_000);
  expect(await slow).toBe('');
  expect(await scim).not.toMatch(/^HTTP\/1\.1 2/);
  mine.write(rest);
  const { text } = await import('node:stream/consumers');
  expect(await text(mine)).toMatch(/^HTTP\/1\.1 202 /);
});

test('F243 a packed body is not unpacked', async () => {
  const body = gzipSync(Buffer.from(JSON.stringify({ text: 'x'.repeat(900_000) })));
  const answer = await fetch(`${harness.url}/api/chat/send`, {
    method: 'POST',
    headers: { ...bearer(harness), ...json, 'content-encoding': 'gzip' },
    body,
  });
  expect(answer.status).toBe(400);
});

test.each([
  ['a thousand headers', Array.from({ length: 1_000 }, (_, n) => `X-${n}: ${n}`)],
  ['a header of 40 KB', [`X-Long: ${'x'.repeat(40_000)}`]],
  ['a cookie of 40 KB', [`Cookie: ${'a=b; '.repeat(8_000)}`]],
])('F232 F243 a request with %s is refused, or answered like any other', async (_what, headers) => {
  expect(
    await sendBytes(harness, head('/api/chat/send', ...headers, 'Content-Length: 0', 'Connection: close')),
  ).toMatch(/^HTTP\/1\.1 (431|401) /);
});

test.each([
  ['/v1/chat/completions', (many: string) => `{"messages":[${many}]}`],
  ['/v1/responses', (many: string) => `{"input":[${many}]}`],
  ['/api/policies/explain', (many: string) => `{"tool":"calculate","args":[${many}]}`],
  ['/api/chat/send', (many: string) => `{"text":"x","images":[${many}]}`],
])('F243 %s with three hundred thousand things in an array is refused at once', async (path, make) => {
  const body = make(`${'{},'.repeat(300_000)}{}`);
  const answer = await ask(harness.url + path, {
    method: 'POST',
    headers: { ...bearer(harness), ...json },
    body,
  });
  expect([400, 413]).toContain(answer.status);
});

test('F243 brackets in a query make neither long lists nor deep ones', async () => {
  for (const query of [
    'limit[4294967294]=1',
    'x[999999999]=1',
    `limit${'[a]'.repeat(4_000)}=1`,
    `${'a[]=1&'.repeat(2_500)}limit=1`,
  ])
    expect([200, 400]).toContain((await call(harness, 'GET', `/api/chat/conversations?${query}`)).status);
});
