import type { StreamItem } from '@reeve/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  accepted,
  answered,
  cli,
  delta,
  finished,
  makeHome,
  replaced,
  session,
  startCli,
  startFakeGateway,
  stream,
} from './fake-gateway.ts';

let at: ReturnType<typeof makeHome>;
const gateways: Awaited<ReturnType<typeof startFakeGateway>>[] = [];
const serve = async (routes: Parameters<typeof startFakeGateway>[0]) => {
  const gateway = await startFakeGateway(routes);
  gateways.push(gateway);
  at.announce(gateway.url);
  return gateway;
};
beforeEach(() => {
  at = makeHome();
});
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()));
  at.remove();
});

const message = (seq: number, role: string, text: string) => ({
  id: `m${seq}`,
  sessionId: 's1',
  seq,
  runId: null,
  role,
  text,
  toolCalls: [],
  toolCallId: null,
  name: null,
  isError: false,
  provider: null,
  model: null,
  usage: null,
  isPinned: false,
  createdAt: 1,
});
const received = (seq: number): StreamItem => ({
  sessionId: 's1',
  seq,
  at: 1,
  type: 'message.received',
  data: {
    messageId: 'm3',
    runId: 'run_1',
    channel: 'web',
    sender: { kind: 'user', id: 'owner' },
    text: 'from the page',
    queueMode: 'queue',
    idempotencyKey: 'another',
  },
});
const base = {
  'GET /api/chat/conversations': () => ({ sessions: [session(2)], nextCursor: null }),
  'GET /api/chat/history/s1': () => ({
    messages: [message(1, 'user', 'old question'), message(2, 'assistant', 'old answer')],
    lastSeq: 2,
    hasMore: false,
  }),
};

test('F087 without a terminal each line is a message, answered in order', async () => {
  let seq = 2;
  const gateway = await serve({
    ...base,
    'POST /api/chat/send': () => accepted(++seq, `run_${seq}`),
    'GET /api/chat/stream': ({ query }, response) => {
      const runId = query.get('runId')!;
      stream(response, [
        delta('to ', runId),
        answered(++seq, `to ${runId}`, runId),
        finished(++seq, 'completed', runId),
      ]);
    },
  });
  expect(await cli(['chat', '--home', at.home], { input: 'one\n\ntwo\n' })).toEqual({
    code: 0,
    out: 'to run_3\nto run_6\n',
    err: '',
  });
  expect(
    gateway.calls.filter(({ path }) => path === '/api/chat/send').map(({ body }) => body['text']),
  ).toEqual(['one', 'two']);
});

test('after a restart of the gateway at another address the rest of the answer follows', async () => {
  const first = await serve({
    ...base,
    'POST /api/chat/send': () => accepted(3),
    'GET /api/chat/stream': (_call, response) => {
      stream(response, [delta('The answer ')]);
      void (async () => {
        const second = await serve({
          'GET /api/chat/stream': ({ query }, next) => {
            expect(query.get('after')).toBe('3');
            stream(next, [
              replaced('The answer is '),
              delta('42.'),
              answered(4, 'The answer is 42.'),
              finished(5),
            ]);
          },
        });
        at.announce(second.url, 'new-token');
        response.destroy();
      })();
    },
  });
  const { code, out, err } = await cli(['chat', '--home', at.home], { input: 'what?\n' });
  expect({ code, out }).toEqual({ code: 0, out: 'The answer is 42.\n' });
  expect(err).toContain('Connection lost');
  expect(first.calls).toHaveLength(4);
  expect(gateways[1]!.calls[0]!.authorization).toBe('Bearer new-token');
});

test('in a terminal: history first, Ctrl-C stops the answer, twice when idle leaves', async () => {
  const streaming = Promise.withResolvers<Parameters<typeof stream>[0]>();
  const gateway = await serve({
    ...base,
    'GET /api/chat/stream': (_call, response) => {
      stream(response, []);
      response.flushHeaders();
      streaming.resolve(response);
    },
    'POST /api/chat/send': () => accepted(3),
    'POST /api/chat/s1/abort': () => {
      void streaming.promise.then((response) => stream(response, [received(3), finished(4, 'cancelled')]));
      return { ok: true, aborted: true, runIds: ['run_1'] };
    },
  });
  const chat = startCli(['chat', '--home', at.home], { TERM: 'dumb' });
  chat.stdin.isTTY = true;
  chat.stdout.isTTY = true;
  const done = chat.run();
  await chat.stdout.said('› ');
  expect(chat.stdout.text).toContain('You: old question\nold answer\n');
  chat.stdin.write('tell me\r');
  stream(await streaming.promise, [delta('Once upon')]);
  await chat.stdout.said('Once upon');
  chat.stdin.write('\u0003');
  await chat.stdout.said('Stopped.');
  expect(chat.stdout.text).toContain('You (web): from the page');
  expect(gateway.calls.some(({ path }) => path === '/api/chat/s1/abort')).toBe(true);
  chat.stdin.write('\u0003');
  await chat.stdout.said('again to leave');
  chat.stdin.write('\u0003');
  expect(await done).toBe(0);
});
