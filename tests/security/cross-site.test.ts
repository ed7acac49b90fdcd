import { connect as connectTcp } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, bearer, call, json, signIn } from '../support/http.ts';
import { challengeOf, connect, connectParams, openSocket, refusedUpgrade } from '../support/wire.ts';

const panel = 'https://panel.example';
let harness: Awaited<ReturnType<typeof startHarness>>;
let cookie: string;
let port: number;
beforeAll(async () => {
  harness = await startHarness({
    env: {
      REEVE_GATEWAY_ALLOWED_HOSTS: 'reeve.example,Steward.Home',
      REEVE_GATEWAY_CORS_ORIGINS: panel,
    },
  });
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
    const socket = connectTcp(port, '127.0.0.1');
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
])('F001 F243 cross-site: the Origin %j is refused with every kind of credential', async (origin) => {
  for (const credentials of [bearer(harness), { cookie }, {}]) {
    expect((await send({ ...credentials, origin })).json.code).toBe('ORIGIN_REFUSED');
    expect((await send({ ...credentials, origin }, 'GET', '/health')).status).toBe(403);
  }
});

test.each(['cross-site', 'same-site', 'none', 'nonsense'])(
  'F001 F243 cross-site: Sec-Fetch-Site %s cannot change anything by cookie',
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

test('F001 F243 cross-site: a cookie without any sign of where the request began changes nothing', async () => {
  expect((await send({ cookie })).json.code).toBe('ORIGIN_REFUSED');
});

test('F001 same-origin requests by cookie are fine', async () => {
  expect((await send({ cookie, 'sec-fetch-site': 'same-origin', origin: harness.url })).status).toBe(202);
  expect((await send({ cookie, origin: harness.url })).status).toBe(202);
  expect((await send({ cookie, 'sec-fetch-site': 'none' }, 'GET', '/api/chat/conversations')).status).toBe(
    200,
  );
});

test('F001 F243 cross-site: a form of another site reaches nothing, whatever it calls its content', async () => {
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
  const socket = connectTcp(port, '127.0.0.1');
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
  'F001 cross-site WebSocket hijack: an upgrade of %s from a foreign page is refused',
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

test('F001 an upgrade where nothing speaks WebSocket gets an answer and does not hang', async () => {
  expect(await upgrade('/api/tokens', {})).toMatch(/^HTTP\/1\.1 401 /);
  expect(await upgrade('/nowhere', { Authorization: `Bearer ${harness.token}` })).toMatch(
    /^HTTP\/1\.1 404 [\s\S]*METHOD_NOT_FOUND/,
  );
  expect(await upgrade('/health', {})).toMatch(/^HTTP\/1\.1 200 /);
  expect(await upgrade('/ws', { Upgrade: 'h2c' })).toMatch(/^HTTP\/1\.1 401 /);
});

test.each([
  'https://evil.example',
  'null',
  'http://localhost.evil.example',
  'http://127.0.0.1:1',
  'file://',
  'chrome-extension://abc',
])('F001 cross-site hijack: a page of %s opens no socket, whatever it brings along', async (origin) => {
  const headers = { cookie, authorization: `Bearer ${harness.token}` };
  for (const path of ['/', '/ws']) expect(await refusedUpgrade(harness, { path, origin, headers })).toBe(403);
});

test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example'])(
  'F001 DNS rebinding: a socket for the host %s is refused',
  async (host) => {
    expect(
      await refusedUpgrade(harness, { headers: { host, authorization: `Bearer ${harness.token}` } }),
    ).toBe(403);
    expect(await refusedUpgrade(harness, { origin: `http://${host}`, headers: { host, cookie } })).toBe(403);
  },
);

test('F005 the cookie counts for our own page and for no other caller', async () => {
  await using own = await openSocket(harness, { origin: harness.url, headers: { cookie } });
  await challengeOf(own);
  expect((await own.ask('connect', connectParams('', { auth: {} }))).ok).toBe(true);

  for (const origin of [undefined, panel]) {
    const socket = await openSocket(harness, { headers: { cookie }, ...(origin && { origin }) });
    const answer = await socket.ask('connect', connectParams('', { auth: {} }));
    expect(answer.error.details.code).toBe('AUTH_TOKEN_MISSING');
    await socket.closed;
  }
  await using other = await connect(harness, {}, { origin: panel });
  expect(other.hello.type).toBe('hello-ok');
});

test('F001 F023 a configured origin brings a token of its own: what a browser sends by itself is not looked at', async () => {
  // Sec-Fetch-Site is not sent to plain HTTP addresses, so that it cannot be what this rests on.
  for (const method of ['GET', 'POST'])
    expect((await send({ cookie, origin: panel }, method, '/api/chat/conversations')).status).toBe(401);
  const own = await send({ ...bearer(harness), cookie, origin: panel }, 'GET', '/api/chat/conversations');
  expect(own.status).toBe(200);
});

test('F001 F005 with no sign-in at all, pages of other origins still get nothing', async () => {
  await using open = await startHarness({
    env: { REEVE_GATEWAY_AUTH_MODE: 'none', REEVE_GATEWAY_CORS_ORIGINS: panel },
  });
  const path = `${open.url}/api/chat/conversations`;
  const headers = { origin: panel, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  for (const more of [headers, { origin: panel }])
    expect((await ask(path, { method: 'POST', headers: { ...json, ...more }, body: '{}' })).status).toBe(401);
  expect((await ask(path, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(401);
  expect((await ask(path)).status).toBe(200);
});

test('F001 behind a trusted proxy the origin is checked as well, and no header moves our own address', async () => {
  await using proxied = await startHarness({ env: { REEVE_GATEWAY_TRUST_PROXY: 'true' } });
  const lies = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'javascript' };
  const foreign = { ...bearer(proxied), ...lies, origin: 'https://evil.example' };
  expect((await ask(`${proxied.url}/api/chat/conversations`, { headers: foreign })).status).toBe(403);
  const { token } = (await call(proxied, 'POST', '/api/scim-tokens', { name: 'directory' })).json;
  const answer = await ask(`${proxied.url}/scim/v2/ServiceProviderConfig`, {
    headers: { ...lies, authorization: `Bearer ${token}` },
  });
  expect(answer.body).toContain(`${proxied.url}/scim/v2`);
  expect(answer.body).not.toMatch(/evil|javascript/);
});
