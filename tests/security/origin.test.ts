import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, bearer, json, signIn } from '../support/http.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
let cookie: string;
let port: number;
beforeAll(async () => {
  harness = await startHarness({ env: { REEVE_GATEWAY_ALLOWED_HOSTS: 'reeve.example,Steward.Home' } });
  cookie = await signIn(harness);
  port = Number(new URL(harness.url).port);
});
afterAll(() => harness[Symbol.asyncDispose]());

const send = (headers: Record<string, string>, method = 'POST', path = '/api/chat/send') =>
  ask(harness.url + path, {
    method,
    headers: { ...json, ...headers },
    ...(method === 'POST' && { body: JSON.stringify({ text: 'delete everything' }) }),
  });

test.each([
  '127.0.0.1',
  'localhost',
  'LOCALHOST:18789',
  '[::1]',
  '[::1]:80',
  '192.168.1.20:18789',
  'reeve.example',
  'steward.home:443',
])('F001 the host %s is ours', async (host) => {
  expect((await send({ ...bearer(harness), host }, 'GET', '/api/chat/conversations')).status).toBe(200);
});

test.each([
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'reeve.example.evil.example',
  '127.0.0.1@evil.example',
  'evil.example#127.0.0.1',
  '127.0.0.1, evil.example',
  'localhost:80:80',
  '[evil]',
  '0x7f.1',
  '2130706433',
  'localhost.',
])('F001 DNS rebinding: the host %j is refused, with credentials and without, health too', async (host) => {
  for (const path of ['/api/chat/conversations', '/health', '/login', '/v1/models']) {
    for (const credentials of [bearer(harness), { cookie }, {}]) {
      const answer = await send({ ...credentials, host }, 'GET', path);
      expect([
        answer.status,
        answer.body.includes('OriginRefused') || /origin_refused/i.test(answer.body),
      ]).toEqual([403, true]);
    }
  }
});

test('F001 a request without a Host, or whose first Host is foreign, is refused', async () => {
  for (const hosts of ['', 'Host: evil.example\r\nHost: 127.0.0.1\r\n']) {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `GET /api/config HTTP/1.1\r\n${hosts}Authorization: Bearer ${harness.token}\r\nConnection: close\r\n\r\n`,
    );
    expect(await readText(socket)).toMatch(/^HTTP\/1\.1 40[03] /);
  }
});

test('F001 forwarded host names of a stranger are not believed', async () => {
  const answer = await send({
    ...bearer(harness),
    host: 'evil.example',
    'x-forwarded-host': 'localhost',
    forwarded: 'host=localhost',
  });
  expect(answer.status).toBe(403);
});

test.each([
  'https://evil.example',
  'null',
  'http://127.0.0.1.evil.example',
  'file://',
  'chrome-extension://abcdef',
  'http://localhost:1',
  '',
])('cross-site: the Origin %j is refused with every kind of credential', async (origin) => {
  for (const credentials of [bearer(harness), { cookie }, {}]) {
    expect((await send({ ...credentials, origin })).json.code).toBe('ORIGIN_REFUSED');
    expect((await send({ ...credentials, origin }, 'GET', '/health')).status).toBe(403);
  }
});

test.each(['cross-site', 'same-site', 'none', 'nonsense'])(
  'cross-site: Sec-Fetch-Site %s cannot change anything by cookie',
  async (site) => {
    expect((await send({ cookie, 'sec-fetch-site': site })).json.code).toBe('ORIGIN_REFUSED');
    expect((await send({ cookie, 'sec-fetch-site': site, origin: harness.url })).json.code).toBe(
      'ORIGIN_REFUSED',
    );
    expect((await send({ cookie, 'sec-fetch-site': site }, 'DELETE', '/api/chat/any')).json.code).toBe(
      'ORIGIN_REFUSED',
    );
  },
);

test('cross-site: a cookie without any sign of where the request began changes nothing', async () => {
  expect((await send({ cookie })).json.code).toBe('ORIGIN_REFUSED');
});

test('same-origin requests by cookie are fine', async () => {
  expect((await send({ cookie, 'sec-fetch-site': 'same-origin', origin: harness.url })).status).toBe(202);
  expect((await send({ cookie, origin: harness.url })).status).toBe(202);
  expect((await send({ cookie, 'sec-fetch-site': 'none' }, 'GET', '/api/chat/conversations')).status).toBe(
    200,
  );
});

test('cross-site: a form of another site reaches nothing, whatever it calls its content', async () => {
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=a']) {
    const answer = await ask(`${harness.url}/api/chat/send`, {
      method: 'POST',
      headers: { cookie, 'content-type': type, origin: 'https://evil.example' },
      body: '{"text":"x"}',
    });
    expect(answer.status).toBe(403);
  }
});

/** A WebSocket handshake by hand; resolves to the whole answer, so a socket that is left open hangs the test. */
const upgrade = async (path: string, headers: Record<string, string>): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  const lines = Object.entries({
    Host: `127.0.0.1:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  });
  socket.write(
    `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  );
  const head = await new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
      if (text.length >= text.indexOf('\r\n\r\n') + 4 + length) resolve(text);
    });
    socket.on('close', () => resolve(text));
  });
  socket.destroy();
  return head;
};

test.each(['/ws', '/', '/api/chat/stream'])(
  'cross-site WebSocket hijack: an upgrade of %s from a foreign page is refused',
  async (path) => {
    for (const headers of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Host: 'evil.example' },
    ]) {
      const answer = await upgrade(path, {
        Authorization: `Bearer ${harness.token}`,
        Cookie: cookie,
        ...headers,
      });
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).toContain('ORIGIN_REFUSED');
    }
  },
);

test('an upgrade where nothing speaks WebSocket gets an answer and does not hang', async () => {
  expect(await upgrade('/api/tokens', {})).toMatch(/^HTTP\/1\.1 401 /);
  expect(await upgrade('/nowhere', { Authorization: `Bearer ${harness.token}` })).toMatch(
    /^HTTP\/1\.1 404 [\s\S]*METHOD_NOT_FOUND/,
  );
  expect(await upgrade('/health', {})).toMatch(/^HTTP\/1\.1 200 /);
  expect(await upgrade('/ws', { Upgrade: 'h2c' })).toMatch(/^HTTP\/1\.1 401 /);
});
