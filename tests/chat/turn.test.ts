import type { StreamItem } from '@reeve/protocol';
import { createGate, reply, startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { answerOf, durable, endings, follow, journal, promptOf, say } from '../support/collect.ts';

test('F067 a message is answered, streamed, journalled and recalled in the next turn', async () => {
  await using harness = await startHarness();
  const gate = createGate();
  harness.model.enqueue(reply.hold(gate).text('You said: My cat is called Minka.'));
  const sent = await harness.client.chat.send({ text: 'My cat is called Minka.' });
  const stream = await harness.client.chat.stream({
    sessionId: sent.sessionId,
    after: sent.seq,
    runId: sent.runId,
  });
  gate.open();
  const items: StreamItem[] = [];
  for await (const item of stream) items.push(item);
  expect(answerOf(items)).toBe('You said: My cat is called Minka.');
  expect(items.some((item) => item.type === 'message.delta')).toBe(true);
  expect(durable(items).map((event) => event.type)).toEqual([
    'run.started',
    'model.answered',
    'run.finished',
  ]);
  expect(durable(items).map((event) => event.seq)).toEqual([3, 4, 5]);

  harness.model.enqueue(reply.text('Minka.'));
  await say(harness, 'What is my cat called?', { sessionId: sent.sessionId });
  const prompt = promptOf(harness).map((message) => message.role);
  expect(prompt).toEqual(['system', 'user', 'assistant', 'user']);
  expect(harness.model.violations).toEqual([]);
});

test('F046 the loop calls tools through the gate until the model answers, and every call has its result', async () => {
  await using harness = await startHarness();
  harness.model.enqueue(
    reply.text('Let me see.').toolCall('calculate', { expression: '6*7' }).toolCall('date_time', {}),
    reply.text('It is 42.'),
  );
  const { sent, items } = await say(harness, 'What is six times seven?');
  expect(answerOf(items)).toBe('Let me see.\n\nIt is 42.');
  const finished = items.filter((item) => item.type === 'tool.finished').map((item) => item.data);
  expect(finished.map(({ tool, status }) => [tool, status])).toEqual([
    ['calculate', 'ok'],
    ['date_time', 'ok'],
  ]);
  expect(finished[0]!.text).toContain('42');
  expect(finished[0]!.decision).toContain('allow');
  expect(harness.model.violations).toEqual([]);
  const { messages } = await harness.client.sessions.history({ id: sent.sessionId, limit: 50 });
  expect(messages.map((message) => message.role)).toEqual(['user', 'assistant', 'tool', 'tool', 'assistant']);
});

test('F048 malformed arguments and unknown tools reach no tool and are explained to the model', async () => {
  await using harness = await startHarness();
  harness.model.enqueue(
    reply.toolCall('calculate', 'not json at all'),
    reply.toolCall('calculate', { wrong: true }).toolCall('format_disk', {}),
    reply.text('I give up.'),
  );
  const { items } = await say(harness, 'Go on.');
  const finished = items.filter((item) => item.type === 'tool.finished').map((item) => item.data);
  expect(finished.map((one) => one.status)).toEqual(['failed', 'failed', 'denied']);
  expect(items.some((item) => item.type === 'tool.started')).toBe(false);
  expect(finished[2]!.text).toContain('TOOL_UNKNOWN');
});

test('F047 the same call with the same result five times ends the run with an explanation', async () => {
  await using harness = await startHarness({
    model: { script: () => reply.toolCall('calculate', { expression: '1+1' }) },
  });
  const { items } = await say(harness, 'Loop, please.');
  const [end] = endings(items);
  expect(end).toMatchObject({ outcome: 'failed', fault: { code: 'NO_PROGRESS' } });
  expect(harness.model.requests.length).toBe(5);
});

test('F047 three failures in a row end the run', async () => {
  await using harness = await startHarness({
    model: { script: (_request, n) => reply.toolCall('calculate', { wrong: n }) },
  });
  const { items } = await say(harness, 'Fail, please.');
  expect(endings(items)[0]).toMatchObject({ outcome: 'failed', fault: { code: 'NO_PROGRESS' } });
  expect(harness.model.requests.length).toBe(3);
});

test('F046 the last step gets no tools, so that the model has to answer', async () => {
  await using harness = await startHarness({
    env: { REEVE_AGENT_MAX_STEPS: '4' },
    model: {
      script: (request, n) =>
        request.toolNames.length > 0
          ? reply.toolCall('calculate', { expression: `${n}+1` })
          : reply.text('That is all I found.'),
    },
  });
  const { items } = await say(harness, 'Dig deep.');
  expect(endings(items)[0]!.outcome).toBe('completed');
  expect(answerOf(items)).toBe('That is all I found.');
  expect(harness.model.requests.length).toBe(4);
});

test('F047 a long result is cut in the middle, whole as an artifact, and never splits a character', async () => {
  const long = `begin ${'😀'.repeat(40_000)} end`;
  await using harness = await startHarness({
    extraTools: [{ ...(await textTool('long_text', () => long)) }],
  });
  harness.model.enqueue(reply.toolCall('long_text', {}), reply.text('Long.'));
  const { items } = await say(harness, 'Read it.');
  const finished = items.find((item) => item.type === 'tool.finished')!.data;
  expect(finished.text.length).toBeLessThanOrEqual(30_000);
  expect(finished.text.isWellFormed()).toBe(true);
  expect(finished.text.startsWith('begin')).toBe(true);
  expect(finished.text.endsWith('end')).toBe(true);
  expect(finished.text).toContain(finished.artifactId!);

  harness.model.enqueue(
    reply.toolCall('read_artifact', { id: finished.artifactId!, offset: 29_999, limit: 101 }),
    reply.text('Read.'),
  );
  const next = await say(harness, 'Go on reading.', {
    sessionId: (await harness.client.sessions.list({})).sessions[0]!.id,
  });
  const part = next.items.find((item) => item.type === 'tool.finished')!.data;
  expect(part.status).toBe('ok');
  expect(part.text).toContain('😀');
});

test('F014 an abort ends the run once, as cancelled, and keeps what was said so far', async () => {
  await using harness = await startHarness();
  const gate = createGate();
  harness.model.enqueue(reply.text('I am').hold(gate));
  const sent = await harness.client.chat.send({ text: 'Talk for long.' });
  await gate.reached;
  const items = follow(harness, sent);
  expect(await harness.client.chat.abort({ id: sent.sessionId })).toEqual({
    ok: true,
    aborted: true,
    runIds: [sent.runId],
  });
  expect(endings(await items)).toMatchObject([{ runId: sent.runId, outcome: 'cancelled' }]);
  const { messages } = await harness.client.sessions.history({ id: sent.sessionId, limit: 10 });
  expect(messages.map((message) => message.text)).toEqual(['Talk for long.', 'I am']);
  expect(await harness.client.chat.abort({ id: sent.sessionId })).toEqual({
    ok: true,
    aborted: false,
    runIds: [],
  });
  const again = await say(harness, 'And now?', { sessionId: sent.sessionId });
  expect(endings(again.items)[0]!.outcome).toBe('completed');
  expect(harness.model.violations).toEqual([]);
});

test('F303 messages of one session are answered one after another, sessions side by side', async () => {
  await using harness = await startHarness();
  const gate = createGate();
  harness.model.enqueue(reply.text('first').hold(gate));
  const first = await harness.client.chat.send({ text: 'one' });
  await gate.reached;
  const second = await harness.client.chat.send({ text: 'two', sessionId: first.sessionId });
  const other = await say(harness, 'elsewhere');
  expect(answerOf(other.items)).toBe('You said: elsewhere');
  gate.open();
  await follow(harness, second);
  const types = (await journal(harness, first.sessionId)).map((event) =>
    'runId' in event.data ? `${event.type} ${event.data.runId === first.runId ? 1 : 2}` : event.type,
  );
  expect(types).toEqual([
    'session.created',
    'message.received 1',
    'run.started 1',
    'message.received 2',
    'model.answered 1',
    'run.finished 1',
    'run.started 2',
    'model.answered 2',
    'run.finished 2',
  ]);
  const last = promptOf(harness).map((message) => message.content);
  expect(last.slice(1)).toEqual(['one', 'first', 'two']);
});

test('steer: a message joins the running answer at its next tool boundary', async () => {
  await using harness = await startHarness();
  const gate = createGate();
  harness.model.enqueue(reply.hold(gate).toolCall('calculate', { expression: '1+1' }));
  const first = await harness.client.chat.send({ text: 'Add one and one.' });
  await gate.reached;
  const second = await harness.client.chat.send({
    text: 'In Roman numerals, please.',
    sessionId: first.sessionId,
    queueMode: 'steer',
  });
  gate.open();
  harness.model.enqueue(reply.text('II'));
  const items = await follow(harness, second);
  expect(endings(items)).toMatchObject([
    { runId: second.runId, outcome: 'absorbed', absorbedBy: first.runId },
    { runId: first.runId, outcome: 'completed' },
  ]);
  expect(harness.model.requests.length).toBe(2);
  expect(promptOf(harness).at(-1)!.content).toBe('In Roman numerals, please.');
  expect(harness.model.violations).toEqual([]);
});

test('interrupt: a message stops the running answer and is answered next', async () => {
  await using harness = await startHarness();
  const gate = createGate();
  harness.model.enqueue(reply.text('never mind').hold(gate));
  const first = await harness.client.chat.send({ text: 'Write a novel.' });
  await gate.reached;
  const { items } = await say(harness, 'Stop, just say hi.', {
    sessionId: first.sessionId,
    queueMode: 'interrupt',
  });
  expect(answerOf(items)).toBe('never mind\n\nYou said: Stop, just say hi.');
  const ends = (await journal(harness, first.sessionId))
    .filter((event) => event.type === 'run.finished')
    .map((event) => event.data.outcome);
  expect(ends).toEqual(['cancelled', 'completed']);
});

test('F303 a full lane answers busy and drops nothing', async () => {
  await using harness = await startHarness({ env: { REEVE_ENGINE_LANE_LIMIT: '2' } });
  const gate = createGate();
  harness.model.enqueue(reply.hold(gate).text('done'));
  const first = await harness.client.chat.send({ text: 'one' });
  await gate.reached;
  await harness.client.chat.send({ text: 'two', sessionId: first.sessionId });
  const third = await harness.client.chat.send({ text: 'three', sessionId: first.sessionId });
  await expect(harness.client.chat.send({ text: 'four', sessionId: first.sessionId })).rejects.toMatchObject({
    fault: { code: 'BUSY' },
  });
  gate.open();
  await follow(harness, third);
  const { messages } = await harness.client.sessions.history({ id: first.sessionId, limit: 50 });
  expect(messages.filter((message) => message.role === 'user').map((message) => message.text)).toEqual([
    'one',
    'two',
    'three',
  ]);
});

test('repeating an idempotency key speaks once; another text under it is a conflict', async () => {
  await using harness = await startHarness();
  const first = await say(harness, 'only once', { idempotencyKey: 'key-1' });
  const again = await harness.client.chat.send({ text: 'only once', idempotencyKey: 'key-1' });
  expect(again).toMatchObject({ runId: first.sent.runId, sessionId: first.sent.sessionId, isRepeated: true });
  expect(answerOf(await follow(harness, again))).toBe('You said: only once');
  expect(harness.model.requests.length).toBe(1);
  await expect(
    harness.client.chat.send({ text: 'something else', idempotencyKey: 'key-1' }),
  ).rejects.toMatchObject({ fault: { code: 'CONFLICT' } });
});

test('twenty copies of one request at once become one run', async () => {
  await using harness = await startHarness();
  const all = await Promise.all(
    Array.from({ length: 20 }, () => harness.client.chat.send({ text: 'hello', idempotencyKey: 'same' })),
  );
  expect(new Set(all.map((sent) => sent.runId)).size).toBe(1);
  await follow(harness, all[0]!);
  expect(harness.model.requests.length).toBe(1);
});

const textTool = async (name: string, text: () => string) => {
  const { z } = await import('zod');
  return {
    name,
    description: 'A tool of this test.',
    input: z.object({}),
    risk: 'low' as const,
    effect: 'idempotent' as const,
    execute: async () => ({ text: text() }),
  };
};
