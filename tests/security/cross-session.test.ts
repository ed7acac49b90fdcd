import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { as, goodPassword, join, signIn, type Who } from '../identity/support.ts';
import { say } from '../support/collect.ts';
import { ask, call, json } from '../support/http.ts';
import { connect } from '../support/wire.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
/** What the owner said, and somebody else of the household with a token. */
let secret: { sessionId: string; runId: string };
let bob: Who & { bearer: string };
beforeAll(async () => {
  harness = await startHarness();
  secret = (await say(harness, 'the code is 4711')).sent;
  await join(harness, { email: 'bob@example.org' });
  const { tokens } = (await signIn(harness, 'bob@example.org', goodPassword, true)).json;
  bob = { bearer: tokens.accessToken };
});
afterAll(() => harness[Symbol.asyncDispose]());

const promptsSince = (before: number) => JSON.stringify(harness.model.requests.slice(before));

test('F240 a session of somebody else is not found, by id and by name', async () => {
  await using socket = await connect(harness);
  const id = `ses_${'0'.repeat(26)}`;
  for (const [method, params] of [
    ['chat.send', { sessionKey: `agent:main:${id}`, message: 'hi' }],
    ['agent', { sessionKey: id, message: 'hi' }],
    ['chat.history', { sessionKey: id }],
    ['sessions.get', { key: id }],
    ['sessions.describe', { key: id }],
    ['sessions.messages.subscribe', { key: id, after: 0 }],
    ['sessions.reset', { key: id }],
    ['sessions.delete', { key: id }],
    ['sessions.patch', { key: id, label: 'x' }],
    ['memory.learn', { content: 'x', session_key: id }],
    ['chat.abort', { sessionKey: id }],
  ] as const) {
    const answer = await socket.ask(method, params);
    expect([method, answer.error?.details.fault]).toEqual([method, 'NOT_FOUND']);
  }
  const other = await socket.ask('chat.send', { sessionKey: 'agent:eve:main', message: 'hi' });
  expect(other.error.details.fault).toBe('NOT_FOUND');
});

test('F240 over a socket of another person neither id nor run of a session leads into it', async () => {
  await using socket = await connect({ url: harness.url, token: bob.bearer });
  const { sessionId, runId } = secret;
  for (const [method, params] of [
    ['chat.history', { sessionKey: sessionId }],
    ['chat.send', { sessionKey: sessionId, message: 'go on' }],
    ['sessions.get', { key: sessionId }],
    ['sessions.messages.subscribe', { key: sessionId, after: 0 }],
    ['sessions.delete', { key: sessionId }],
    ['chat.abort', { sessionKey: sessionId }],
    ['agent.wait', { runId }],
  ] as const) {
    const answer = await socket.ask(method, params);
    expect([method, answer.ok]).toEqual([method, false]);
    expect(JSON.stringify(answer)).not.toContain('4711');
  }
  expect(await socket.request('chat.abort', { runId })).toMatchObject({ aborted: false });
  const { sessions } = await socket.request('sessions.list', {});
  expect(JSON.stringify(sessions)).not.toContain(sessionId);
});

test('F011 F240 a name that a program gives is its own: key, user, header, response and call of others lead nowhere', async () => {
  const mine = (await call(harness, 'POST', '/v1/responses', { input: 'the code is 4711', user: 'shared' }))
    .json;
  expect((await as(harness, bob, 'GET', `/v1/responses/${mine.id}`)).status).toBe(404);
  const before = harness.model.requests.length;
  const answers = [
    await as(harness, bob, 'POST', '/v1/responses', { input: 'go on', previous_response_id: mine.id }),
    await as(harness, bob, 'POST', '/v1/responses', { input: 'go on', user: 'shared' }),
    await as(harness, bob, 'POST', '/v1/responses', {
      input: [
        { type: 'item_reference', id: mine.output[0].id },
        { role: 'user', content: 'go on' },
      ],
    }),
    await as(harness, bob, 'POST', '/v1/chat/completions', {
      messages: [
        {
          role: 'assistant',
          tool_calls: [{ id: `${secret.runId}~c1`, function: { name: 't', arguments: '' } }],
        },
        { role: 'tool', tool_call_id: `${secret.runId}~c1`, content: 'done' },
      ],
    }),
    await ask(`${harness.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${bob.bearer}`, 'x-reeve-session': secret.sessionId },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'go on' }] }),
    }),
  ];
  for (const { body, headers } of answers) {
    expect(body).not.toContain('4711');
    expect(headers['x-reeve-session']).not.toBe(secret.sessionId);
  }
  expect(promptsSince(before)).not.toContain('4711');
});

test('F013 F240 the key of a message that somebody else sent joins nothing', async () => {
  const ours = (await call(harness, 'POST', '/chat', { message: 'same words', idempotency_key: 'k' })).json;
  const theirs = await as(harness, bob, 'POST', '/chat', { message: 'same words', idempotency_key: 'k' });
  expect(theirs.status).toBe(200);
  expect(theirs.json.session_id).not.toBe(ours.session_id);
  expect(theirs.json.run_id).not.toBe(ours.run_id);
});
