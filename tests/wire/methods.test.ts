import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connect, type Frame, type WireSocket } from '../support/wire.ts';
import { complaint } from '../support/wire-schemas.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
let socket: WireSocket;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(async () => {
  socket = await connect(harness);
  return () => socket.close();
});

/** Speaks and waits for the end of the answer. */
const say = async (at: WireSocket, sessionKey: string, message: string): Promise<Frame> => {
  const from = at.frames.length;
  const { runId } = await at.request('chat.send', { sessionKey, message });
  return at.until((frame) => frame.payload?.runId === runId && frame.payload.state === 'final', from);
};

test('F006 memory: learn, search, replace and forget by name, all through the gate', async () => {
  const learn = (value: string) =>
    socket.request('memory.learn', { category: 'home', key: 'boiler code', value, confidence: 0.9 });
  expect(await learn('4711')).toMatchObject({ ok: true });
  expect(await learn('4712')).toMatchObject({ ok: true });
  const { memories } = await socket.request('memory.search', { query: 'boiler' });
  expect(memories).toMatchObject([{ category: 'home', key: 'boiler code', value: '4712' }]);
  expect((await harness.client.sessions.list({ limit: 50 })).sessions.length).toBeGreaterThan(0);
  const { sessionId } = await socket.request('sessions.messages.subscribe', { key: 'main' });
  const told = await harness.client.sessions.export({ id: sessionId, format: 'jsonl' });
  expect(told.content).toMatch(/"type":"tool.finished"[^\n]*"tool":"remember"/);
  expect(told.content).toMatch(/"decision":"allow: admin\/household#/);
  expect(await socket.request('memory.forget', { category: 'home', key: 'boiler code' })).toEqual({
    ok: true,
  });
  expect((await socket.request('memory.search', { query: 'boiler' })).memories).toEqual([]);
  const again = await socket.ask('memory.forget', { category: 'home', key: 'boiler code' });
  expect(again.error.details.fault).toBe('NOT_FOUND');
});

test('F006 memory takes free content, and forgets by id', async () => {
  const { id } = await socket.request('memory.learn', { content: 'The cat is called Ada' });
  const { memories } = await socket.request('memory.search', { query: 'cat', limit: 50 });
  expect(memories).toMatchObject([{ id, content: 'The cat is called Ada' }]);
  expect(await socket.request('memory.forget', { id })).toEqual({ ok: true });
});

test('F006 memory finds facts that are long together', async () => {
  for (let n = 0; n < 9; n += 1)
    await socket.request('memory.learn', { content: `zebra ${n} ${'"long" '.repeat(560)}` });
  const { memories } = await socket.request('memory.search', { query: 'zebra', limit: 20 });
  expect(memories.length).toBeGreaterThan(3);
});

test('F168 cron: the kinds of both generations, listed and removed', async () => {
  const clock = createFakeClock();
  await using still = await startHarness({ clock });
  await using at = await connect(still);
  const schedules: [object, object][] = [
    [
      { kind: 'cron', expression: '*/5 * * * *' },
      { kind: 'cron', expr: '*/5 * * * *' },
    ],
    [
      { kind: 'cron', expr: '0 9 * * 1', tz: 'UTC' },
      { kind: 'cron', expr: '0 9 * * 1', tz: 'UTC' },
    ],
    [
      { kind: 'daily', hour: 8, minute: 30 },
      { kind: 'cron', expr: '30 8 * * *', tz: 'Europe/Berlin' },
    ],
    [
      { kind: 'weekly', day: 0, hour: 7, minute: 0 },
      { kind: 'cron', expr: '0 7 * * 1' },
    ],
    [
      { kind: 'weekly', day: 6, hour: 7, minute: 0 },
      { kind: 'cron', expr: '0 7 * * 0' },
    ],
    [
      { kind: 'interval', every_secs: 600 },
      { kind: 'cron', expr: '*/10 * * * *' },
    ],
    [
      { kind: 'every', everyMs: 7_200_000 },
      { kind: 'cron', expr: '0 */2 * * *' },
    ],
    [{ kind: 'at', at: new Date(clock.now() + 90_000).toISOString() }, { kind: 'at' }],
  ];
  const ids: string[] = [];
  for (const [schedule, expected] of schedules) {
    const { job } = await at.request('cron.add', { name: 'water', schedule, action: 'Water the plants' });
    expect(complaint('CronJob', job)).toBeNull();
    expect(job).toMatchObject({ name: 'Water the plants', enabled: true, schedule: expected });
    expect(job.payload).toEqual({ kind: 'agentTurn', message: 'Water the plants' });
    ids.push(job.id);
  }
  const { jobs } = await at.request('cron.list');
  expect(jobs.map((job: Frame) => job.id).sort()).toEqual([...ids].sort());
  expect((await at.request('cron.status')).jobs).toBe(ids.length);
  expect(await at.request('cron.remove', { id: ids[0] })).toMatchObject({ ok: true });
  expect(await at.request('cron.delete', { jobId: ids[1] })).toMatchObject({ ok: true });
  expect((await at.ask('cron.remove', { id: ids[0] })).error.details.fault).toBe('NOT_FOUND');
  expect((await at.request('cron.list')).jobs.length).toBe(ids.length - 2);
});

test('F168 cron refuses what it could not keep', async () => {
  for (const [schedule, fault] of [
    [{ kind: 'interval', every_secs: 420 }, 'UNSUPPORTED'],
    [{ kind: 'cron', expression: 'whenever' }, 'INVALID_PARAMS'],
    [{ kind: 'at', at: '2001-01-01T00:00:00Z' }, 'INVALID_PARAMS'],
    [{ kind: 'on-exit', command: 'rm' }, 'INVALID_PARAMS'],
  ] as const) {
    const answer = await socket.ask('cron.add', { name: 'x', schedule, action: 'x' });
    expect([schedule.kind, answer.error.details.fault]).toEqual([schedule.kind, fault]);
  }
  const command = await socket.ask('cron.add', {
    name: 'x',
    schedule: { kind: 'cron', expr: '* * * * *' },
    payload: { kind: 'command', argv: ['id'] },
  });
  expect(command.error.details.fault).toBe('INVALID_PARAMS');
});

test('F006 agent.status and agent.model; choosing a model needs admin and a model that exists', async () => {
  expect(await socket.request('agent.status')).toMatchObject({
    agent: 'main',
    model: 'openai/test-model',
    providers: expect.arrayContaining([expect.objectContaining({ id: 'openai' })]),
  });
  expect(await socket.request('agent.model', {})).toEqual({ model: 'openai/test-model' });
  expect(await socket.request('agent.model', { set: 'steward/steward' })).toEqual({
    model: 'steward/steward',
    previous: 'openai/test-model',
  });
  await socket.request('config.set', { key: 'agent.model', value: null });
  expect((await socket.ask('agent.model', { set: 'nobody/none' })).error.details.fault).toBe('NOT_FOUND');
  await using writer = await connect(harness, { scopes: ['operator.write'] });
  expect((await writer.ask('agent.model', { set: 'steward/steward' })).error.code).toBe('FORBIDDEN');
});

test('F006 sessions: list, get, describe, resolve, preview, history', async () => {
  await say(socket, 'agent:main:shelf', 'first');
  await say(socket, 'shelf', 'second');
  const { sessions, defaults } = await socket.request('sessions.list', { limit: 1 });
  expect(sessions).toMatchObject([{ key: 'agent:main:shelf', kind: 'direct', hasActiveRun: false }]);
  expect(complaint('SessionRow', sessions[0])).toBeNull();
  expect(defaults).toMatchObject({ modelProvider: 'openai', model: 'test-model' });
  const { session, messages } = await socket.request('sessions.get', { session_key: 'shelf' });
  expect([session.key, messages.length]).toEqual(['agent:main:shelf', 4]);
  expect((await socket.request('sessions.describe', { key: 'shelf' })).session.sessionId).toBe(
    session.sessionId,
  );
  expect((await socket.request('sessions.describe', { key: 'never' })).session).toBeNull();
  const resolved = await socket.request('sessions.resolve', { sessionId: session.sessionId });
  expect(complaint('SessionsResolveResult', resolved)).toBeNull();
  expect((await socket.ask('sessions.resolve', { key: 'never' })).error.details.fault).toBe('NOT_FOUND');
  expect(await socket.request('sessions.resolve', { key: 'never', allowMissing: true })).toEqual({
    ok: false,
  });
  const { previews } = await socket.request('sessions.preview', { keys: ['shelf', 'never'], limit: 2 });
  expect(previews).toMatchObject([
    {
      key: 'agent:main:shelf',
      status: 'ok',
      items: [{ role: 'user', text: 'second' }, { role: 'assistant' }],
    },
    { key: 'agent:main:never', status: 'missing', items: [] },
  ]);
  const whole = await socket.request('chat.history', { sessionKey: 'shelf' });
  expect(whole.messages.map((message: Frame) => message.role)).toEqual([
    'user',
    'assistant',
    'user',
    'assistant',
  ]);
  expect(whole).toMatchObject({ hasMore: false, totalMessages: 4, sessionId: session.sessionId });
  await say(socket, 'shelf', 'third');
  const delta = await socket.request('chat.history', { sessionKey: 'shelf', cursor: whole.deltaCursor });
  expect(complaint('ChatHistoryCursorResult', delta)).toBeNull();
  expect(delta.messages.map((message: Frame) => message.role)).toEqual(['user', 'assistant']);
  expect(await socket.request('chat.history', { sessionKey: 'never' })).toMatchObject({ messages: [] });
});

test('F006 a reset gives the name a fresh session, over a restart too; the old one stays under its id', async () => {
  await say(socket, 'reborn', 'the old one');
  const old = (await socket.request('sessions.describe', { key: 'reborn' })).session.sessionId;
  const { sessionId } = await socket.request('sessions.reset', { key: 'reborn' });
  expect(sessionId).not.toBe(old);
  await harness.restart();
  await using again = await connect(harness);
  expect((await again.request('chat.history', { sessionKey: 'reborn' })).messages).toEqual([]);
  await say(again, 'reborn', 'the new one');
  expect((await again.request('sessions.describe', { key: 'reborn' })).session.sessionId).toBe(sessionId);
  const kept = await again.request('chat.history', { sessionKey: `agent:main:${old}` });
  expect(kept.messages[0].content).toBe('the old one');
});

test('F006 a deleted session is gone, and its name begins anew', async () => {
  await say(socket, 'gone', 'forget me');
  const old = (await socket.request('sessions.describe', { key: 'gone' })).session.sessionId;
  const deleted = await socket.request('sessions.delete', { key: 'gone' });
  expect(complaint('SessionsDeleteResult', deleted)).toBeNull();
  expect(deleted.deleted).toBe(true);
  expect((await socket.request('sessions.describe', { key: 'gone' })).session).toBeNull();
  await say(socket, 'gone', 'hello again');
  expect((await socket.request('sessions.describe', { key: 'gone' })).session.sessionId).not.toBe(old);
  expect((await socket.request('sessions.delete', { key: 'never' })).deleted).toBe(false);
});

test('F006 a session is renamed, gets a model of its own and is compacted', async () => {
  await say(socket, 'settings', 'hello');
  const { entry } = await socket.request('sessions.patch', {
    key: 'settings',
    label: 'Kitchen',
    model: 'steward/steward',
  });
  expect(entry).toMatchObject({ displayName: 'Kitchen', modelProvider: 'steward', model: 'steward' });
  expect((await socket.ask('sessions.patch', { key: 'settings', execAsk: 'off' })).ok).toBe(false);
  expect(await socket.request('sessions.compact', { key: 'settings' })).toMatchObject({
    ok: true,
    compacted: false,
  });
});

test('F006 a session is created under a name or its own id; what Reeve cannot give it is refused', async () => {
  const made = await socket.request('sessions.create', {
    key: 'garden',
    label: 'Garden',
    succeedsParent: true,
  });
  expect(complaint('SessionsCreateResult', made)).toBeNull();
  expect(made).toMatchObject({ key: 'agent:main:garden', entry: { displayName: 'Garden' } });
  await say(socket, 'garden', 'plant beans');
  expect((await socket.request('sessions.create', { key: 'garden' })).sessionId).toBe(made.sessionId);
  expect((await socket.request('sessions.get', { key: 'garden' })).messages.length).toBe(2);
  const nameless = await socket.request('sessions.create', {});
  expect(nameless.key).toBe(`agent:main:${nameless.sessionId}`);
  for (const wish of [{ cwd: '/etc' }, { permissionMode: 'full' }, { incognito: true }, { worktree: true }])
    expect((await socket.ask('sessions.create', wish)).error.details.fault).toBe('INVALID_PARAMS');
});

test('F008 config: read with a hash, patched, applied whole, and put back when a part is wrong', async () => {
  const before = await socket.request('config.get');
  expect(JSON.parse(before.raw).agent.name).toBe('Reeve');
  const patched = await socket.request('config.patch', {
    raw: '{"agent":{"name":"Ada","maxSteps":7}}',
    baseHash: before.hash,
  });
  expect(patched.config.agent).toMatchObject({ name: 'Ada', maxSteps: 7 });
  const stale = await socket.ask('config.patch', { raw: '{"agent":{"name":"Eve"}}', baseHash: before.hash });
  expect(stale.error.details.fault).toBe('CONFLICT');
  const wrong = await socket.ask('config.patch', { raw: '{"agent":{"name":"Eve","maxSteps":999}}' });
  expect(wrong.ok).toBe(false);
  expect((await socket.request('config.get')).parsed.agent).toMatchObject({ name: 'Ada', maxSteps: 7 });
  const whole = structuredClone((await socket.request('config.get')).parsed);
  whole.agent.name = 'Grace';
  const applied = await socket.request('config.apply', { raw: JSON.stringify(whole) });
  expect(applied.config.agent).toMatchObject({ name: 'Grace', maxSteps: 7 });
  expect(await socket.request('config.set', { key: 'agent.name', value: null })).toMatchObject({
    value: 'Reeve',
  });
  await using reader = await connect(harness, { scopes: ['operator.read', 'operator.write'] });
  for (const method of ['config.set', 'config.patch', 'config.apply'])
    expect((await reader.ask(method, { raw: '{}' })).error.message).toBe('missing scope: operator.admin');
});

test('F019 secrets of the configuration never leave over the socket', async () => {
  const all = JSON.stringify(await socket.request('config.get'));
  expect(all).not.toContain('sk-test');
});

test('F008 what does not exist here is empty or refused, never pretended', async () => {
  expect(await socket.request('question.list')).toEqual({ questions: [] });
  expect(await socket.request('plugin.approval.list')).toEqual([]);
  expect(await socket.request('taskSuggestions.list')).toEqual({ suggestions: [] });
  expect((await socket.request('node.list')).nodes).toEqual([]);
  expect((await socket.request('channels.status')).channels).toEqual({});
  for (const method of ['channels.logout', 'node.invoke', 'system.update', 'system.check_update']) {
    const { error } = await socket.ask(method, {});
    expect([method, error.code, error.details.fault]).toEqual([method, 'UNAVAILABLE', 'UNSUPPORTED']);
    expect(error.details.next).not.toBe('');
  }
});

test('F008 health, status, versions, models, tools, commands, usage, logs', async () => {
  expect(await socket.request('health')).toMatchObject({ ok: true, defaultAgentId: 'main' });
  expect(await socket.request('status')).toMatchObject({ runtimeVersion: '0.1.0', storage: 'ok' });
  expect(await socket.request('system.version')).toMatchObject({ version: '0.1.0', protocols: [4, 3] });
  expect((await socket.request('models.list')).models.length).toBeGreaterThan(0);
  expect((await socket.request('provider.status')).providers.length).toBeGreaterThan(0);
  const tools = (await socket.request('tools.catalog')).groups[0].tools.map((tool: Frame) => tool.id);
  expect(tools).toEqual(expect.arrayContaining(['remember', 'recall', 'set_reminder']));
  expect((await socket.request('commands.list')).commands.map((one: Frame) => one.name)).toContain('help');
  expect((await socket.request('agents.list')).agents).toMatchObject([{ id: 'main' }]);
  expect((await socket.request('usage.cost', {})).totals.input).toBeGreaterThan(0);
  expect((await socket.request('usage.status')).providers).toEqual([]);
  expect((await socket.request('logs.tail', { limit: 5 })).lines.length).toBeGreaterThan(0);
  expect((await socket.request('config.schema')).schema.type).toBe('object');
});
