import { createGate, reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { say } from '../support/collect.ts';
import { bearer, open } from '../support/http.ts';
import { type Frame, openEvents, streamPath } from '../support/sse.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const seqs = (frames: Frame[]) =>
  frames.filter(({ data }) => data?.seq !== undefined).map(({ data }) => data.seq);
const types = (frames: Frame[]) =>
  frames.filter(({ data }) => data?.type !== undefined).map(({ data }) => data.type);
const isType = (type: string) => (frame: Frame) => frame.data?.type === type;
const live = (frames: Frame[]) =>
  frames.reduce(
    (text, { data }) =>
      data?.type === 'message.delta'
        ? text + data.data.text
        : data?.type === 'message.replaced'
          ? data.data.text
          : text,
    '',
  );

test('F012 F025 F028 an answer streams piece by piece; facts carry their number as id, fragments none', async () => {
  const { id: sessionId } = await harness.client.sessions.create({});
  await using stream = await openEvents(harness, streamPath({ sessionId, after: 0 }));
  expect(stream.incoming.headers['content-type']).toMatch(/^text\/event-stream/);
  expect(stream.incoming.headers).toMatchObject({
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  const gates = [createGate(), createGate()] as const;
  harness.model.enqueue(reply.text('One').hold(gates[0]).text(' two').hold(gates[1]).text(' three'));
  await harness.client.chat.send({ text: 'count', sessionId });
  // Each piece is on the wire before the model has said the next.
  expect(live(await stream.until(isType('message.delta')))).toBe('One');
  gates[0].open();
  expect(live(await stream.until(isType('message.delta')))).toBe(' two');
  gates[1].open();
  const rest = await stream.until(isType('run.finished'));
  expect(live(rest)).toBe(' three');
  for (const { data, id, event } of rest) {
    expect(event).toBe('message');
    expect(id).toBe(data.seq === undefined ? undefined : String(data.seq));
  }
});

test('F025 Last-Event-ID resumes after any event without loss or doubling, and wins over after=', async () => {
  const first = await say(harness, 'one');
  const { sessionId } = first.sent;
  const last = await say(harness, 'two', { sessionId });
  await using whole = await openEvents(harness, streamPath({ sessionId, after: 0, runId: last.sent.runId }));
  const all = seqs(await whole.rest());
  expect(all).toEqual(all.map((_seq, index) => index + 1));
  for (const seen of all.slice(0, -1)) {
    await using resumed = await openEvents(
      harness,
      streamPath({ sessionId, after: 0, runId: last.sent.runId }),
      { headers: { 'last-event-id': String(seen) } },
    );
    expect(seqs(await resumed.rest())).toEqual(all.filter((seq) => seq > seen));
  }
});

test.each(['nonsense', '-1', '1.5', '9'.repeat(30)])(
  'F025 a Last-Event-ID that is none (%s) is ignored',
  async (id) => {
    const { sent } = await say(harness, 'hello');
    await using stream = await openEvents(
      harness,
      streamPath({ sessionId: sent.sessionId, after: 0, runId: sent.runId }),
      { headers: { 'last-event-id': id } },
    );
    expect(seqs(await stream.rest())[0]).toBe(1);
  },
);

test('F025 F028 a client that reconnects in the middle of an answer gets the text so far, then only what is new', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('Once upon a time').hold(gate).text(' there was a fox.'));
  const sent = await harness.client.chat.send({ text: 'a story' });
  const path = streamPath({ sessionId: sent.sessionId, after: sent.seq, runId: sent.runId });
  const before = await openEvents(harness, path);
  let seen = '';
  while (seen !== 'Once upon a time') seen += live(await before.until(isType('message.delta')));
  before.close();
  await using again = await openEvents(harness, path);
  const [replaced] = (await again.until(isType('message.replaced'))).slice(-1);
  expect(replaced!.data.data).toMatchObject({
    text: 'Once upon a time',
    why: 'reconnected',
    runId: sent.runId,
  });
  gate.open();
  const rest = await again.rest();
  expect(live([replaced!, ...rest])).toBe('Once upon a time there was a fox.');
  expect(rest.find(isType('model.answered'))!.data.data.text).toBe('Once upon a time there was a fox.');
});

test('F025 F028 two clients of a session see the same', async () => {
  const { id: sessionId } = await harness.client.sessions.create({});
  await using one = await openEvents(harness, streamPath({ sessionId, after: 0 }));
  await using two = await openEvents(harness, streamPath({ sessionId, after: 0 }));
  await harness.client.chat.send({ text: 'to both of you', sessionId });
  const [a, b] = await Promise.all([one.until(isType('run.finished')), two.until(isType('run.finished'))]);
  expect(seqs(a)).toEqual(seqs(b));
  expect(types(a).filter((type) => type === 'run.finished')).toHaveLength(1);
  expect(live(a)).toBe('You said: to both of you');
  expect(live(b)).toBe('You said: to both of you');
});

test('F025 a client that reads nothing holds up nobody, and loses no fact when it reads again', async () => {
  const { id: sessionId } = await harness.client.sessions.create({});
  const sleeper = await openEvents(harness, streamPath({ sessionId, after: 0 }));
  sleeper.incoming.pause();
  const long = 'word '.repeat(40_000);
  harness.model.setScript((_request, n) => reply.text(`${n} ${long}`, { chunks: 40 }));
  for (let n = 0; n < 4; n += 1) await say(harness, `part ${n}`, { sessionId });
  const other = await say(harness, 'and you?');
  expect(other.items.at(-1)!.type).toBe('run.finished');
  const { lastSeq } = await harness.client.sessions.get({ id: sessionId });
  const frames = await sleeper.until((frame) => frame.data?.seq === lastSeq);
  expect(seqs(frames)).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
  sleeper.close();
});

test('F025 an idle stream is kept alive by comments', async () => {
  const { id: sessionId } = await harness.client.sessions.create({});
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
  try {
    await using stream = await openEvents(harness, streamPath({ sessionId, after: 0 }));
    await stream.until(isType('session.created'));
    await vi.advanceTimersByTimeAsync(16_000);
    expect((await stream.until((frame) => frame.comment !== undefined)).at(-1)!.data).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

test('F025 a stream ends with the gateway, and goes on after its restart where it was', async () => {
  const { sent } = await say(harness, 'before the restart');
  const { sessionId } = sent;
  const stream = await openEvents(harness, streamPath({ sessionId, after: 0 }));
  const seen = seqs(await stream.until(isType('run.finished')));
  const ended = stream.rest().catch(() => []);
  await harness.restart();
  expect(await ended).toEqual([]);
  await say(harness, 'after it', { sessionId });
  await using again = await openEvents(harness, streamPath({ sessionId }), {
    headers: { 'last-event-id': String(seen.at(-1)) },
  });
  const more = seqs(await again.until(isType('run.finished')));
  expect([...seen, ...more]).toEqual([...seen, ...more].map((_seq, index) => index + 1));
});

test('F025 a stream that its client leaves is let go', async () => {
  const { id: sessionId } = await harness.client.sessions.create({});
  for (let n = 0; n < 50; n += 1) {
    const incoming = await open(harness.url + streamPath({ sessionId, after: 0 }), {
      headers: bearer(harness),
    });
    incoming.on('error', () => {});
    incoming.destroy();
  }
  const { items } = await say(harness, 'still there?', { sessionId });
  expect(items.at(-1)!.type).toBe('run.finished');
});
