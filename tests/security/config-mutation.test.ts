import { reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { as, goodPassword, join, local, setUpOwner, signIn, type Who } from '../identity/support.ts';
import { say } from '../support/collect.ts';
import { call } from '../support/http.ts';
import { connect, connectParams, openSocket } from '../support/wire.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
/** Everybody below an admin, with tokens that stand for all that they may. */
const others: { role: string; who: Who & { bearer: string } }[] = [];
beforeAll(async () => {
  harness = await startHarness();
  for (const role of ['user', 'child', 'agent', 'guest']) {
    const email = `${role}@example.org`;
    await join(harness, { email, role });
    const { tokens } = (await signIn(harness, email, goodPassword, true)).json;
    others.push({ role, who: { bearer: tokens.accessToken } });
  }
});
afterAll(() => harness[Symbol.asyncDispose]());

const wish = { agent: { name: 'Eve' }, gateway: { auth: { mode: 'none' } } };
/** By which OpenClaw's clients change what a gateway is. */
const byWire: [method: string, params: object][] = [
  ['config.set', { key: 'agent.name', value: 'Eve' }],
  ['config.set', { raw: JSON.stringify(wish) }],
  ['config.patch', { raw: JSON.stringify(wish) }],
  ['config.apply', { raw: JSON.stringify(wish) }],
  ['agent.model', { set: 'steward/steward' }],
];
const byRest: [method: string, path: string, body?: object][] = [
  ['PATCH', '/api/config', { key: 'agent.name', value: 'Eve' }],
  ['POST', '/api/system/reload'],
  ['POST', '/api/policies', { tier: 'admin', name: 'mine', text: 'permit (principal, action, resource);' }],
  ['POST', '/api/policies/rule', { rule: { kind: 'quiet-hours', from: 3, to: 4, role: 'guest' } }],
  ['POST', '/api/secrets', { name: 'a-key', value: 'some-value-0123' }],
  ['POST', '/api/secrets/adopt', { from: 'OPENAI_API_KEY' }],
];
const settings = async () => {
  const { values } = (await call(harness, 'GET', '/api/config')).json;
  return values.map(({ key, value }: { key: string; value: unknown }) => [key, value]);
};
const rules = async () => (await call(harness, 'GET', '/api/policies')).json.policies.length;

test.each(byWire)('F008 F237 nobody changes a setting by %s before they have signed in', async (...one) => {
  const before = await settings();
  const socket = await openSocket(harness);
  const [method, params] = one;
  expect((await socket.ask(method, params)).ok).toBe(false);
  expect((await socket.closed).code).toBe(1008);
  expect(await settings()).toEqual(before);
});

test('F008 F236 nobody below an admin changes settings, rules or secrets, by no door and with no scope', async () => {
  const [before, rulesBefore] = [await settings(), await rules()];
  for (const { role, who } of others) {
    await using socket = await connect({ url: harness.url, token: who.bearer });
    for (const [method, params] of byWire)
      expect([role, method, (await socket.ask(method, params)).ok]).toEqual([role, method, false]);
    for (const [method, path, body] of byRest) {
      const { status } = await as(harness, who, method, path, body);
      expect([role, path, [401, 403, 404].includes(status)]).toEqual([role, path, true]);
    }
    for (const text of ['/config agent.name Eve', '/reload', '/policy deny tool calculate'])
      await as(harness, who, 'POST', '/chat', { message: text });
  }
  expect(await settings()).toEqual(before);
  expect(await rules()).toBe(rulesBefore);
});

test('F347 a browser that is signed in as the owner does not change who may reach the gateway', async () => {
  const { cookie } = await setUpOwner(harness);
  const change = { key: 'gateway.allowedHosts', value: ['evil.example'] };
  expect((await as(harness, { cookie }, 'PATCH', '/api/config', change)).status).toBe(403);
  const own = { key: 'agent.name', value: 'Reeve' };
  expect((await as(harness, { cookie }, 'PATCH', '/api/config', own)).status).toBe(200);
  const socket = await openSocket(harness, { origin: harness.url, headers: { cookie } });
  await socket.ask('connect', connectParams('', { auth: {} }));
  const raw = JSON.stringify({ gateway: { allowedHosts: ['evil.example'] } });
  expect((await socket.ask('config.patch', { raw })).ok).toBe(false);
  await socket.close();
});

test('F212 F187 no tool that a model can name changes settings, rules, people or secrets', async () => {
  const [before, rulesBefore] = [await settings(), await rules()];
  const { people } = (await call(harness, 'GET', '/api/people')).json;
  const names = ['config_set', 'config.patch', 'config_apply', 'policies.save', 'policy', 'people.update'];
  for (const name of [...names, 'secrets.get', 'secret', 'approve', 'approvals.answer', 'auth.createToken']) {
    harness.model.enqueue(
      reply.toolCall(name, { key: 'agent.name', value: 'Eve', raw: JSON.stringify(wish) }),
      reply.text('ok'),
    );
    const { items } = await say(harness, 'Make yourself free.');
    const ended = items.filter((item) => item.type === 'tool.finished').map(({ data }) => data.status);
    expect([name, ended]).toEqual([name, ['denied']]);
  }
  const { tools } = (await as(harness, local(harness), 'GET', '/api/tools')).json;
  expect(
    tools.filter(({ name }: { name: string }) => /config|policy|setting|secret|user/.test(name)),
  ).toEqual([]);
  expect(await settings()).toEqual(before);
  expect(await rules()).toBe(rulesBefore);
  expect((await call(harness, 'GET', '/api/people')).json.people).toEqual(people);
});
