import { createFakeClock, createGate, reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, say } from '../support/collect.ts';
import { call, json } from '../support/http.ts';
import { type Frame, openEvents } from '../support/sse.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const askStream = (body: object) =>
  openEvents(harness, '/chat/stream', { method: 'POST', headers: json, body: JSON.stringify(body) });
const events = (frames: Frame[]) =>
  frames.filter(({ event }) => event !== undefined).map(({ event, data }) => [event, data] as const);

test('F010 F016 POST /chat answers whole, with session, model and tokens', async () => {
  harness.model.enqueue(reply.text('Good morning.').withUsage({ inputTokens: 11, outputTokens: 3 }));
  const first = await call(harness, 'POST', '/chat', { message: 'Good morning' });
  expect(first.json).toEqual({
    reply: 'Good morning.',
    session_id: expect.stringMatching(/^ses_/),
    run_id: expect.stringMatching(/^run_/),
    outcome: 'completed',
    model: 'openai/test-model',
    tokens_in: 11,
    tokens_out: 3,
  });
  const second = await call(harness, 'POST', '/chat', {
    message: 'And again',
    session_id: first.json.session_id,
  });
  expect(second.json).toMatchObject({ reply: 'You said: And again', session_id: first.json.session_id });
});

test('F010 /chat repeats an answer for its idempotency key and does not ask the model again', async () => {
  const before = harness.model.requests.length;
  const body = { message: 'only once', idempotency_key: 'ask-1' };
  const [first, second] = [
    await call(harness, 'POST', '/chat', body),
    await call(harness, 'POST', '/chat', body),
  ];
  expect(second.json).toEqual(first.json);
  expect(harness.model.requests.length).toBe(before + 1);
});

test('F016 /chat/stream really streams: messages as the model says them, then done with the whole', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('First').hold(gate).text(' second'));
  await using stream = await askStream({ message: 'go' });
  const early = await stream.until(({ event }) => event === 'message');
  expect(events(early)).toEqual([['message', { text: 'First' }]]);
  gate.open();
  const late = events(await stream.rest());
  expect(late.map(([event]) => event)).toEqual(['message', 'done']);
  expect(late[0]![1]).toEqual({ text: ' second' });
  expect(late[1]![1]).toMatchObject({
    reply: 'First second',
    outcome: 'completed',
    model: 'openai/test-model',
  });
});

test('F016 /chat/stream ends a stopped answer with what there was, and says so', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('I shall never').hold(gate).text(' end'));
  await using stream = await askStream({ message: 'talk' });
  await stream.until(({ event }) => event === 'message');
  const { sessions } = await harness.client.sessions.list({ limit: 1 });
  await harness.client.chat.abort({ id: sessions[0]!.id });
  const [last] = events(await stream.rest()).slice(-1);
  expect(last).toEqual(['done', expect.objectContaining({ outcome: 'cancelled' })]);
});

test('F009 F016 a run that fails ends /chat/stream with an error event, and /chat with its status', async () => {
  harness.model.setScript((_request, n) => reply.toolCall('calculate', { wrong: n }));
  await using stream = await askStream({ message: 'fail' });
  const [last] = events(await stream.rest()).slice(-1);
  expect(last![0]).toBe('error');
  expect(last![1]).toMatchObject({
    code: 'NO_PROGRESS',
    error: 'NO_PROGRESS',
    message: expect.any(String),
    next: expect.any(String),
    timestamp: expect.any(String),
  });
  const whole = await call(harness, 'POST', '/chat', { message: 'fail' });
  expect(whole.status).toBe(500);
  expect(whole.json).toMatchObject({ code: 'NO_PROGRESS', next: expect.any(String) });
  harness.model.setScript((request) => reply.text(`${request.messages.length}`));
});

test('F016 who leaves /chat/stream finds the answer in the session', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('Half').hold(gate).text(' and half'));
  const stream = await askStream({ message: 'go on without me' });
  await stream.until(({ event }) => event === 'message');
  stream.close();
  gate.open();
  const { sessions } = await harness.client.sessions.list({ limit: 1 });
  await eventually(harness, sessions[0]!.id, (item) => item.type === 'run.finished');
  const { messages } = await harness.client.sessions.history({ id: sessions[0]!.id });
  expect(messages.map(({ text }) => text)).toEqual(['go on without me', 'Half and half']);
  await using logs = await openEvents(harness, '/api/system/logs?lines=1000');
  expect(JSON.stringify(await logs.rest())).not.toContain('broke');
});

test('F010 F028 /notifications tells what came unasked, once, by session', async () => {
  const clock = createFakeClock();
  await using quiet = await startHarness({ model: null, clock });
  const ann = await say(quiet, 'remind me in 5 minutes to call Ann');
  const bob = await say(quiet, 'remind me in 6 minutes to call Bob');
  expect((await call(quiet, 'GET', '/notifications')).json).toEqual({ notifications: [] });
  await clock.advance(360_000);
  // Who watches Bob's session has seen what came into it; Ann's nobody has seen.
  await eventually(quiet, bob.sent.sessionId, (item) => item.type === 'notification.posted');
  const path = `/notifications?session_id=${ann.sent.sessionId}`;
  const { notifications } = (await call(quiet, 'GET', path)).json;
  expect(notifications).toMatchObject([{ text: 'Reminder: call Ann', sessionId: ann.sent.sessionId }]);
  expect((await call(quiet, 'GET', path)).json).toEqual({ notifications: [] });
});
