import { startHarness } from '@reeve/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { say } from '../support/collect.ts';
import { ask, bearer, call, json } from '../support/http.ts';
import { procedures } from '../support/procedures.ts';
import { connect } from '../support/wire.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
let sessionId: string;
beforeAll(async () => {
  harness = await startHarness({ env: { REEVE_GATEWAY_BODY_LIMIT_BYTES: '200000' } });
  sessionId = (await say(harness, 'hello')).sent.sessionId;
});
afterAll(() => harness[Symbol.asyncDispose]());

/** What would tell an attacker how it looks inside. */
const inside = /node_modules|\.ts:\d|SQLITE|at \w+ \(|\/packages\//;

const postRaw = (path: string, body: string, method = 'POST') =>
  ask(harness.url + path, { method, headers: { ...bearer(harness), ...json }, body });

const ids = fc.oneof(
  fc.constant(() => sessionId),
  fc.string({ minLength: 1, maxLength: 40 }).map((id) => () => id),
);
const keys = fc.constantFrom(
  'text',
  'message',
  'messages',
  'title',
  'model',
  'sessionId',
  'session_id',
  'queueMode',
  'messageId',
  'isPinned',
  'params',
  'idempotencyKey',
  'runId',
  'code',
  'name',
  'key',
  'value',
  'stream',
  'user',
  '__proto__',
);
const values = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    'queue',
    'steer',
    'openai/test-model',
    'agent.name',
    'gateway.port',
    '/version',
    '/stop',
    true,
    [{ role: 'user', content: 'hi' }],
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const bodies = fc.oneof(
  fc
    .array(fc.tuple(keys, values), { maxLength: 6 })
    .map((pairs) => JSON.stringify(Object.fromEntries(pairs))),
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 50 }),
);
const writing = [
  ...procedures.filter(
    ({ method, name }) => (method === 'POST' || method === 'PATCH') && name !== 'auth.loginLink',
  ),
  { name: 'openai', method: 'POST', path: '/v1/chat/completions' },
];

test('F009 API4 API8 whatever is sent to whatever route, the answer is a documented one, and there is one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...writing), ids, bodies, async ({ method, path }, id, body) => {
      const answer = await postRaw(path.replace('{id}', encodeURIComponent(id())), body, method);
      if (answer.status < 400) return;
      expect([400, 401, 403, 404, 409, 413, 423, 429]).toContain(answer.status);
      const known = path.startsWith('/v1/') ? answer.json.error.code : answer.json.code;
      expect(known).toMatch(/^[A-Za-z_]+$/);
    }),
    { numRuns: 300 },
  );
  expect((await call(harness, 'GET', '/health')).json.status).toBe('ok');
});

test('F009 API4 API8 so it is with whatever stands in a query, a path or a header', async () => {
  const reading = procedures.filter(({ method, name }) => method === 'GET' && !/stream|logs/i.test(name));
  const text = fc.string({ unit: 'binary', maxLength: 40 }).map((one) => one.toWellFormed());
  const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...reading),
      text,
      fc.dictionary(
        fc.oneof(fc.constantFrom('limit', 'after', 'before', 'since', 'query', 'format'), text),
        text,
        {
          maxKeys: 4,
        },
      ),
      fc.constantFrom(
        'last-event-id',
        'x-reeve-session',
        'idempotency-key',
        'accept',
        'range',
        'if-none-match',
      ),
      printable,
      async ({ path }, id, query, name, value) => {
        const place = path.replace(/\{[^}]+\}/g, encodeURIComponent(id || 'x'));
        const answer = await ask(`${harness.url}${place}?${new URLSearchParams(query)}`, {
          headers: { ...bearer(harness), [name]: value },
        });
        expect(answer.status, place).toBeLessThan(500);
        expect(answer.body).not.toMatch(inside);
      },
    ),
    { numRuns: 300 },
  );
});

test('F009 API4 API8 and over the socket: every method answers, whatever its parameters are', async () => {
  await using socket = await connect(harness);
  const methods = (socket.hello.features.methods as string[]).filter((name) => !/wait/i.test(name));
  const params = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(
      fc.constantFrom('key', 'sessionKey', 'message', 'raw', 'id', 'limit', 'method', 'scopes'),
      fc.jsonValue(),
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...methods), params, async (method, given) => {
      const answer = await socket.ask(method, given);
      if (answer.ok) return;
      expect([method, answer.error.details?.fault]).not.toEqual([method, 'INTERNAL_ERROR']);
      expect(JSON.stringify(answer.error)).not.toMatch(inside);
    }),
    { numRuns: 300 },
  );
  expect((await socket.ask('health')).ok).toBe(true);
});
