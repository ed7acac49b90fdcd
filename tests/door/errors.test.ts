import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { type FaultCode, faultCatalogue } from '@reeve/protocol';
import { createGate, reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { follow } from '../support/collect.ts';
import { type Answer, ask, bearer, call, json } from '../support/http.ts';
import { procedures } from '../support/procedures.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness({
    env: { REEVE_GATEWAY_BODY_LIMIT_BYTES: '20000', REEVE_ENGINE_LANE_LIMIT: '1' },
  });
});
afterAll(() => harness[Symbol.asyncDispose]());

/** The one shape of every error, and nothing of our insides in it. */
const expectFault = (answer: Pick<Answer, 'status' | 'body'>, code: FaultCode): void => {
  const body = JSON.parse(answer.body);
  expect(body).toMatchObject({ code, error: code });
  expect(answer.status).toBe(faultCatalogue[code].status);
  expect(body.message.length).toBeGreaterThan(5);
  expect(body.next.length).toBeGreaterThan(5);
  expect(new Date(body.timestamp).toISOString()).toBe(body.timestamp);
  expect(
    Object.keys(body).filter(
      (key) =>
        !['code', 'message', 'next', 'error', 'timestamp', 'details', 'retryAfterMs', 'requestId'].includes(
          key,
        ),
    ),
  ).toEqual([]);
  expect(answer.body).not.toMatch(
    /node_modules|\.ts\b|\bat [\w.]+ \(|file:\/\/|FST_ERR|ORPC|Zod|SQLITE|Unexpected token|\/work\/|\/home\//,
  );
  expect(answer.body).not.toContain(harness.home);
};

const post = (path: string, body: string, headers: Record<string, string> = json) =>
  ask(harness.url + path, { method: 'POST', headers: { ...bearer(harness), ...headers }, body });

test.each(['{', 'not json', '{"text":"a",}', '[1,2', '"\\ud800', '{"a":1}{"b":2}', '\u0000'])(
  'F009 F023 a body that is no JSON: %j',
  async (body) => {
    expectFault(await post('/api/chat/send', body), 'SERIALIZATION_ERROR');
    expectFault(await post('/chat/stream', body), 'SERIALIZATION_ERROR');
  },
);

test('F009 F023 an empty body where JSON was announced', async () => {
  expectFault(await post('/api/chat/send', ''), 'SERIALIZATION_ERROR');
});

test.each([
  null,
  [],
  'text',
  7,
  {},
  { text: 7 },
  { text: '' },
  { text: 'a', queueMode: 'never' },
  { text: 'a', sessionId: ['x'] },
  { text: 'a', params: { temperature: 'hot' } },
])('F009 F023 a body of the wrong type: %j', async (body) =>
  expectFault(await call(harness, 'POST', '/api/chat/send', body), 'INVALID_PARAMS'),
);

test('F009 the message names the field that is wrong', async () => {
  const answer = await call(harness, 'POST', '/api/chat/send', { text: 'a', queueMode: 'never' });
  expect(answer.json.message).toContain('queueMode');
  const query = await call(harness, 'GET', '/api/chat/conversations?limit=many');
  expectFault(query, 'INVALID_PARAMS');
  expect(query.json.message).toContain('limit');
});

test.each([
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'text/plain',
  'image/png',
  'nonsense',
])('F023 content type %s is refused with the same shape', async (type) => {
  const answer = await post('/api/chat/send', '{"text":"hi"}', { 'content-type': type });
  expect(answer.status).toBe(400);
  expectFault(answer, answer.json.code === 'INVALID_PARAMS' ? 'INVALID_PARAMS' : 'SERIALIZATION_ERROR');
});

test('F009 F023 a body over the limit is refused before it is read whole', async () => {
  expectFault(
    await post('/api/chat/send', JSON.stringify({ text: 'a'.repeat(30_000) })),
    'PAYLOAD_TOO_LARGE',
  );
  // Nothing of the body is sent: only its announced length is there to judge by.
  const socket = connect(Number(new URL(harness.url).port), '127.0.0.1');
  socket.write(
    `POST /api/chat/send HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${harness.token}\r\nContent-Type: application/json\r\nContent-Length: 900000000\r\n\r\n`,
  );
  expect(await readText(socket)).toMatch(/^HTTP\/1\.1 413 /);
  // Of unknown length: cut off where the limit is.
  const chunked = connect(Number(new URL(harness.url).port), '127.0.0.1');
  chunked.write(
    `POST /api/chat/send HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${harness.token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  chunked.write(`7530\r\n"${'a'.repeat(0x752f)}\r\n`);
  expect(await readText(chunked)).toMatch(/^HTTP\/1\.1 413 /);
});

test.each(['/nothing', '/api/nothing', '/api/chat/a/b/c/d', '/api/%00', `/api/${'a'.repeat(2_000)}`])(
  'F009 unknown path %s',
  async (path) => {
    expectFault(await call(harness, 'POST', path, { text: 'a' }), 'METHOD_NOT_FOUND');
  },
);

test.each(['/%', '/api/chat/%E0%A4%A', '/api/%ff'])(
  'F009 F023 a path that cannot be decoded: %s',
  async (path) => {
    const answer = await call(harness, 'GET', path);
    expect(answer.status).toBeLessThan(500);
    expectFault(answer, answer.json.code);
  },
);

test.each(['PUT', 'OPTIONS', 'PROPFIND', 'TRACE'])(
  'F009 the method %s where it does not belong',
  async (method) => {
    expectFault(await call(harness, method, '/api/chat/send'), 'METHOD_NOT_FOUND');
  },
);

const unknown = 'ses_does_not_exist';
test.each(procedures.filter(({ name, path }) => path.includes('{id}') || name === 'chat.send'))(
  'F009 an unknown id is NOT_FOUND at $name',
  async ({ method, path }) => {
    const body =
      method === 'GET' || method === 'DELETE'
        ? undefined
        : {
            title: 'x',
            messageId: 'msg_x',
            text: 'x',
            seq: 1,
            decision: 'deny',
            channel: 'telegram',
            identifier: '42',
            ...(path.includes('{id}') ? {} : { sessionId: unknown }),
          };
    const query = method === 'GET' ? '?artifactId=art_x' : '';
    expectFault(await call(harness, method, path.replace('{id}', unknown) + query, body), 'NOT_FOUND');
  },
);

test('F009 an unknown session is NOT_FOUND at the streams and at /chat', async () => {
  expectFault(await call(harness, 'GET', `/api/chat/stream?sessionId=${unknown}`), 'NOT_FOUND');
  expectFault(await call(harness, 'POST', '/chat', { message: 'x', session_id: unknown }), 'NOT_FOUND');
  expectFault(await call(harness, 'POST', '/api/chat/send', { text: 'x', model: 'no/model' }), 'NOT_FOUND');
});

test('F009 BUSY and CONFLICT come with their statuses', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.hold(gate).text('done'));
  const first = await harness.client.chat.send({ text: 'one', idempotencyKey: 'k' });
  await gate.reached;
  const second = await harness.client.chat.send({ text: 'two', sessionId: first.sessionId });
  expectFault(
    await call(harness, 'POST', '/api/chat/send', { text: 'three', sessionId: first.sessionId }),
    'BUSY',
  );
  expectFault(
    await call(harness, 'POST', '/api/chat/send', { text: 'other', idempotencyKey: 'k' }),
    'CONFLICT',
  );
  gate.open();
  await follow(harness, second);
});

test.each([
  [
    'a header of 40 kB',
    `GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Much: ${'a'.repeat(40_000)}\r\n\r\n`,
    431,
  ],
  ['a URL of 40 kB', `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, 431],
  ['something that is not HTTP', 'HELO reeve\r\n\r\n', 400],
  [
    'a line break inside a header',
    `GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b\rSet-Cookie: c\r\n\r\n`,
    400,
  ],
  [
    'two lengths',
    `POST /api/chat/send HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
])('F009 F023 %s gets an answer of the same shape, and the connection ends', async (_what, text, status) => {
  const socket = connect(Number(new URL(harness.url).port), '127.0.0.1');
  socket.write(text);
  const [head, body] = (await readText(socket)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(head).toMatch(/content-type: application\/json/i);
  const fault = JSON.parse(body!);
  expect(fault).toMatchObject({
    code: 'PROTOCOL_ERROR',
    error: 'PROTOCOL_ERROR',
    message: expect.any(String),
    next: expect.any(String),
    timestamp: expect.any(String),
  });
  expect(body).not.toMatch(/HPE_|node_modules|aaaa/);
});
