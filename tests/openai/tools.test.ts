import { reply, startHarness } from '@reeve/testkit';
import type OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { promptOf } from '../support/collect.ts';
import { openaiFor, readChunks, user, withSession } from '../support/openai.ts';

type Messages = OpenAI.Chat.ChatCompletionMessageParam[];

let harness: Awaited<ReturnType<typeof startHarness>>;
let client: OpenAI;
beforeAll(async () => {
  harness = await startHarness();
  client = openaiFor(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

const lamp = {
  type: 'function' as const,
  function: {
    name: 'set_lamp',
    description: 'Switches a lamp of the client.',
    parameters: { type: 'object', properties: { room: { type: 'string' } }, required: ['room'] },
  },
};

const create = (messages: Messages, more: object = {}) =>
  withSession(
    client.chat.completions.create({ model: 'reeve', messages, tools: [lamp], ...more, stream: false }),
  );

const asked = [user('Switch on the kitchen lamp.')];
const callLamp = () => harness.model.enqueue(reply.toolCall('set_lamp', { room: 'kitchen' }, 'call_lamp'));

test('F011 a tool of the client is offered beside ours, its call is handed out and its result goes on', async () => {
  callLamp();
  const first = await create(asked);
  const choice = first.data.choices[0]!;
  expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
  const [call] = choice.message.tool_calls!;
  expect(call).toMatchObject({
    type: 'function',
    function: { name: 'set_lamp', arguments: '{"room":"kitchen"}' },
  });
  const offered = harness.model.requests.at(-1)!.body.tools!.map((tool) => tool.function!.name);
  expect(offered).toEqual(expect.arrayContaining(['set_lamp', 'calculate']));

  harness.model.enqueue(reply.text('The kitchen is lit.'));
  const second = await create([
    ...asked,
    choice.message,
    { role: 'tool', tool_call_id: call!.id, content: 'done: kitchen' },
  ]);
  expect(second.data.choices[0]!.message.content).toBe('The kitchen is lit.');
  expect(second.sessionId).toBe(first.sessionId);
  expect(promptOf(harness).slice(-3)).toMatchObject([
    { role: 'user', content: 'Switch on the kitchen lamp.' },
    { role: 'assistant', tool_calls: [{ id: 'call_lamp' }] },
    { role: 'tool', tool_call_id: 'call_lamp', content: 'done: kitchen' },
  ]);

  const third = await create([
    ...asked,
    choice.message,
    { role: 'tool', tool_call_id: call!.id, content: 'done: kitchen' },
    { role: 'assistant', content: 'The kitchen is lit.' },
    user('Thanks.'),
  ]);
  expect(third.sessionId).toBe(first.sessionId);
  const { messages } = await harness.client.sessions.history({ id: first.sessionId });
  expect(messages.map(({ role, text }) => `${role}: ${text}`)).toEqual([
    'user: Switch on the kitchen lamp.',
    'assistant: ',
    'tool: done: kitchen',
    'assistant: The kitchen is lit.',
    'user: Thanks.',
    'assistant: You said: Thanks.',
  ]);
  expect(harness.model.violations).toEqual([]);
});

test('F011 our own tools run on the way although the client brought some', async () => {
  harness.model.enqueue(
    reply
      .toolCall('calculate', { expression: '6*7' }, 'call_own')
      .toolCall('set_lamp', { room: 'hall' }, 'call_lamp'),
  );
  const first = await create([user('Work out 6*7 and light the hall.')]);
  const calls = first.data.choices[0]!.message.tool_calls!;
  expect(calls.map((call) => call.type === 'function' && call.function.name)).toEqual(['set_lamp']);
  harness.model.enqueue(reply.text('42, and the hall is lit.'));
  const second = await create([
    user('Work out 6*7 and light the hall.'),
    first.data.choices[0]!.message,
    { role: 'tool', tool_call_id: calls[0]!.id, content: 'lit' },
  ]);
  expect(second.data.choices[0]!.message.content).toBe('42, and the hall is lit.');
  expect(promptOf(harness).filter(({ role }) => role === 'tool')).toMatchObject([
    { tool_call_id: 'call_own', content: expect.stringContaining('42') },
    { tool_call_id: 'call_lamp', content: 'lit' },
  ]);
  expect(harness.model.violations).toEqual([]);
});

test('F011 a streamed call comes with its reason, behind the text', async () => {
  harness.model.enqueue(reply.text('One moment.').toolCall('set_lamp', { room: 'attic' }));
  const { chunks, text, finishReason } = await readChunks(
    await client.chat.completions.create({
      model: 'reeve',
      messages: [user('Light the attic.')],
      tools: [lamp],
      stream: true,
    }),
  );
  expect(text).toBe('One moment.');
  expect(finishReason).toBe('tool_calls');
  const call = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])[0];
  expect(call).toMatchObject({ index: 0, function: { name: 'set_lamp', arguments: '{"room":"attic"}' } });
});

test('F011 results of calls that nobody here asked for are history, and are answered', async () => {
  const foreign = {
    id: 'call_elsewhere',
    type: 'function' as const,
    function: { name: 'set_lamp', arguments: '{}' },
  };
  harness.model.enqueue(reply.text('It is on.'));
  const { data } = await create([
    user('Is it on?'),
    { role: 'assistant', content: null, tool_calls: [foreign] },
    { role: 'tool', tool_call_id: 'call_elsewhere', content: 'on' },
  ]);
  expect(data.choices[0]!.message.content).toBe('It is on.');
  expect(promptOf(harness).slice(-2)).toMatchObject([
    { role: 'assistant', tool_calls: [{ id: 'call_elsewhere' }] },
    { role: 'tool', content: 'on' },
  ]);
  expect(harness.model.violations).toEqual([]);
});

test('F011 the same result sent twice makes a second session, and does not run into the first', async () => {
  callLamp();
  const first = await create(asked);
  const message = first.data.choices[0]!.message;
  const conversation: Messages = [
    ...asked,
    message,
    { role: 'tool', tool_call_id: message.tool_calls![0]!.id, content: 'ok' },
  ];
  const [second, third] = [await create(conversation), await create(conversation)];
  expect(second.sessionId).toBe(first.sessionId);
  expect(third.sessionId).not.toBe(first.sessionId);
  expect(harness.model.violations).toEqual([]);
});

test('F011 tool_choice and the form of the answer reach the model; a forced call is forced once', async () => {
  harness.model.enqueue(reply.toolCall('calculate', { expression: '1+1' }), reply.text('2'));
  await create([user('Count.')], { tool_choice: 'required', response_format: { type: 'json_object' } });
  const bodies = harness.model.requests.slice(-2).map(({ body }) => body as Record<string, unknown>);
  expect(bodies[0]).toMatchObject({ tool_choice: 'required', response_format: { type: 'json_object' } });
  expect(bodies[1]!['tool_choice']).not.toBe('required');
});

test('F034 F035 an image reaches the model, is kept with the message and seen again in the next turn', async () => {
  // One red pixel.
  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
  const look: Messages = [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
      ],
    },
  ];
  const first = await create(look);
  const sent = JSON.stringify(harness.model.requests.at(-1)!.body);
  expect(sent).toContain(`data:image/png;base64,${png}`);
  const answer = first.data.choices[0]!.message.content!;
  const second = await create([...look, { role: 'assistant', content: answer }, user('And its colour?')]);
  expect(second.sessionId).toBe(first.sessionId);
  expect(JSON.stringify(harness.model.requests.at(-1)!.body)).toContain(png);
  const { messages } = await harness.client.sessions.history({ id: first.sessionId });
  expect(messages[0]).toMatchObject({ images: [{ mediaType: 'image/png' }] });
  // The journal names the picture and does not hold it.
  const { content } = await harness.client.sessions.export({ id: first.sessionId, format: 'jsonl' });
  expect(content).not.toContain(png);
});

test.each([
  ['another kind of data', 'data:text/html;base64,PGI+'],
  ['an address that is not https', 'http://127.0.0.1/secret.png'],
  ['a file', 'file:///etc/passwd'],
  ['no base64', 'data:image/png;base64,***'],
])('F011 an image given as %s is refused, and nothing is fetched', async (_what, url) => {
  await expect(
    create([{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }]),
  ).rejects.toMatchObject({ status: 400 });
});
