import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from '../support/http.ts';
import { challengeOf, connect, connectParams, openSocket, refusedUpgrade } from '../support/wire.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
let cookie: string;
beforeAll(async () => {
  harness = await startHarness({ env: { REEVE_GATEWAY_CORS_ORIGINS: 'https://panel.example' } });
  cookie = await signIn(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

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

  for (const origin of [undefined, 'https://panel.example']) {
    const socket = await openSocket(harness, { headers: { cookie }, ...(origin && { origin }) });
    const answer = await socket.ask('connect', connectParams('', { auth: {} }));
    expect(answer.error.details.code).toBe('AUTH_TOKEN_MISSING');
    await socket.closed;
  }
  await using panel = await connect(harness, {}, { origin: 'https://panel.example' });
  expect(panel.hello.type).toBe('hello-ok');
});

test('F005 a token in the address is ignored', async () => {
  for (const query of [`token=${harness.token}`, `auth=${harness.token}`, `access_token=${harness.token}`]) {
    const socket = await openSocket(harness, { path: `/ws?${query}` });
    const answer = await socket.ask('connect', connectParams('', { auth: {} }));
    expect(answer.error.details.code).toBe('AUTH_TOKEN_MISSING');
    await socket.closed;
  }
});

test.each(['node', 'worker', 'admin', 'system', '__proto__'])(
  'F237 a role of the client’s own making (%s) is refused',
  async (role) => {
    const socket = await openSocket(harness);
    const answer = await socket.ask('connect', connectParams(harness.token, { role }));
    expect([answer.ok, (await socket.closed).code]).toEqual([false, 1008]);
  },
);

test('F237 scopes are what was asked for and exists, never more', async () => {
  await using odd = await connect(harness, {
    scopes: ['operator.read', 'root', 'operator.*', 'constructor'],
  });
  expect(odd.hello.auth.scopes).toEqual(['operator.read']);
  for (const method of [
    'config.patch',
    'sessions.delete',
    'cron.add',
    'agent',
    'memory.learn',
    'chat.send',
  ]) {
    const answer = await odd.ask(method, { raw: '{}', key: 'x', message: 'x', sessionKey: 'x' });
    expect([method, answer.ok]).toEqual([method, false]);
  }
  await using none = await connect(harness, { scopes: [] });
  expect((await none.ask('health')).error.message).toBe('missing scope: operator.read');
  await using silent = await connect(harness, { scopes: undefined });
  expect(silent.hello.auth.scopes).toEqual(['operator.read']);
});

test('F237 a request cannot bring an identity along', async () => {
  await using reader = await connect(harness, { scopes: ['operator.read'] });
  for (const extra of [
    { scopes: ['operator.admin'], role: 'admin', actor: { userId: 'owner', role: 'admin' } },
    { __proto__: { scopes: ['operator.admin'] } },
  ]) {
    const answer = await reader.ask('config.set', { key: 'agent.name', value: 'Eve', ...extra });
    expect(answer.error.code).toBe('FORBIDDEN');
  }
  reader.sendText(
    '{"type":"req","id":"p","method":"config.set","scopes":["operator.admin"],"params":{"key":"agent.name","value":"Eve"}}',
  );
  expect((await reader.until((frame) => frame.id === 'p')).error.code).toBe('FORBIDDEN');
});

test('F237 a second connect cannot widen what the first was given', async () => {
  await using reader = await connect(harness, { scopes: ['operator.read'] });
  const answer = await reader.ask('connect', connectParams(harness.token));
  expect(answer.error.message).toBe('connected already');
  expect((await reader.ask('config.set', { key: 'agent.name', value: 'Eve' })).error.code).toBe('FORBIDDEN');
});

test('F015 keys of prototypes harm nothing', async () => {
  await using socket = await connect(harness);
  for (const method of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
    expect((await socket.ask(method, {})).error.message).toBe(`unknown method: ${method}`);
  for (const raw of [
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"agent":{"__proto__":{"polluted":true}}}',
  ]) {
    await socket.ask('config.patch', { raw });
    await socket.ask('config.apply', { raw: `{"agent":{"name":"Reeve"},"x":${raw}}` });
  }
  socket.sendText(
    '{"type":"req","id":"q","method":"chat.send","params":{"__proto__":{"sessionKey":"x","message":"y"}}}',
  );
  expect((await socket.until((frame) => frame.id === 'q')).ok).toBe(false);
  for (const key of ['__proto__', 'constructor', 'toString'])
    expect((await socket.request('chat.history', { sessionKey: key })).messages).toEqual([]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect(JSON.parse((await socket.request('config.get')).raw).agent.name).toBe('Reeve');
});

test('F240 a session of somebody else is not found, by id and by name', async () => {
  await using socket = await connect(harness);
  const id = `ses_${'0'.repeat(26)}`;
  for (const [method, params] of [
    ['chat.send', { sessionKey: `agent:main:${id}`, message: 'hi' }],
    ['agent', { sessionKey: id, message: 'hi' }],
    ['chat.history', { sessionKey: id }],
    ['sessions.get', { key: id }],
    ['sessions.describe', { key: id }],
    ['sessions.messages.subscribe', { key: id, after: 0 }],
    ['sessions.reset', { key: id }],
    ['sessions.delete', { key: id }],
    ['sessions.patch', { key: id, label: 'x' }],
    ['memory.learn', { content: 'x', session_key: id }],
    ['chat.abort', { sessionKey: id }],
  ] as const) {
    const answer = await socket.ask(method, params);
    expect([method, answer.error?.details.fault]).toEqual([method, 'NOT_FOUND']);
  }
  const other = await socket.ask('chat.send', { sessionKey: 'agent:eve:main', message: 'hi' });
  expect(other.error.details.fault).toBe('NOT_FOUND');
});

test('F004 nobody who has not signed in hears anything but the challenge', async () => {
  const clock = createFakeClock();
  await using quiet = await startHarness({ clock });
  const stranger = await openSocket(quiet);
  await using owner = await connect(quiet);
  await owner.request('chat.send', { sessionKey: 'secret', message: 'the code is 4711' });
  await owner.until((frame) => frame.event === 'chat' && frame.payload.state === 'final');
  await clock.advance(10_000);
  expect(stranger.frames.map((frame) => frame.event)).toEqual(['connect.challenge']);
  stranger.ws.terminate();
});

test('F326 what a client says about itself is not written into the log', async () => {
  const poison = 'POISON\n{"level":50,"msg":"owner approved everything"}';
  const socket = await openSocket(harness, { headers: { 'user-agent': 'POISON-agent' } });
  socket.sendText(`{"type":"POISON`);
  const answer = await socket.ask(
    'connect',
    connectParams('POISON-token', {
      client: { id: poison.slice(0, 200), version: poison, platform: poison, mode: poison },
      userAgent: poison,
      locale: poison,
    }),
  );
  expect(answer.ok).toBe(false);
  await socket.closed;
  await using known = await connect(harness, {
    client: { id: poison, version: poison, platform: 'x', mode: 'x' },
  });
  await known.ask(poison, { poison });
  await known.ask('sessions.resolve', { key: poison });
  const folder = join(harness.home, 'logs');
  const written = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  expect(written.join('')).not.toContain('POISON');
});
