import { reply, startHarness } from '@reeve/testkit';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { promptOf } from '../support/collect.ts';
import { openaiFor } from '../support/openai.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
let client: OpenAI;
beforeAll(async () => {
  harness = await startHarness();
  client = openaiFor(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

const lamp = {
  type: 'function' as const,
  name: 'set_lamp',
  description: 'Switches a lamp.',
  parameters: { type: 'object', properties: { room: { type: 'string' } } },
  strict: false,
};

test('F011 a response has text, usage and an id by which the conversation goes on', async () => {
  harness.model.enqueue(
    reply.text('Good morning.').withUsage({ inputTokens: 21, outputTokens: 4, cacheReadTokens: 20 }),
  );
  const first = await client.responses.create({
    model: 'reeve',
    instructions: 'Be kind.',
    input: 'Good morning',
  });
  expect(first).toMatchObject({
    object: 'response',
    status: 'completed',
    output_text: 'Good morning.',
    model: 'openai/test-model',
    usage: {
      input_tokens: 21,
      output_tokens: 4,
      total_tokens: 25,
      input_tokens_details: { cached_tokens: 20 },
    },
  });
  const second = await client.responses.create({
    model: 'reeve',
    input: 'And again',
    previous_response_id: first.id,
  });
  expect(second.output_text).toBe('You said: And again');
  expect(promptOf(harness).map(({ role, content }) => [role, content])).toEqual([
    ['system', expect.stringContaining('Be kind.')],
    ['user', 'Good morning'],
    ['assistant', 'Good morning.'],
    ['user', 'And again'],
  ]);
  expect((await harness.client.sessions.list({ limit: 10 })).sessions).toHaveLength(1);
});

test('F011 going on twice from one response makes a branch with the same past', async () => {
  const root = await client.responses.create({ model: 'reeve', input: 'root' });
  await client.responses.create({ model: 'reeve', input: 'left', previous_response_id: root.id });
  await client.responses.create({ model: 'reeve', input: 'right', previous_response_id: root.id });
  expect(promptOf(harness).slice(1)).toEqual([
    { role: 'user', content: 'root' },
    { role: 'assistant', content: 'You said: root' },
    { role: 'user', content: 'right' },
  ]);
});

test('F011 a response can be read again, by its id alone', async () => {
  const made = await client.responses.create({ model: 'reeve', input: 'keep this' });
  const read = await client.responses.retrieve(made.id);
  expect(read).toMatchObject({ id: made.id, status: 'completed', output_text: 'You said: keep this' });
  await expect(client.responses.retrieve('resp_nothing')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
});

test('F011 a stream has every event in order, and the helper of the package puts it together', async () => {
  harness.model.enqueue(
    reply.reasoning('Hm.').text('One two three').withUsage({ inputTokens: 5, outputTokens: 3 }),
  );
  const types: string[] = [];
  const numbers: number[] = [];
  let text = '';
  for await (const event of await client.responses.create({ model: 'reeve', input: 'count', stream: true })) {
    types.push(event.type);
    numbers.push(event.sequence_number);
    if (event.type === 'response.output_text.delta') text += event.delta;
  }
  expect(text).toBe('One two three');
  expect(numbers).toEqual(numbers.map((_, index) => index));
  expect(types.filter((type, index) => types[index - 1] !== type)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.reasoning_summary_part.added',
    'response.reasoning_summary_text.delta',
    'response.reasoning_summary_text.done',
    'response.reasoning_summary_part.done',
    'response.output_item.done',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
  const final = await client.responses.stream({ model: 'reeve', input: 'together' }).finalResponse();
  expect(final.output_text).toBe('You said: together');
});

test('F011 a tool of the client is called and answered, by items or by the id of the response', async () => {
  harness.model.enqueue(reply.toolCall('set_lamp', { room: 'hall' }, 'call_1'));
  const first = await client.responses.create({ model: 'reeve', input: 'Light the hall.', tools: [lamp] });
  const call = first.output.find((item) => item.type === 'function_call')!;
  expect(call).toMatchObject({ name: 'set_lamp', arguments: '{"room":"hall"}', status: 'completed' });
  const result = { type: 'function_call_output' as const, call_id: call.call_id, output: 'lit' };
  harness.model.enqueue(reply.text('It is lit.'));
  const second = await client.responses.create({
    model: 'reeve',
    previous_response_id: first.id,
    input: [result],
    tools: [lamp],
  });
  expect(second.output_text).toBe('It is lit.');
  expect(promptOf(harness).at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'call_1', content: 'lit' });

  harness.model.enqueue(reply.toolCall('set_lamp', { room: 'attic' }, 'call_2'), reply.text('Lit, too.'));
  const whole = await client.responses.create({ model: 'reeve', input: 'Light the attic.', tools: [lamp] });
  const again = whole.output.find((item) => item.type === 'function_call')!;
  const third = await client.responses.create({
    model: 'reeve',
    input: [
      { role: 'user', content: 'Light the attic.' },
      again,
      { type: 'function_call_output', call_id: again.call_id, output: 'lit' },
    ],
    tools: [lamp],
  });
  expect(third.output_text).toBe('Lit, too.');
  expect(harness.model.violations).toEqual([]);
});

test('F011 the parameters of this form reach the model', async () => {
  await client.responses.create({
    model: 'reeve',
    input: [
      { role: 'developer', content: 'Answer in Latin.' },
      { role: 'user', content: [{ type: 'input_text', text: 'hello' }] },
    ],
    temperature: 0.2,
    top_p: 0.5,
    max_output_tokens: 77,
  });
  expect(harness.model.requests.at(-1)!.body).toMatchObject({ temperature: 0.2, top_p: 0.5, max_tokens: 77 });
  expect(promptOf(harness)[0]!.content).toContain('Answer in Latin.');
});

test('F009 F011 what is not served is refused by name, and embeddings say where they are', async () => {
  const refused = (more: object) =>
    client.responses.create({ model: 'reeve', input: 'hi', ...more } as never).then(
      () => null,
      (error: unknown) => error as { status: number; message: string },
    );
  expect(await refused({ tools: [{ type: 'web_search' }] })).toMatchObject({
    status: 400,
    message: expect.stringContaining('only tools of type function'),
  });
  expect(await refused({ background: true })).toMatchObject({ status: 400 });
  expect(await refused({ input: [] })).toMatchObject({ status: 400 });
  await expect(client.embeddings.create({ model: 'reeve', input: 'hi' })).rejects.toMatchObject({
    status: 501,
    code: 'not_implemented',
    message: expect.stringContaining('no embedding model'),
  });
});

test('F009 F011 an answer that fails on its way ends its stream with response.failed', async () => {
  harness.model.setScript((_request, n) => reply.toolCall('calculate', { wrong: n }));
  const types: string[] = [];
  for await (const event of await client.responses.create({ model: 'reeve', input: 'fail', stream: true }))
    types.push(event.type);
  expect(types.at(-1)).toBe('response.failed');
});
