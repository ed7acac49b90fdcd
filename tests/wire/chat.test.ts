import { createGate, reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connect, type Frame, type WireSocket } from '../support/wire.ts';

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

const isEnd = (runId: string) => (frame: Frame) =>
  frame.event === 'chat' &&
  frame.payload.runId === runId &&
  ['final', 'aborted', 'error'].includes(frame.payload.state);
const textOf = (payload: Frame) => payload.message.content[0].text;
const chatOf = (from: WireSocket, runId: string) =>
  from.events('chat').filter((payload) => payload.runId === runId);
const agentOf = (from: WireSocket, runId: string) =>
  from.events('agent').filter((payload) => payload.runId === runId);

test('F012 chat.send answers at once, then tells the answer as it grows and whole', async () => {
  harness.model.enqueue(reply.text('The boiler code is 4711.'));
  const sent = await socket.request('chat.send', {
    sessionKey: 'agent:main:grow',
    message: 'what is the code?',
    deliver: false,
    idempotencyKey: 'grow-1',
  });
  expect(sent).toMatchObject({ runId: 'grow-1', status: 'started' });
  await socket.until(isEnd('grow-1'));
  const told = chatOf(socket, 'grow-1');
  const deltas = told.filter((one) => one.state === 'delta');
  expect(deltas.map((one) => one.deltaText).join('')).toBe('The boiler code is 4711.');
  for (const [index, one] of deltas.entries())
    expect(textOf(one)).toBe(
      deltas
        .slice(0, index + 1)
        .map((earlier) => earlier.deltaText)
        .join(''),
    );
  expect(told.at(-1)).toMatchObject({ state: 'final', stopReason: 'stop', sessionKey: 'agent:main:grow' });
  expect(textOf(told.at(-1))).toBe('The boiler code is 4711.');
  const { messages } = await socket.request('chat.history', { sessionKey: 'grow' });
  expect(messages[0]).toMatchObject({ role: 'user', idempotencyKey: 'grow-1:user' });
  expect(messages[1]).toMatchObject({ role: 'assistant', __openclaw: { runId: 'grow-1' } });
  const answer = socket.frames.findIndex((frame) => frame.payload?.status === 'started');
  expect(answer).toBeLessThan(socket.frames.findIndex((frame) => frame.event === 'chat'));
});

test('F012 agent answers twice under one id, with lifecycle, text, tool and usage between', async () => {
  harness.model.enqueue(
    reply.text('Let me see.').toolCall('calculate', { expression: '17 * 3' }),
    reply.text('It is 51.'),
  );
  const first = await socket.ask(
    'agent',
    { message: 'what is 17*3', sessionKey: 'agent:main:tools', idempotencyKey: 'tools-1' },
    'two',
  );
  expect(first.payload).toMatchObject({ runId: 'tools-1', agentId: 'main', status: 'accepted' });
  const second = await socket.until((frame) => frame.id === 'two' && frame.payload?.status !== 'accepted');
  expect(second.payload).toMatchObject({
    runId: 'tools-1',
    status: 'ok',
    summary: 'completed',
    result: {
      payloads: [
        { text: 'Let me see.', mediaUrl: null },
        { text: 'It is 51.', mediaUrl: null },
      ],
      meta: { agentMeta: { provider: 'openai', model: 'test-model' } },
    },
  });
  const told = agentOf(socket, 'tools-1');
  expect(told.map((one) => one.seq)).toEqual([...told.map((one) => one.seq)].sort((a, b) => a - b));
  expect(told[0]).toMatchObject({ stream: 'lifecycle', data: { phase: 'start' } });
  expect(told.at(-1)).toMatchObject({ stream: 'lifecycle', data: { phase: 'end', aborted: false } });
  expect(told.filter((one) => one.stream === 'tool').map((one) => one.data)).toMatchObject([
    { phase: 'start', name: 'calculate', args: { expression: '17 * 3' } },
    { phase: 'result', name: 'calculate', isError: false, result: { content: [{ type: 'text' }] } },
  ]);
  expect(told.some((one) => one.stream === 'usage')).toBe(true);
  expect(textOf(chatOf(socket, 'tools-1').at(-1))).toBe('Let me see.\n\nIt is 51.');
});

test('F013 a repeated key is the same run: while it runs, when it ended, and after a restart', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('once').hold(gate).text(' only'));
  const asked = harness.model.requests.length;
  const speech = { sessionKey: 'once', message: 'say it once', idempotencyKey: 'once-1' };
  expect((await socket.request('chat.send', speech)).status).toBe('started');
  await gate.reached;
  expect(await socket.request('chat.send', speech)).toMatchObject({ runId: 'once-1', status: 'in_flight' });
  const both = socket.ask('agent', { ...speech, sessionKey: 'once' }, 'joined');
  expect((await both).payload.status).toBe('accepted');
  gate.open();
  const joined = await socket.until((frame) => frame.id === 'joined' && frame.payload.status === 'ok');
  expect(joined.payload.result.payloads).toEqual([{ text: 'once only', mediaUrl: null }]);
  expect(await socket.request('chat.send', speech)).toMatchObject({ status: 'ok' });
  expect(harness.model.requests.length).toBe(asked + 1);

  const other = await socket.ask('chat.send', { ...speech, message: 'something else' });
  expect(other.error.details.fault).toBe('CONFLICT');

  await harness.restart();
  await using again = await connect(harness);
  await again.ask('agent', speech, 'later');
  const later = await again.until((frame) => frame.id === 'later' && frame.payload.status === 'ok');
  expect(later.payload.result.payloads).toEqual([{ text: 'once only', mediaUrl: null }]);
  expect(harness.model.requests.length).toBe(asked + 1);
});

test('F013 sessions on one socket do not wait for each other; one session keeps its order', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('slow').hold(gate).text(' one'));
  await socket.request('chat.send', {
    sessionKey: 'slow',
    message: 'take your time',
    idempotencyKey: 'slow-1',
  });
  await gate.reached;
  harness.model.enqueue(reply.text('quick one'));
  await socket.request('chat.send', { sessionKey: 'quick', message: 'hurry', idempotencyKey: 'quick-1' });
  await socket.until(isEnd('quick-1'));
  await socket.request('chat.send', { sessionKey: 'slow', message: 'and then?', idempotencyKey: 'slow-2' });
  expect(chatOf(socket, 'slow-1').some((one) => one.state === 'final')).toBe(false);
  gate.open();
  await socket.until(isEnd('slow-2'));
  const ends = socket.frames.filter((frame) => isEnd('slow-1')(frame) || isEnd('slow-2')(frame));
  expect(ends.map((frame) => frame.payload.runId)).toEqual(['slow-1', 'slow-2']);
});

test('F014 chat.abort stops a run, keeps what was said, and names what it stopped', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('I was about to').hold(gate));
  await socket.request('chat.send', { sessionKey: 'stop', message: 'go on', idempotencyKey: 'stop-1' });
  await gate.reached;
  await socket.until((frame) => frame.event === 'chat' && frame.payload.runId === 'stop-1');
  expect(await socket.request('chat.abort', { sessionKey: 'stop', runId: 'stop-1' })).toEqual({
    ok: true,
    aborted: true,
    runIds: ['stop-1'],
  });
  expect((await socket.until(isEnd('stop-1'))).payload.state).toBe('aborted');
  expect(await socket.request('chat.abort', { sessionKey: 'stop' })).toEqual({
    ok: true,
    aborted: false,
    runIds: [],
  });
});

test('F014 chat.abort without a session stops everything', async () => {
  const gates = [createGate(), createGate()];
  for (const gate of gates) harness.model.enqueue(reply.text('x').hold(gate));
  for (const n of [0, 1])
    await socket.request('chat.send', { sessionKey: `all-${n}`, message: 'go', idempotencyKey: `all-${n}` });
  await Promise.all(gates.map((gate) => gate.reached));
  const { runIds } = await socket.request('chat.abort', {});
  expect(runIds.sort()).toEqual(['all-0', 'all-1']);
});

test('F009 a run that fails is told as an error, and agent answers with it', async () => {
  await using failing = await startHarness({ env: { REEVE_AGENT_MAX_STEPS: '1' } });
  await using at = await connect(failing);
  failing.model.setScript(() => reply.toolCall('calculate', { expression: '1+1' }));
  const first = await at.ask('agent', { message: 'loop', idempotencyKey: 'fail-1' }, 'f');
  expect(first.payload.status).toBe('accepted');
  const end = await at.until(isEnd('fail-1'));
  expect(end.payload).toMatchObject({ state: 'error', errorKind: 'unknown' });
  const answer = await at.until((frame) => frame.id === 'f' && frame.ok === false);
  expect(answer.error.code).toBe('UNAVAILABLE');
  expect(agentOf(at, 'fail-1').at(-1)).toMatchObject({ stream: 'lifecycle', data: { phase: 'error' } });
});

test('F015 a slash command is answered like a message, and no model is asked', async () => {
  const asked = harness.model.requests.length;
  const { runId, status } = await socket.request('chat.send', {
    sessionKey: 'commands',
    message: '/version',
  });
  expect(status).toBe('ok');
  const end = await socket.until(isEnd(runId));
  expect(textOf(end.payload)).toMatch(/^Reeve \d/);
  expect(harness.model.requests.length).toBe(asked);
});

test('F012 the older form: chat.delta and chat.tool by request, then one whole answer', async () => {
  harness.model.enqueue(reply.toolCall('calculate', { expression: '2+3' }), reply.text('Five, of course.'));
  const answer = await socket.ask('chat.send', { message: 'two and three?', session_key: 'older' }, 'r1');
  expect(answer.payload).toMatchObject({
    content: 'Five, of course.',
    model: 'openai/test-model',
    usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number), cache_read_tokens: 0 },
    stop_reason: 'stop',
  });
  const deltas = socket.events('chat.delta');
  expect(deltas.every((one) => one.req_id === 'r1')).toBe(true);
  expect(deltas.map((one) => one.text).join('')).toBe('Five, of course.');
  expect(socket.events('chat.tool')).toMatchObject([
    { req_id: 'r1', name: 'calculate', label: 'calculate', status: 'running' },
    { req_id: 'r1', name: 'calculate', status: 'done', is_error: false },
  ]);
  expect(socket.events('chat')).toEqual([]);
});

test('F012 the older form without stream sends no events; thinking_level is checked', async () => {
  const answer = await socket.request('chat.send', { message: 'hi', stream: false, session_key: 'older-2' });
  expect(answer.content).toBe('You said: hi');
  expect(socket.events('chat.delta')).toEqual([]);
  const wrong = await socket.ask('chat.send', { message: 'hi', thinking_level: 'enormous' });
  expect(wrong.error.details.fault).toBe('INVALID_PARAMS');
});

test('F012 other sockets of the owner hear of it only when they asked to', async () => {
  await using everything = await connect(harness);
  await using one = await connect(harness);
  await using none = await connect(harness);
  await everything.request('sessions.subscribe', {});
  await one.request('sessions.messages.subscribe', { key: 'agent:main:heard' });
  await socket.request('chat.send', { sessionKey: 'heard', message: 'hear this', idempotencyKey: 'heard-1' });
  await socket.request('chat.send', {
    sessionKey: 'unheard',
    message: 'not this',
    idempotencyKey: 'unheard-1',
  });
  await everything.until(isEnd('unheard-1'));
  await everything.until(isEnd('heard-1'));
  await one.until(isEnd('heard-1'));
  expect(one.frames.some((frame) => frame.payload?.sessionKey === 'agent:main:unheard')).toBe(false);
  await none.request('ping');
  expect(none.frames.some((frame) => frame.seq !== undefined)).toBe(false);
  const roles = one.events('session.message').map((payload) => payload.message.role);
  expect(roles).toEqual(['user', 'assistant']);
  expect(one.events('session.message')[0].message.idempotencyKey).toBe('heard-1:user');
  await one.until((frame) => frame.event === 'sessions.changed' && frame.payload.hasActiveRun === false);
});

test('F012 a run that HTTP started is heard on the socket, under its own id', async () => {
  await socket.request('sessions.subscribe', {});
  const sent = await harness.client.chat.send({ text: 'from elsewhere' });
  const end = await socket.until(isEnd(sent.runId));
  expect(end.payload.sessionKey).toBe(`agent:main:${sent.sessionId}`);
});

test('F013 a socket that is lost midway: what was missed comes once, then the rest', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('first half').hold(gate).text(', second half'));
  await socket.request('sessions.messages.subscribe', { key: 'lost', after: 0 });
  await socket.request('chat.send', { sessionKey: 'lost', message: 'question', idempotencyKey: 'lost-1' });
  await gate.reached;
  await socket.until((frame) => frame.event === 'chat' && textOf(frame.payload) === 'first half');
  const seen = Math.max(...socket.events('session.message').map((payload) => payload.messageSeq));
  socket.ws.terminate();

  await using back = await connect(harness);
  const { lastSeq } = await back.request('sessions.messages.subscribe', { key: 'lost', after: seen });
  expect(lastSeq).toBeGreaterThanOrEqual(seen);
  const caughtUp = await back.until((frame) => frame.event === 'chat');
  expect(caughtUp.payload).toMatchObject({ runId: 'lost-1', replace: true, deltaText: 'first half' });
  gate.open();
  const end = await back.until(isEnd('lost-1'));
  expect(textOf(end.payload)).toBe('first half, second half');
  const answers = back.events('session.message').filter((payload) => payload.message.role === 'assistant');
  expect(answers.map((payload) => payload.message.content[0].text)).toEqual(['first half, second half']);

  await using later = await connect(harness);
  await later.request('sessions.messages.subscribe', { key: 'lost', after: 0 });
  expect(later.events('session.message').map((payload) => payload.message.role)).toEqual([
    'user',
    'assistant',
  ]);
  await using cursor = await connect(harness);
  const history = await cursor.request('chat.history', { sessionKey: 'lost', after: seen });
  expect(history.messages.map((message: Frame) => message.role)).toEqual(['assistant']);
});

test('F013 a run goes on under its name after a restart in the middle', async () => {
  await using restarting = await startHarness();
  const at = await connect(restarting);
  const gate = createGate();
  restarting.model.enqueue(reply.text('before').hold(gate));
  await at.request('chat.send', { sessionKey: 'resumed', message: 'go', idempotencyKey: 'resumed-1' });
  await gate.reached;
  restarting.model.enqueue(reply.text('after all'));
  await restarting.restart();
  await using back = await connect(restarting);
  await back.request('sessions.messages.subscribe', { key: 'resumed', after: 0 });
  const result = await back.request('agent.wait', { runId: 'resumed-1' });
  expect(result).toMatchObject({ runId: 'resumed-1', status: 'ok' });
}, 60_000);

test('F013 agent.wait: the end of a run, or timeout; a run nobody knows is not found', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('wait').hold(gate));
  await socket.request('chat.send', { sessionKey: 'wait', message: 'go', idempotencyKey: 'wait-1' });
  await gate.reached;
  expect(await socket.request('agent.wait', { runId: 'wait-1', timeoutMs: 0 })).toEqual({
    runId: 'wait-1',
    status: 'timeout',
  });
  const waiting = socket.request('agent.wait', { runId: 'wait-1' });
  gate.open();
  expect(await waiting).toMatchObject({ status: 'ok', stopReason: 'stop' });
  expect(await socket.request('agent.wait', { runId: 'wait-1' })).toMatchObject({ status: 'ok' });
  expect((await socket.ask('agent.wait', { runId: 'nobody' })).error.details.fault).toBe('NOT_FOUND');
});

test('F046 images are checked before they are decoded', async () => {
  const send = (attachment: object) =>
    socket.ask('chat.send', { sessionKey: 'images', message: 'look', attachments: [attachment] });
  const pdf = await send({ type: 'file', mimeType: 'application/pdf', content: 'AAAA' });
  expect(pdf.error.details.fault).toBe('UNSUPPORTED');
  const text = await send({ type: 'image', mimeType: 'image/png', content: 'not base64!' });
  expect(text.error.details.fault).toBe('INVALID_PARAMS');
});

test('F012 scopes: who may only read hears and cannot speak', async () => {
  await using reader = await connect(harness, { scopes: ['operator.read'] });
  expect((await reader.ask('chat.send', { sessionKey: 'x', message: 'hi' })).error).toMatchObject({
    code: 'FORBIDDEN',
    message: 'missing scope: operator.write',
    details: { code: 'MISSING_SCOPE', missingScope: 'operator.write', requiredScopes: ['operator.write'] },
  });
});
