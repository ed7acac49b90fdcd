import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connect, type WireSocket } from '../support/wire.ts';

// The eight shapes that clients of the wire depend on (F002): exact frames, keys that are absent and never null.
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

test('F002 a response that is ok has a payload and no error', async () => {
  expect(await socket.ask('ping', {}, 'a')).toEqual({
    type: 'res',
    id: 'a',
    ok: true,
    payload: { pong: true },
  });
});

test('F002 params may be absent', async () => {
  socket.sendText('{"type":"req","id":"b","method":"ping"}');
  expect(await socket.until((frame) => frame.id === 'b')).toEqual({
    type: 'res',
    id: 'b',
    ok: true,
    payload: { pong: true },
  });
});

test('F002 a response that is not ok has an error and no payload', async () => {
  const frame = await socket.ask('chat.history', {}, 'c');
  expect(Object.keys(frame)).toEqual(['type', 'id', 'ok', 'error']);
  expect(frame).toMatchObject({
    type: 'res',
    id: 'c',
    ok: false,
    error: { code: 'INVALID_REQUEST', details: { code: 'INVALID_PARAMS', fault: 'INVALID_PARAMS' } },
  });
});

test('F009 an unknown method is refused in the words of OpenClaw, with our code beside', async () => {
  expect((await socket.ask('no.such')).error).toEqual({
    code: 'INVALID_REQUEST',
    message: 'unknown method: no.such',
    details: { code: 'METHOD_NOT_FOUND', fault: 'METHOD_NOT_FOUND' },
  });
});

test('F002 an event has a name, a payload and the next number of its connection', async () => {
  await socket.request('chat.send', { sessionKey: 'frames', message: 'hello', idempotencyKey: 'frames-1' });
  await socket.until((frame) => frame.event === 'chat' && frame.payload.state === 'final');
  const events = socket.frames.filter((frame) => frame.seq !== undefined);
  expect(events.map((frame) => frame.seq)).toEqual(events.map((_, index) => index + 1));
  for (const frame of events) expect(Object.keys(frame)).toEqual(['type', 'event', 'payload', 'seq']);
});

test('F002 a frame that is no request is ignored', async () => {
  const before = socket.frames.length;
  for (const frame of [
    { type: 'event', event: 'x' },
    { type: 'res', id: '1', ok: true },
    { type: 'hello' },
    [],
    null,
    7,
    { type: 'req', id: 5, method: 'ping' },
    { type: 'req', id: '', method: 'ping' },
    { type: 'req', id: 'x' },
  ])
    socket.sendText(JSON.stringify(frame));
  await socket.request('ping');
  expect(socket.frames.length).toBe(before + 1);
});

test('F002 what is not JSON, and what is not text, harms nobody', async () => {
  const before = socket.frames.length;
  for (const text of ['{', '', 'undefined', '{"type":"req"', '\u0000']) socket.sendText(text);
  socket.ws.send(Buffer.from('{"type":"req","id":"bin","method":"ping"}'), { binary: true });
  await socket.request('ping');
  expect(socket.frames.length).toBe(before + 1);
});

test('F002 protocol 3 gets no field that only 4 has', async () => {
  await using old = await connect(harness, { minProtocol: 3, maxProtocol: 3 });
  await old.request('chat.send', { sessionKey: 'three', message: 'hello three', idempotencyKey: 'three-1' });
  await old.until((frame) => frame.event === 'chat' && frame.payload.state === 'final');
  const deltas = old.frames.filter((frame) => frame.event === 'chat' && frame.payload.state === 'delta');
  expect(deltas.length).toBeGreaterThan(0);
  for (const { payload } of deltas) {
    expect(Object.keys(payload)).not.toContain('deltaText');
    expect(payload.message.content[0].text).toMatch(/^You/);
  }
});
