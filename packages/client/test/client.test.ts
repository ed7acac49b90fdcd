import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FaultError, type StreamItem } from '@reeve/protocol';
import { afterEach, expect, test } from 'vitest';
import { backOffMs, createReeveClient, type Reconnect, streamSession, toFaultError } from '../src/index.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
});

const serve = async (handler: Handler): Promise<string> => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => handler(request, response, body));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const sse = (response: ServerResponse, items: StreamItem[]) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const item of items) {
    response.write(
      `event: message\n${'seq' in item ? `id: ${item.seq}\n` : ''}data: ${JSON.stringify(item)}\n\n`,
    );
  }
  return response;
};

const started = (seq: number, runId = `run_${seq}`): StreamItem => ({
  sessionId: 's',
  seq,
  at: 1,
  type: 'run.started',
  data: { runId },
});
const finished = (seq: number, runId: string): StreamItem => ({
  sessionId: 's',
  seq,
  at: 1,
  type: 'run.finished',
  data: { runId, outcome: 'completed' },
});
const delta = (text: string): StreamItem => ({
  sessionId: 's',
  type: 'message.delta',
  data: { runId: 'r', messageId: 'm', text },
});
const seqs = (items: StreamItem[]) => items.map((item) => ('seq' in item ? item.seq : item.type));
const afterOf = (request: IncomingMessage) =>
  Number(new URL(request.url!, 'http://x').searchParams.get('after'));

const collect = async (url: string, options: Omit<Parameters<typeof streamSession>[1], 'sessionId'> = {}) => {
  const items: StreamItem[] = [];
  const reconnects: Reconnect[] = [];
  const stream = streamSession(createReeveClient({ url }), {
    sessionId: 's',
    after: 0,
    wait: async () => {},
    random: () => 0,
    onReconnect: (reconnect) => reconnects.push(reconnect),
    ...options,
  });
  for await (const item of stream) items.push(item);
  return { items, reconnects };
};

test('calls go to the REST paths of the contract with the bearer token', async () => {
  const seen: unknown[] = [];
  const url = await serve((request, response, body) => {
    seen.push([request.method, request.url, request.headers.authorization, body && JSON.parse(body)]);
    json(response, 200, { sessionId: 's', messageId: 'm', runId: 'r', seq: 1, isRepeated: false, ok: true });
  });
  let token = 'one';
  const client = createReeveClient({ url: () => url, token: () => token });
  expect((await client.chat.send({ text: 'hi', sessionId: 's' })).runId).toBe('r');
  token = 'two';
  await client.sessions.delete({ id: 'a/b' });
  await client.sessions.history({ id: 's', before: 5, limit: 20 });
  expect(seen).toEqual([
    ['POST', '/api/chat/send', 'Bearer one', { text: 'hi', sessionId: 's' }],
    ['DELETE', '/api/chat/a%2Fb', 'Bearer two', ''],
    ['GET', '/api/chat/history/s?before=5&limit=20', 'Bearer two', ''],
  ]);
});

test('F009 an error body becomes a FaultError with code, message, next and details', async () => {
  const url = await serve((_request, response) =>
    json(response, 429, {
      error: 'BUSY',
      code: 'BUSY',
      message: 'Too much.',
      next: 'Wait.',
      retryAfterMs: 5,
      requestId: 'q',
      timestamp: 't',
    }),
  );
  const error = await createReeveClient({ url })
    .chat.send({ text: 'x' })
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(FaultError);
  expect((error as FaultError).fault).toEqual({
    code: 'BUSY',
    message: 'Too much.',
    next: 'Wait.',
    retryAfterMs: 5,
  });
});

test('answers of something that is no Reeve have a code too', async () => {
  const url = await serve((_request, response) =>
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
  );
  await expect(createReeveClient({ url }).system.status()).rejects.toMatchObject({
    fault: { code: 'GATEWAY_UNREACHABLE' },
  });
  expect(toFaultError(new TypeError('fetch failed')).fault.code).toBe('GATEWAY_UNREACHABLE');
});

test('nothing listens: GATEWAY_UNREACHABLE with the next step', async () => {
  const url = await serve(() => {});
  await new Promise<void>((resolve) => server!.close(() => resolve()));
  server = undefined;
  await expect(createReeveClient({ url }).system.health()).rejects.toMatchObject({
    fault: { code: 'GATEWAY_UNREACHABLE', next: expect.stringContaining('npm start') },
  });
});

test('F025 the stream resumes after the last durable event and yields each once', async () => {
  const asked: number[] = [];
  const url = await serve((request, response) => {
    asked.push(afterOf(request));
    if (asked.length === 1) sse(response, [started(1), delta('a'), started(2)]).end();
    // The second answer overlaps, as a gateway may, and breaks off in the middle of an item.
    else if (asked.length === 2)
      sse(response, [started(2), started(3)]).write('event: message\ndata: {"se', () => response.destroy());
    else sse(response, [started(4), finished(5, 'r'), started(6)]);
  });
  const { items, reconnects } = await collect(url, { runId: 'r' });
  expect(asked).toEqual([0, 2, 3]);
  expect(seqs(items)).toEqual([1, 'message.delta', 2, 3, 4, 5]);
  expect(reconnects.map(({ attempt }) => attempt)).toEqual([1, 1]);
});

test('a gap is fetched again, never skipped', async () => {
  const asked: number[] = [];
  const url = await serve((request, response) => {
    asked.push(afterOf(request));
    if (asked.length === 1) sse(response, [started(1), started(3)]);
    else sse(response, [started(2), started(3), finished(4, 'r')]);
  });
  expect(seqs((await collect(url, { runId: 'r' })).items)).toEqual([1, 2, 3, 4]);
  expect(asked).toEqual([0, 1]);
});

test('a gap that stays is an error', async () => {
  const url = await serve((_request, response) => sse(response, [started(7)]));
  await expect(collect(url)).rejects.toMatchObject({ fault: { code: 'PROTOCOL_ERROR' } });
});

test('waiting grows with each failed try and starts anew after a success', async () => {
  let calls = 0;
  const url = await serve((_request, response) => {
    calls++;
    if (calls === 4) sse(response, [started(1)]).end();
    else if (calls === 6) sse(response, [finished(2, 'r')]);
    else
      json(response, 503, {
        code: 'SHUTTING_DOWN',
        message: 'Stopping.',
        ...(calls === 2 && { retryAfterMs: 9_000 }),
      });
  });
  const { items, reconnects } = await collect(url, { runId: 'r' });
  expect(seqs(items)).toEqual([1, 2]);
  expect(reconnects.map(({ attempt, waitMs }) => [attempt, waitMs])).toEqual([
    [1, 1_000],
    [2, 9_000],
    [3, 4_000],
    [1, 1_000],
    [2, 2_000],
  ]);
  expect(reconnects[0]!.fault?.code).toBe('SHUTTING_DOWN');
});

test('a fault that waiting does not mend is thrown, also one sent inside the stream', async () => {
  const url = await serve((_request, response) =>
    json(response, 404, { code: 'NOT_FOUND', message: 'No such session.' }),
  );
  await expect(collect(url)).rejects.toMatchObject({ fault: { code: 'NOT_FOUND' } });
  server!.removeAllListeners('request');
  server!.on('request', (_request, response) =>
    sse(response, [started(1)]).end(
      'event: error\ndata: {"defined":false,"code":"NOT_FOUND","status":404,"message":"Deleted."}\n\n',
    ),
  );
  await expect(collect(url)).rejects.toMatchObject({ fault: { code: 'NOT_FOUND', message: 'Deleted.' } });
});

test('a run that had ended before ends the stream', async () => {
  const url = await serve((_request, response) => sse(response, []).end());
  expect((await collect(url, { runId: 'old', after: 9 })).items).toEqual([]);
});

test('abort ends the stream in the middle and closes the connection', async () => {
  const abort = new AbortController();
  const closed = Promise.withResolvers<void>();
  const url = await serve((_request, response) => {
    sse(response, [started(1)]).on('close', () => closed.resolve());
  });
  const items: StreamItem[] = [];
  for await (const item of streamSession(createReeveClient({ url }), {
    sessionId: 's',
    after: 0,
    signal: abort.signal,
  })) {
    items.push(item);
    abort.abort();
  }
  expect(items).toHaveLength(1);
  await closed.promise;
});

test('abort closes the connection also after a collection of garbage', async () => {
  // fetch holds the signal of a request weakly, and forgets it once the request is collected.
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const abort = new AbortController();
  const closed = Promise.withResolvers<void>();
  const isOpen = Promise.withResolvers<void>();
  const url = await serve((_request, response) => {
    sse(response, [started(1)]).on('close', () => closed.resolve());
  });
  const ended = (async () => {
    for await (const _ of streamSession(createReeveClient({ url }), {
      sessionId: 's',
      after: 0,
      signal: abort.signal,
    }))
      isOpen.resolve();
  })();
  await isOpen.promise;
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  abort.abort();
  await Promise.all([ended, closed.promise]);
});

test('back-off lies between 1 and 30 seconds', () => {
  for (let attempt = 1; attempt < 50; attempt++) {
    for (const chance of [0, 0.5, 0.999]) {
      expect(backOffMs(attempt, () => chance)).toBeGreaterThanOrEqual(1_000);
      expect(backOffMs(attempt, () => chance)).toBeLessThanOrEqual(30_000);
    }
  }
  expect(backOffMs(6, () => 0)).toBe(30_000);
});
