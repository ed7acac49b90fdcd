import { createGate, reply, startHarness } from '@reeve/testkit';
import type OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { promptOf } from '../support/collect.ts';
import { openaiFor, readChunks, system, user } from '../support/openai.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
let client: OpenAI;
beforeAll(async () => {
  harness = await startHarness();
  client = openaiFor(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

const create = (messages: OpenAI.Chat.ChatCompletionMessageParam[], more: object = {}) =>
  client.chat.completions.create({ model: 'direct/openai/test-model', messages, ...more, stream: false });

test('F011 a model asked directly gets the words of the client and nothing of ours', async () => {
  const answer = await create([system('Be brief.'), user('hello')]);
  expect(answer.choices[0]!.message.content).toBe('You said: hello');
  expect(answer.model).toBe('openai/test-model');
  expect(promptOf(harness)).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'hello' },
  ]);
  expect(harness.model.requests.at(-1)!.body.tools).toBeUndefined();
});

test('F011 no session comes of it, but its usage is counted', async () => {
  await harness.client.sessions.create({});
  const before = await harness.client.usage.get({});
  harness.model.enqueue(reply.text('Hi.').withUsage({ inputTokens: 1_000, outputTokens: 7 }));
  await create([user('count me')]);
  // What may wait is written with the next thing that may not.
  const { id } = await harness.client.sessions.create({});
  const { sessions } = await harness.client.sessions.list({ limit: 10 });
  expect(sessions.every(({ messageCount }) => messageCount === 0)).toBe(true);
  expect(sessions.map((session) => session.id)).toContain(id);
  const after = await harness.client.usage.get({});
  expect(after.total.inputTokens - before.total.inputTokens).toBe(1_000);
  expect(after.byChannel).toMatchObject([{ channel: 'openai' }]);
});

test('F011 tools of the client go back and forth as they are', async () => {
  harness.model.enqueue(reply.toolCall('look', { at: 'sky' }, 'call_7'));
  const tools = [
    {
      type: 'function' as const,
      function: { name: 'look', description: 'Looks.', parameters: { type: 'object' } },
    },
  ];
  const first = await create([user('Colour of the sky?')], { tools, tool_choice: 'required' });
  const { message, finish_reason } = first.choices[0]!;
  expect(finish_reason).toBe('tool_calls');
  expect(message.tool_calls).toMatchObject([
    { id: 'call_7', function: { name: 'look', arguments: '{"at":"sky"}' } },
  ]);
  await create(
    [user('Colour of the sky?'), message, { role: 'tool', tool_call_id: 'call_7', content: 'blue' }],
    {
      tools,
    },
  );
  expect(promptOf(harness).at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'call_7', content: 'blue' });
  expect(harness.model.violations).toEqual([]);
});

test('F011 thinking is shown apart, as clients of thinking models read it', async () => {
  harness.model.enqueue(reply.reasoning('Let me think.').text('Yes.'));
  const answer = await create([user('Sure?')]);
  expect(answer.choices[0]!.message).toMatchObject({ content: 'Yes.', reasoning_content: 'Let me think.' });
});

test('F011 a client that leaves lets go of the model', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('Half').hold(gate).text(' more'));
  const stop = new AbortController();
  const stream = await client.chat.completions.create(
    { model: 'direct', messages: [user('go on')], stream: true },
    { signal: stop.signal },
  );
  for await (const chunk of stream) if (chunk.choices[0]!.delta.content === 'Half') break;
  stop.abort();
  expect(await harness.model.requests.at(-1)!.ended).toBe('closed');
  gate.open();
});

test('F009 F011 what the model refuses is told in the shape of this API', async () => {
  harness.model.enqueue(reply.status(429, { message: 'Slow down.', retryAfter: '7' }));
  await expect(create([user('hi')])).rejects.toMatchObject({ status: 429, code: 'rate_limit' });
  await expect(create([user('hi')], { model: 'direct/nobody/none' })).rejects.toMatchObject({ status: 404 });
  await expect(
    client.responses.create({ model: 'direct', input: 'hi', previous_response_id: 'resp_x' }),
  ).rejects.toMatchObject({ status: 400 });
});

test('F038 a direct stream that dies midway goes on at the next model without a doubled word', async () => {
  await using spare = await startHarness();
  await harness.client.config.set({ key: 'providers.spare.baseUrl', value: spare.model.url });
  await harness.client.config.set({ key: 'agent.fallbacks', value: ['spare/spare-model'] });
  harness.model.enqueue(reply.text('You said: on').reset());
  const { text } = await readChunks(
    await client.chat.completions.create({
      model: 'direct/openai/test-model',
      messages: [user('once')],
      stream: true,
    }),
  );
  expect(text).toBe('You said: once');
  await harness.client.config.set({ key: 'agent.fallbacks', value: null });
});
