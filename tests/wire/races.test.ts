import { createGate, reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endings, follow, journal } from '../support/collect.ts';
import { connect, type Frame, type WireSocket } from '../support/wire.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const isEnd = (runId: string) => (frame: Frame) =>
  frame.event === 'chat' &&
  frame.payload.runId === runId &&
  ['final', 'aborted', 'error'].includes(frame.payload.state);
const endsOf = (socket: WireSocket, runId: string) => socket.frames.filter(isEnd(runId));
const send = (socket: WireSocket, sessionKey: string, message: string, idempotencyKey: string) =>
  socket.ask('chat.send', { sessionKey, message, idempotencyKey });

test('F013 one key on many sockets at the same moment is one run, whose end each of them hears once', async () => {
  const sockets = await Promise.all(Array.from({ length: 6 }, () => connect(harness)));
  const before = harness.model.requests.length;
  const answers = await Promise.all(sockets.map((socket) => send(socket, 'same', 'hello', 'same-key')));
  for (const answer of answers) expect(answer).toMatchObject({ ok: true, payload: { runId: 'same-key' } });
  await Promise.all(sockets.map((socket) => socket.until(isEnd('same-key'))));
  expect(harness.model.requests).toHaveLength(before + 1);
  for (const socket of sockets) {
    expect(endsOf(socket, 'same-key')).toHaveLength(1);
    await socket.close();
  }
});

test('F014 a session that is deleted or reset while it answers ends its run, once, and the socket lives on', async () => {
  for (const method of ['sessions.delete', 'sessions.reset']) {
    const socket = await connect(harness);
    const gate = createGate();
    harness.model.enqueue(reply.text('I was about').hold(gate).text(' to say.'));
    await send(socket, method, 'hello', method);
    await gate.reached;
    expect(await socket.ask(method, { key: method })).toMatchObject({ ok: true });
    await socket.until(isEnd(method));
    gate.open();
    await send(socket, method, 'again', `${method} 2`);
    const end = await socket.until(isEnd(`${method} 2`));
    expect(end.payload).toMatchObject({ state: 'final' });
    expect(JSON.stringify(end.payload)).not.toContain('I was about');
    expect(endsOf(socket, method)).toHaveLength(1);
    await socket.close();
  }
});

test('F005 F013 a token that is revoked in the middle hears no more; its run goes on for the owner', async () => {
  const made = await harness.client.auth.createToken({ name: 'short' });
  const socket = await connect({ url: harness.url, token: made.token });
  const other = await connect(harness);
  const gate = createGate();
  harness.model.enqueue(reply.text('First').hold(gate).text(' and last.'));
  await send(socket, 'revoked', 'hello', 'revoked-1');
  await gate.reached;
  await harness.client.auth.revokeToken({ id: made.id });
  expect(await socket.closed).toMatchObject({ code: 1008 });
  const heard = socket.frames.length;
  gate.open();
  expect(await other.request('agent.wait', { runId: 'revoked-1', timeoutMs: 10_000 })).toMatchObject({
    status: 'ok',
  });
  expect(socket.frames).toHaveLength(heard);
  expect((await other.request('chat.history', { sessionKey: 'revoked' })).messages.at(-1).content).toEqual([
    expect.objectContaining({ text: 'First and last.' }),
  ]);
  await other.close();
});

test('F042 providers that are set up anew while one of them answers do not disturb the answer', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('Before').hold(gate).text(' and after.'));
  const sent = await harness.client.chat.send({ text: 'hello' });
  await gate.reached;
  await harness.client.config.set({ key: 'providers.openai.apiKey', value: 'another-key-0123456789' });
  await harness.client.config.set({ key: 'models.deny', value: ['openai/*'] });
  gate.open();
  const items = await follow(harness, sent);
  expect(endings(items)).toMatchObject([{ outcome: 'completed' }]);
  expect(items.find((item) => item.type === 'model.answered')).toMatchObject({
    data: { text: 'Before and after.', provider: 'openai' },
  });
  expect((await journal(harness, sent.sessionId)).filter(({ type }) => type === 'run.finished')).toHaveLength(
    1,
  );
  await harness.client.config.set({ key: 'models.deny', value: [] });
});
