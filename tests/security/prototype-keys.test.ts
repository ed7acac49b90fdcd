import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accept, as } from '../identity/support.ts';
import { ask, bearer, call, json } from '../support/http.ts';
import { connect } from '../support/wire.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const postRaw = (path: string, body: string) =>
  ask(harness.url + path, { method: 'POST', headers: { ...bearer(harness), ...json }, body });

const poison =
  '{"__proto__":{"polluted":true,"text":"from the prototype"},"constructor":{"prototype":{"polluted":true}},';
test.each([
  ['/api/chat/send', `${poison}"text":"a"}`],
  ['/chat', `${poison}"message":"/version"}`],
  ['/api/chat/conversations', `${poison}"title":"a"}`],
  [
    '/v1/chat/completions',
    `${poison}"messages":[{"role":"user","content":"/version","__proto__":{"polluted":true}}]}`,
  ],
  ['/api/chat/send', '{"text":"a","params":{"__proto__":{"polluted":true,"temperature":1}}}'],
])(
  'F243 prototype keys in a body to %s are refused or ignored, and reach no prototype',
  async (path, body) => {
    const answer = await postRaw(path, body);
    expect([200, 201, 202, 400]).toContain(answer.status);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(await postRaw('/api/chat/send', '{"__proto__":{"text":"from the prototype"}}')).toMatchObject({
      status: 400,
    });
  },
);

test('F243 prototype keys in a query or an id are names like any other', async () => {
  for (const path of [
    '/api/chat/__proto__',
    '/api/chat/constructor',
    '/api/chat/history/toString',
    '/api/chat/conversations?__proto__[limit]=1&constructor[prototype][limit]=1',
  ]) {
    expect([200, 404]).toContain((await call(harness, 'GET', path)).status);
  }
  expect(({} as Record<string, unknown>)['limit']).toBeUndefined();
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

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'F243 %s is a name that nothing has, wherever something is asked for by its name',
  async (name) => {
    const { id: sessionId } = await harness.client.sessions.create({});
    const asked: [method: string, path: string, body?: object][] = [
      ['POST', `/api/providers/${name}/test`, {}],
      ['PATCH', '/api/config', { key: `${name}.polluted`, value: true }],
      ['PATCH', '/api/config', { key: `providers.${name}.${name}`, value: true }],
      ['POST', '/api/chat/send', { text: 'x', model: `${name}/${name}` }],
      ['POST', '/v1/chat/completions', { model: name, messages: [{ role: 'user', content: 'x' }] }],
      ['GET', `/v1/models/${name}`],
      ['GET', `/v1/responses/${name}`],
      ['POST', '/api/account/connections', { kind: 'oidc', name }],
      ['GET', `/api/auth/oidc/${name}/start`],
      ['POST', '/api/policies/explain', { tool: name, args: {} }],
      ['POST', '/api/invites', { role: name }],
      ['PATCH', '/api/people/owner', { role: name }],
      ['GET', `/api/secrets/${name}`],
      ['GET', `/api/approvals/${name}`],
      ['GET', `/api/chat/history/${name}`],
    ];
    for (const [method, path, body] of asked) {
      const { status } = await call(harness, method, path, body);
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
    }
    const called = await call(harness, 'POST', `/api/tools/${name}/call`, { sessionId, args: {} });
    expect(called.body).toContain('TOOL_UNKNOWN');
    await call(harness, 'PATCH', '/api/account', { language: name });
    expect((await call(harness, 'POST', '/chat', { message: '/help' })).status).toBe(200);
    await call(harness, 'PATCH', '/api/account', { language: null });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  },
);

test('F236 F243 a role by the name of something in a prototype is the role that it narrows, and no more', async () => {
  const made = await call(harness, 'POST', '/api/roles', { name: 'constructor', base: 'guest' });
  expect(made.status).toBe(201);
  const { url } = (await call(harness, 'POST', '/api/invites', { role: 'constructor' })).json;
  const who = await accept(harness, url, 'proto@example.org');
  expect((await as(harness, who, 'GET', '/api/chat/conversations')).status).toBe(200);
  for (const path of ['/api/people', '/api/config', '/api/policies', '/api/usage'])
    expect([path, (await as(harness, who, 'GET', path)).status]).toEqual([path, 403]);
});
