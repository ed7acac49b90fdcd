import type { Tool } from '@reeve/core';
import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { follow, say } from '../support/collect.ts';
import { ask, bearer, codeOf, json, open } from '../support/http.ts';
import { procedures } from '../support/procedures.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
let sessionId: string;
let tokenId: string;
let messageId: string;
let artifactId: string;
let approvalId: string;
const policy =
  'forbid (principal in Role::"guest", action == Action::"call", resource == Tool::"calculate");';
/** Asks first, so that there is a question. */
const mail: Tool = {
  name: 'send_email',
  description: 'Sends a mail.',
  input: z.looseObject({}),
  risk: 'high',
  effect: 'unsafe',
  level: 'standard',
  execute: async () => ({ text: 'sent' }),
};
beforeAll(async () => {
  harness = await startHarness({ extraTools: [mail] });
  sessionId = (await say(harness, 'hello')).sent.sessionId;
  const { messages } = await harness.client.sessions.history({ id: sessionId, limit: 10 });
  messageId = messages[0]!.id;
  const images = [{ mediaType: 'image/png', data: 'AAAA' }];
  const { seq, runId } = await harness.client.chat.send({ text: 'look', sessionId, images });
  await follow(harness, { sessionId, seq, runId });
  const shown = await harness.client.sessions.history({ id: sessionId });
  artifactId = shown.messages
    .flatMap((message) => message.images ?? [])
    .map((image) => ('artifactId' in image ? image.artifactId : ''))[0]!;
  const asked = await harness.client.tools.call({ name: 'send_email', sessionId });
  approvalId = asked.status === 202 ? asked.body.approvalId : '';
  tokenId = (await harness.client.auth.createToken({ name: 'to go' })).id;
});
afterAll(() => harness[Symbol.asyncDispose]());

interface Example {
  id?: () => string;
  query?: () => string;
  body?: () => unknown;
  status?: number;
  isStream?: boolean;
}

/** A good call of every procedure; in an order in which they do not disturb each other. */
const examples: Record<string, Example> = {
  'system.health': {},
  'system.ready': {},
  'system.version': {},
  'system.status': {},
  'system.metrics': {},
  'system.tools': {},
  'system.logs': { query: () => '?lines=3', isStream: true },
  'system.rebuildJournal': {},
  'system.reload': {},
  'models.list': {},
  'providers.list': {},
  'providers.test': { id: () => 'openai' },
  'config.list': {},
  'config.set': { body: () => ({ key: 'agent.name', value: 'Alfred' }) },
  'secrets.status': {},
  'secrets.list': {},
  'secrets.set': { body: () => ({ name: 'a-key', value: 'some-value-0123' }) },
  'secrets.get': { id: () => 'a-key' },
  'secrets.policy': { id: () => 'a-key', body: () => ({ policy: null }) },
  'secrets.rotate': { id: () => 'a-key', body: () => ({ value: 'next-value-0123' }) },
  'secrets.rollback': { id: () => 'a-key' },
  'secrets.adoptable': {},
  'secrets.adopt': { body: () => ({ from: 'OPENAI_API_KEY' }) },
  'secrets.emergency': { body: () => ({ names: ['a-key'] }) },
  'secrets.lock': {},
  'secrets.unlock': {},
  'secrets.delete': { id: () => 'a-key' },
  'auth.loginLink': {},
  'auth.methods': {},
  'auth.jwks': {},
  'auth.signIn': { body: () => ({ email: 'a@example.org', password: 'wrong' }), status: 401 },
  'auth.secondFactor': { body: () => ({ ticket: 'none', code: '123456' }), status: 401 },
  // Browsers keep no passkeys for an address such as 127.0.0.1.
  'auth.passkeyOptions': { status: 400 },
  'auth.passkeySignIn': { body: () => ({ ticket: 'none', answer: {} }), status: 400 },
  'auth.invite': { body: () => ({ code: 'none' }), status: 401 },
  'auth.register': {
    body: () => ({ code: 'none', name: 'A', email: 'a@example.org', password: 'vexing otter 91' }),
    status: 401,
  },
  'auth.requestReset': { body: () => ({ email: 'a@example.org' }) },
  'auth.reset': { body: () => ({ code: 'none', password: 'vexing otter 91' }), status: 401 },
  'auth.refresh': { body: () => ({ refreshToken: 'none' }), status: 401 },
  'account.get': {},
  'account.update': { body: () => ({ language: 'de' }) },
  'account.setPassword': { body: () => ({ email: 'o@example.org', password: 'vexing otter 91' }) },
  'account.sessions': {},
  'account.revokeSession': { id: () => 'none', status: 404 },
  'account.revokeOthers': {},
  'account.devices': {},
  'account.revokeDevice': { id: () => 'none', status: 404 },
  'account.beginTotp': { body: () => ({ password: 'vexing otter 91' }) },
  'account.confirmTotp': { body: () => ({ code: '000000' }), status: 401 },
  'account.newRecoveryCodes': { body: () => ({ password: 'vexing otter 91' }), status: 409 },
  'account.disableTotp': { body: () => ({ password: 'vexing otter 91' }) },
  'account.passkeyOptions': { status: 400 },
  'account.addPasskey': { body: () => ({ ticket: 'none', answer: {}, name: 'A' }), status: 400 },
  'account.removePasskey': { id: () => 'none', status: 404 },
  'people.list': {},
  'people.get': { id: () => 'owner' },
  'people.update': { id: () => 'owner', body: () => ({ name: 'Olga' }) },
  'people.remove': { id: () => 'owner', status: 409 },
  'people.resetLink': { id: () => 'owner' },
  'people.signOut': { id: () => 'owner' },
  'invites.list': {},
  'invites.create': { body: () => ({ role: 'user' }), status: 201 },
  'invites.revoke': { id: () => 'none', status: 404 },
  'roles.list': {},
  'roles.create': { body: () => ({ name: 'teen', base: 'child' }), status: 201 },
  'roles.remove': { id: () => 'teen' },
  'tenants.list': {},
  'tenants.create': { body: () => ({ name: 'Next door' }), status: 201 },
  // Changing the password has ended the link of the start.
  'auth.login': { body: async () => ({ code: codeOf((await harness.client.auth.loginLink()).url) }) },
  'auth.logout': {},
  'auth.createToken': { body: () => ({ name: 'new' }), status: 201 },
  'auth.listTokens': {},
  'auth.revokeToken': { id: () => tokenId },
  'account.channels': {},
  'account.linkCode': {},
  'account.unlinkChannel': { id: () => 'none', status: 404 },
  'account.connections': {},
  'account.connect': { body: () => ({ kind: 'oidc', name: 'none' }), status: 404 },
  'account.disconnect': { id: () => 'none', status: 404 },
  'people.channels': { id: () => 'owner' },
  'people.linkChannel': {
    id: () => 'owner',
    body: () => ({ channel: 'telegram', identifier: '42' }),
    status: 201,
  },
  'people.unlinkChannel': { id: () => 'owner', status: 404 },
  'scim.list': {},
  'scim.create': { body: () => ({ name: 'a directory' }), status: 201 },
  'scim.revoke': { id: () => 'none', status: 404 },
  'approvals.list': { query: () => '?status=pending&limit=5' },
  'approvals.get': { id: () => approvalId },
  'approvals.answer': { id: () => approvalId, body: () => ({ decision: 'deny', note: 'not now' }) },
  'tools.call': { id: () => 'calculate', body: () => ({ sessionId, args: { expression: '1+1' } }) },
  'policies.list': {},
  'policies.check': { body: () => ({ tier: 'admin', name: 'mine', text: policy }) },
  'policies.save': { body: () => ({ tier: 'admin', name: 'mine', text: policy }) },
  'policies.history': { query: () => '?tier=admin&name=mine' },
  'policies.remove': { id: () => 'mine' },
  'policies.rule': { body: () => ({ rule: { kind: 'quiet-hours', from: 3, to: 4, role: 'guest' } }) },
  'policies.explain': { body: () => ({ tool: 'calculate', args: { expression: '1+1' } }) },
  'budgets.set': {
    body: () => ({ subject: 'user', subjectId: 'nobody', period: 'day', unit: 'usd', amount: 1 }),
  },
  'budgets.list': {},
  'budgets.mine': {},
  'budgets.remove': { id: () => 'none', status: 404 },
  'audit.list': { query: () => '?type=tool&limit=5' },
  'audit.stats': {},
  'audit.verify': {},
  'audit.export': { query: () => '?format=csv&hours=1' },
  'audit.hold': { body: () => ({ isHeld: false }) },
  'usage.get': {},
  'sessions.list': {},
  'sessions.create': { body: () => ({ title: 'A plan' }), status: 201 },
  'sessions.get': { id: () => sessionId },
  'sessions.update': { id: () => sessionId, body: () => ({ title: 'Renamed' }) },
  'sessions.export': { id: () => sessionId },
  'sessions.history': { id: () => sessionId },
  'sessions.events': { id: () => sessionId, query: () => '?limit=5' },
  'sessions.fork': { id: () => sessionId, body: () => ({ messageId }), status: 201 },
  'sessions.image': { id: () => sessionId, query: () => `?artifactId=${artifactId}` },
  'search.messages': { query: () => '?query=hello' },
  'overview.stream': { isStream: true },
  'sessions.markRead': { id: () => sessionId, body: () => ({ seq: 1 }) },
  'sessions.pin': { id: () => sessionId, body: () => ({ messageId }) },
  'chat.send': { body: () => ({ text: 'hi', sessionId }), status: 202 },
  'chat.stream': { query: () => `?sessionId=${sessionId}&after=0`, isStream: true },
  'chat.abort': { id: () => sessionId },
  'chat.ask': { body: () => ({ message: 'hi' }) },
  'chat.askStream': { body: () => ({ message: 'hi' }), isStream: true },
  'chat.notifications': {},
  'sessions.delete': { id: () => sessionId },
};

test('F010 F017 every procedure of the contract has an example here', () => {
  expect(Object.keys(examples).sort()).toEqual(procedures.map(({ name }) => name).sort());
});

test.each(Object.keys(examples))('F010 F016 F017 %s answers on its REST path', async (name) => {
  const { method, path } = procedures.find((one) => one.name === name)!;
  const { id, query, body, status = 200, isStream = false } = examples[name]!;
  const hasBody = method !== 'GET' && (method !== 'DELETE' || body !== undefined);
  const text = JSON.stringify((await body?.()) ?? {});
  const filled = path
    .replace(/\{(id|name)\}/, id?.() ?? '')
    .replace('{linkId}', 'none')
    .replace('{tier}', 'admin');
  const incoming = await open(harness.url + filled + (query?.() ?? ''), {
    method,
    // Its length has to be told: with DELETE nobody expects a body.
    headers: {
      ...bearer(harness),
      ...(hasBody && { ...json, 'content-length': String(Buffer.byteLength(text)) }),
    },
    ...(hasBody && { body: text }),
  });
  expect(incoming.statusCode).toBe(status);
  expect(incoming.headers['content-type']).toMatch(isStream ? /^text\/event-stream/ : /^application\/json/);
  incoming.destroy();
});

const openProcedures = [
  'system.health',
  'system.ready',
  'auth.methods',
  'auth.login',
  'auth.signIn',
  'auth.secondFactor',
  'auth.passkeyOptions',
  'auth.passkeySignIn',
  'auth.invite',
  'auth.register',
  'auth.requestReset',
  'auth.reset',
  'auth.refresh',
  'auth.jwks',
];

test.each(procedures.filter(({ name }) => !openProcedures.includes(name)))(
  'F009 $name without credentials: AUTH_FAILED',
  async ({ method, path }) => {
    const answer = await ask(harness.url + path.replace('{id}', sessionId), { method });
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({ code: 'AUTH_FAILED', error: 'AUTH_FAILED' });
  },
);

test.each([
  ['GET', '/api/docs'],
  ['GET', '/api/docs/'],
  ['GET', '/api/docs/js/scalar.js'],
  ['GET', '/api/openapi.json'],
  ['GET', '/v1/models'],
  ['POST', '/v1/chat/completions'],
  ['GET', '/no/such/path'],
  ['GET', '/ws'],
  ['GET', '/health/'],
  ['GET', '//health'],
  ['GET', '/HEALTH'],
  ['GET', '/login/../api/config'],
  ['GET', '/api/auth/login/..%2f..%2fconfig'],
  ['OPTIONS', '/api/chat/send'],
  ['PROPFIND', '/api/chat/send'],
  ['PUT', '/'],
])('F009 %s %s without credentials: 401, whether it exists or not', async (method, path) => {
  const answer = await ask(harness.url + path, { method });
  expect(answer.status).toBe(401);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
});

test('F010 health and readiness answer anybody, and tell nothing but that', async () => {
  const health = await ask(`${harness.url}/health`);
  expect(health.status).toBe(200);
  expect(Object.keys(health.json).sort()).toEqual([
    'model',
    'protocol',
    'providers',
    'status',
    'version',
    'ws_clients',
  ]);
  expect(health.json).toMatchObject({ status: 'ok', protocol: 4, ws_clients: 0, model: 'openai/test-model' });
  expect((await ask(`${harness.url}/ready`)).json).toEqual({ ready: true, failing: [] });
  expect(health.body).not.toContain(harness.home);
});

test('F010 a stranger at / is led to the sign-in page', async () => {
  const answer = await ask(`${harness.url}/`);
  expect(answer.status).toBe(302);
  expect(answer.headers.location).toBe('/login');
});
