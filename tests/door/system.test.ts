import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { reply, startHarness, testApiKey } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { say } from '../support/collect.ts';
import { call } from '../support/http.ts';
import { openEvents } from '../support/sse.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const setting = async (key: string) =>
  (await harness.client.config.list()).values.find((value) => value.key === key)!;

test('F347 a setting is written to reeve.toml, takes effect at once where it can, and is told where it comes from', async () => {
  expect(await setting('agent.name')).toMatchObject({ value: 'Reeve', source: 'default' });
  const changed = await harness.client.config.set({ key: 'agent.name', value: 'Alfred' });
  expect(changed).toMatchObject({
    value: { key: 'agent.name', value: 'Alfred', source: 'file' },
    needsRestart: false,
  });
  const { file } = await harness.client.config.list();
  expect(readFileSync(file, 'utf8')).toContain('Alfred');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await harness.client.config.set({ key: 'engine.laneLimit', value: 7 })).needsRestart).toBe(true);
  expect((await harness.client.config.set({ key: 'agent.name', value: null })).value).toMatchObject({
    value: 'Reeve',
    source: 'default',
  });
});

test.each([
  ['agent.nmae', 'x', 'agent.name'],
  ['agent.maxSteps', 'many', '1 to 50'],
  ['agent', {}, 'agent'],
  ['__proto__.polluted', true, '__proto__'],
  ['constructor.prototype.polluted', true, 'constructor'],
  ['agent.__proto__.polluted', true, '__proto__'],
  ['providers.__proto__.baseUrl', 'http://127.0.0.1:1/v1', '__proto__'],
])(
  'F009 F347 the setting %s = %j is refused with CONFIG_ERROR and nothing is written',
  async (key, value, hint) => {
    const before = (await harness.client.config.list()).values;
    const answer = await call(harness, 'PATCH', '/api/config', { key, value });
    expect(answer.status).toBe(400);
    expect(answer.json.code).toBe('CONFIG_ERROR');
    expect(answer.json.message).toContain(hint);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((await harness.client.config.list()).values).toEqual(before);
  },
);

test('F347 secrets are masked in every answer, also right after they were set', async () => {
  const secret = 'sk-very-secret-0001';
  await harness.client.config.set({ key: 'providers.mine.baseUrl', value: harness.model.url });
  const set = await call(harness, 'PATCH', '/api/config', { key: 'providers.mine.apiKey', value: secret });
  expect(set.json.value.value).toBe('***');
  const wrong = await call(harness, 'PATCH', '/api/config', {
    key: 'providers.mine.apiKey',
    value: [secret],
  });
  expect(wrong.status).toBe(400);
  const seen = [
    set,
    wrong,
    await call(harness, 'GET', '/api/config'),
    await call(harness, 'GET', '/api/providers'),
    await call(harness, 'POST', '/chat', { message: '/config' }),
  ];
  for (const { body } of seen) {
    expect(body).not.toContain(secret);
    expect(body).not.toContain(testApiKey);
  }
  await harness.client.config.set({ key: 'providers.mine.apiKey', value: null });
  await harness.client.config.set({ key: 'providers.mine.baseUrl', value: null });
});

test('F348 reload reads the file again and names what needs a restart', async () => {
  expect(await harness.client.system.reload()).toMatchObject({ ok: true, warnings: [] });
});

test('F033 models and providers are listed with their state and why they are in use', async () => {
  const { models, default: chosen, reason } = await harness.client.models.list({});
  expect(models.map((model) => model.id)).toContain('openai/test-model');
  expect(models.some((model) => !model.isLanguageModel)).toBe(true);
  expect(chosen).toBe('openai/test-model');
  expect(reason.length).toBeGreaterThan(3);
  const { providers } = await harness.client.providers.list();
  expect(providers[0]).toMatchObject({ id: 'openai', baseUrl: harness.model.url, hasKey: true });
});

test('F069 usage is what the model reported, by session, by model and since a time', async () => {
  harness.model.enqueue(
    reply.text('a').withUsage({ inputTokens: 100, outputTokens: 10 }),
    reply.text('b').withUsage({ inputTokens: 23, outputTokens: 4 }),
  );
  const { sent } = await say(harness, 'one');
  await say(harness, 'two', { sessionId: sent.sessionId });
  const ofSession = await harness.client.usage.get({ sessionId: sent.sessionId });
  expect(ofSession).toMatchObject({
    total: { inputTokens: 123, outputTokens: 14 },
    calls: 2,
    byModel: [{ provider: 'openai', model: 'test-model', calls: 2 }],
  });
  expect((await harness.client.usage.get({})).total.inputTokens).toBe(123);
  expect(await harness.client.usage.get({ since: Date.now() + 60_000 })).toEqual({
    total: { inputTokens: 0, outputTokens: 0 },
    calls: 0,
    byModel: [],
    byChannel: [],
    byDay: [],
  });
  expect(await harness.client.sessions.get({ id: sent.sessionId })).toMatchObject({
    inputTokens: 123,
    outputTokens: 14,
  });
});

test('F010 status tells what is going on, version and metrics what runs', async () => {
  const status = await harness.client.system.status();
  expect(status).toMatchObject({
    home: harness.home,
    url: harness.url,
    runs: { running: 0, queued: 0 },
    storage: { state: 'ok', lastError: null },
  });
  expect(status.sessions).toBeGreaterThan(0);
  expect(status.rssBytes).toBeGreaterThan(1e6);
  expect(await harness.client.system.version()).toMatchObject({
    node: process.version,
    sqlite: expect.stringMatching(/^3\./),
  });
  expect((await harness.client.system.metrics()).cpuMs).toBeGreaterThan(0);
  const { tools } = await harness.client.system.tools();
  expect(tools.every((tool) => tool.parameters['type'] === 'object' && tool.description !== '')).toBe(true);
});

test('F025 logs come as lines, and a follower gets the next as it is written', async () => {
  await using stream = await openEvents(harness, '/api/system/logs?lines=1&follow=true');
  await stream.until(({ event }) => event === 'message');
  await harness.client.system.reload();
  const frames = await stream.until(({ data }) => data?.line?.includes('configuration read again'));
  expect(JSON.parse(frames.at(-1)!.data.line)).toMatchObject({ level: 30, needsRestart: expect.any(Array) });
  await using tail = await openEvents(harness, '/api/system/logs?lines=2');
  expect((await tail.rest()).filter(({ data }) => data?.line !== undefined)).toHaveLength(2);
  expect(statSync(join(harness.home, 'logs', 'reeve.log')).mode & 0o777).toBe(0o600);
});

test('F067 F120 the journal rebuilds every view to what it was', async () => {
  const result = await harness.client.system.rebuildJournal();
  expect(result).toMatchObject({ differences: 0, brokenChains: [] });
  expect(result.messages).toBeGreaterThan(0);
});
