import { createGate, reply, startHarness } from '@reeve/testkit';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, promptOf } from '../support/collect.ts';
import { openaiFor, readChunks, system, user, withSession } from '../support/openai.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
let client: OpenAI;
beforeAll(async () => {
  harness = await startHarness({ env: { REEVE_ENGINE_LANE_LIMIT: '1' } });
  client = openaiFor(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

const create = (messages: OpenAI.Chat.ChatCompletionMessageParam[], more: object = {}) =>
  client.chat.completions.create({ model: 'reeve', messages, ...more, stream: false });
const stream = (messages: OpenAI.Chat.ChatCompletionMessageParam[], more: object = {}) =>
  client.chat.completions.create({ model: 'reeve', messages, ...more, stream: true });

test('F011 F069 a whole answer has text, reason, model and the usage that the model reported', async () => {
  harness.model.enqueue(reply.text('Good morning.').withUsage({ inputTokens: 21, outputTokens: 4 }));
  const answer = await create([user('Good morning')]);
  expect(answer).toMatchObject({
    object: 'chat.completion',
    model: 'openai/test-model',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Good morning.' } }],
    usage: { prompt_tokens: 21, completion_tokens: 4, total_tokens: 25 },
  });
  expect(answer.id).toMatch(/^chatcmpl-/);
  expect(Math.abs(answer.created - Date.now() / 1000)).toBeLessThan(3_600);
});

test('F011 a stream arrives piece by piece, and ends with its reason', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('One').hold(gate).text(' two'));
  const chunks = (await stream([user('count')]))[Symbol.asyncIterator]();
  let early = '';
  while (early !== 'One') early += (await chunks.next()).value!.choices[0]!.delta.content ?? '';
  gate.open();
  const rest = await readChunks({ [Symbol.asyncIterator]: () => chunks });
  expect(rest.text).toBe(' two');
  expect(rest.finishReason).toBe('stop');
  expect(rest.usage).toBeUndefined();
  expect(rest.chunks.every((chunk) => chunk.object === 'chat.completion.chunk')).toBe(true);
});

test('F011 F069 include_usage adds one last chunk with the usage and no choice', async () => {
  harness.model.enqueue(reply.text('Hi.').withUsage({ inputTokens: 9, outputTokens: 2 }));
  const { chunks, text } = await readChunks(
    await stream([user('hi')], { stream_options: { include_usage: true } }),
  );
  expect(text).toBe('Hi.');
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
  });
});

test('F011 the stream helper of the package puts it together', async () => {
  const final = await client.chat.completions
    .stream({ model: 'reeve', messages: [user('together')] })
    .finalChatCompletion();
  expect(final.choices[0]!.message.content).toBe('You said: together');
});

test('F011 tools of Reeve itself run on the way and are counted; their calls are not shown to the client', async () => {
  harness.model.enqueue(
    reply
      .text('Let me see.')
      .toolCall('calculate', { expression: '6*7' })
      .withUsage({ inputTokens: 10, outputTokens: 5 }),
    reply.text('It is 42.').withUsage({ inputTokens: 30, outputTokens: 6 }),
  );
  const { text, chunks, usage } = await readChunks(
    await stream([user('6*7?')], { stream_options: { include_usage: true } }),
  );
  expect(text).toBe('Let me see.\n\nIt is 42.');
  expect(usage).toMatchObject({ prompt_tokens: 40, completion_tokens: 11 });
  expect(chunks.some((chunk) => chunk.choices[0]?.delta.tool_calls)).toBe(false);
});

test('F011 system message, temperature, top_p and limits reach the model', async () => {
  await create([system('Answer in Latin.'), user('hello')], { temperature: 0.2, top_p: 0.5, max_tokens: 77 });
  expect(harness.model.requests.at(-1)!.body).toMatchObject({ temperature: 0.2, top_p: 0.5, max_tokens: 77 });
  expect(promptOf(harness)[0]).toMatchObject({
    role: 'system',
    content: expect.stringContaining('Answer in Latin.'),
  });
  await create([user('hello')], { max_completion_tokens: 78 });
  expect(harness.model.requests.at(-1)!.body).toMatchObject({ max_tokens: 78 });
});

test('F011 an answer that was cut by its limit says so', async () => {
  harness.model.enqueue(reply.text('Half of').finish('length'));
  expect((await create([user('all')])).choices[0]!.finish_reason).toBe('length');
});

test('F011 content in parts is text like any other', async () => {
  const parts = [
    { type: 'text', text: 'first' },
    { type: 'text', text: 'second' },
  ] as const;
  const answer = await create([{ role: 'user', content: [...parts] }]);
  expect(answer.choices[0]!.message.content).toBe('You said: first\nsecond');
});

test('F011 models are listed and retrieved', async () => {
  const names = (await client.models.list()).data.map((model) => model.id);
  expect(names).toEqual(expect.arrayContaining(['reeve', 'openai/test-model']));
  expect(await client.models.retrieve('openai/test-model')).toMatchObject({
    id: 'openai/test-model',
    object: 'model',
    owned_by: 'openai',
  });
  await expect(client.models.retrieve('none')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
});

test('F009 F011 errors are those that the package knows', async () => {
  const thrown = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error: unknown) => error,
    );
  const stranger = openaiFor({ url: harness.url, token: 'sk-wrong' });
  const unauthorised = await thrown(
    stranger.chat.completions.create({ model: 'reeve', messages: [user('hi')] }),
  );
  expect(unauthorised).toBeInstanceOf(OpenAI.AuthenticationError);
  expect(unauthorised).toMatchObject({ status: 401, code: 'auth_failed', type: 'authentication_error' });
  expect(await thrown(create([user('hi')], { model: 'gpt-none' }))).toBeInstanceOf(OpenAI.NotFoundError);
  for (const bad of [{ temperature: 9 }, { n: 2 }, { max_tokens: 0 }])
    expect(await thrown(create([user('hi')], bad))).toBeInstanceOf(OpenAI.BadRequestError);
  expect(await thrown(create([]))).toBeInstanceOf(OpenAI.BadRequestError);
  expect(await thrown(create([system('only this')]))).toBeInstanceOf(OpenAI.BadRequestError);
  expect(await thrown(client.post('/chat/nothing'))).toBeInstanceOf(OpenAI.NotFoundError);
});

test('F009 F011 a busy session is a RateLimitError, and a failed run a server error in the stream too', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.hold(gate).text('done'));
  const first = stream([user('one')], { user: 'busy' });
  await gate.reached;
  const second = create([user('two')], { user: 'busy' });
  const { sessions } = await harness.client.sessions.list({ limit: 1 });
  await eventually(
    harness,
    sessions[0]!.id,
    (item) => item.type === 'message.received' && item.data.text === 'two',
  );
  await expect(create([user('three')], { user: 'busy' })).rejects.toBeInstanceOf(OpenAI.RateLimitError);
  gate.open();
  await Promise.all([first.then(readChunks), second]);
  harness.model.setScript((_request, n) => reply.toolCall('calculate', { wrong: n }));
  await expect(create([user('fail')])).rejects.toBeInstanceOf(OpenAI.InternalServerError);
  await expect(stream([user('fail')]).then(readChunks)).rejects.toMatchObject({ code: 'no_progress' });
});

test('F011 a client that leaves in the middle finds the answer in the session', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('Half').hold(gate).text(' and half'));
  const { data, sessionId } = await withSession(
    client.chat.completions.create({ model: 'reeve', messages: [user('go on')], stream: true }),
  );
  for await (const chunk of data) if (chunk.choices[0]!.delta.content === 'Half') break;
  gate.open();
  await eventually(harness, sessionId, (item) => item.type === 'run.finished');
  const { messages } = await harness.client.sessions.history({ id: sessionId });
  expect(messages.map(({ text }) => text)).toEqual(['go on', 'Half and half']);
});
