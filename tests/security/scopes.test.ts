import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { as, join, setUpOwner } from '../identity/support.ts';
import { ask, json } from '../support/http.ts';
import { connect, connectParams, openSocket } from '../support/wire.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

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

test('F237 a key for running the machine does not open the door by way of the settings', async () => {
  const { token } = await harness.client.auth.createToken({ name: 'ops', scopes: ['system:manage'] });
  const change = async (key: string, value: unknown) => {
    const answer = await ask(`${harness.url}/api/config`, {
      method: 'PATCH',
      headers: { ...json, authorization: `Bearer ${token}` },
      body: JSON.stringify({ key, value }),
    });
    return answer.status;
  };
  for (const [key, value] of [
    ['identity.smtp.host', '127.0.0.1'],
    ['identity.publicUrl', 'https://elsewhere.example'],
    ['gateway.auth.mode', 'none'],
    ['policy.profile', 'household'],
    ['approvals.attendedSeconds.high', 1],
    ['rates.requestsPerMinute', 0],
    ['audit.retentionDays', 1],
    ['secrets.backend', 'env'],
  ] as const)
    expect([key, await change(key, value)]).toEqual([key, 403]);
  expect(await change('agent.maxSteps', 12)).toBe(200);
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

const key = async (...scopes: string[]) => ({
  bearer: (await harness.client.auth.createToken({ name: scopes.join(' '), scopes: scopes as never })).token,
});

/** By each of these somebody would get in with all the rights of a person. */
const waysIn: [method: string, path: string, body: object][] = [
  ['POST', '/api/auth/login-link', {}],
  ['POST', '/api/account/password', { email: 'eve@example.org', password: 'vexing otter lantern 91' }],
  ['POST', '/api/account/passkeys/options', {}],
  ['POST', '/api/account/passkeys', { ticket: 'none', answer: {}, name: 'mine' }],
  ['POST', '/api/account/connections', { kind: 'oidc', name: 'office' }],
  ['POST', '/api/account/channels/code', {}],
  ['POST', '/api/people/owner/reset-link', {}],
  ['POST', '/api/people/owner/channels', { channel: 'telegram', identifier: '42' }],
  ['POST', '/api/invites', { role: 'admin' }],
  ['POST', '/api/invites', { role: 'guest' }],
  ['POST', '/api/scim-tokens', { name: 'directory' }],
  ['POST', '/api/tenants', { name: 'Next door' }],
];
test.each(waysIn)('F225 F239 a key with scopes has no way to rights without them: %s %s', async (...one) => {
  const [method, path, body] = one;
  const scoped = await key('account:manage', 'user:manage', 'system:manage', 'chat:write');
  const answer = await as(harness, scoped, method, path, body);
  expect([answer.status, answer.json.code]).toEqual([403, 'PERMISSION_DENIED']);
});

test('F225 F239 nor does it make anybody more than they are, or ask for a code by a slash command', async () => {
  const scoped = await key('account:manage', 'user:manage', 'chat:write');
  const bob = await join(harness, { email: 'bob@example.org' });
  for (const change of [{ role: 'admin' }, { flags: { canExecCommands: true } }])
    expect((await as(harness, scoped, 'PATCH', `/api/people/${bob.id}`, change)).status).toBe(403);
  expect(
    (await as(harness, scoped, 'PATCH', `/api/people/${bob.id}`, { name: 'Robert' })).json,
  ).toMatchObject({ role: 'user', name: 'Robert' });
  const said = await as(harness, scoped, 'POST', '/chat', { message: '/link' });
  expect(said.json.reply).not.toMatch(/\d{6}/);
});

test('F225 F239 a key whose scopes are everything, and a browser, do what their owner may', async () => {
  const all = await key('*:*');
  expect((await as(harness, all, 'POST', '/api/account/channels/code')).status).toBe(200);
  const { cookie } = await setUpOwner(harness);
  expect((await as(harness, { cookie }, 'POST', '/api/invites', { role: 'guest' })).status).toBe(201);
});

test('F239 headers that name scopes or people widen nothing', async () => {
  const { bearer } = await key('chat:read');
  for (const more of [{ 'x-openclaw-scopes': 'operator.admin' }, { 'x-forwarded-user': 'owner' }]) {
    const headers = { ...json, authorization: `Bearer ${bearer}`, ...more };
    const body = JSON.stringify({ text: 'x' });
    expect((await ask(`${harness.url}/api/chat/send`, { method: 'POST', headers, body })).status).toBe(403);
  }
});
