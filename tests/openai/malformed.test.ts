import { reply, startHarness } from '@reeve/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());
afterEach(() => expect(harness.model.violations).toEqual([]));

const post = async (path: string, body: object) => {
  const response = await harness.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
};
const complete = (body: object) => post('/v1/chat/completions', { model: 'reeve', ...body });
const user = { role: 'user', content: 'hello' };
const lamp = { type: 'function', function: { name: 'lamp' } };

test.each(['reeve', 'direct/openai/test-model'])(
  'F011 a tool result that answers no call is refused, with %s',
  async (model) => {
    const before = harness.model.requests.length;
    for (const messages of [
      [{ role: 'tool', tool_call_id: 'run_x~call~1', content: 'lit' }],
      [user, { role: 'tool', content: 'lit' }],
      [user, { role: 'tool', tool_call_id: 'a', content: 'lit' }, { role: 'assistant', content: 'so' }, user],
    ].slice(0, model === 'reeve' ? 2 : 3))
      expect(await complete({ model, messages })).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringContaining('answers no call') } },
      });
    expect(harness.model.requests).toHaveLength(before);
  },
);

test('F011 two tools of one name are refused', async () => {
  expect(await complete({ messages: [user], tools: [lamp, lamp] })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('Two tools are called lamp') } },
  });
  const tool = { type: 'function', name: 'lamp' };
  expect(await post('/v1/responses', { input: 'hi', tools: [tool, tool] })).toMatchObject({ status: 400 });
});

test('F011 a tool_choice that names none of the tools is refused before any model is asked', async () => {
  const choice = { type: 'function', function: { name: 'door' } };
  expect(await complete({ messages: [user], tools: [lamp], tool_choice: choice })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('tool_choice names door') } },
  });
});

test('F042 a name of a model that leads elsewhere in an address, or into a header, is none', async () => {
  const before = harness.model.requests.length;
  for (const name of ['a/../../b', '..', 'a?key=1', 'a#b', 'a\\b', 'a\r\nX-Evil: 1', 'a b', '\u0000'])
    expect(await complete({ model: `direct/openai/${name}`, messages: [user] })).toMatchObject({
      status: 404,
    });
  expect(harness.model.requests).toHaveLength(before);
});

test('F011 a call that is cut off by the limit is handed to nobody as one to carry out', async () => {
  for (const model of ['reeve', 'direct/openai/test-model']) {
    harness.model.enqueue(reply.text('Let me').toolCall('lamp', {}).finish('length'));
    const { body } = await complete({ model, messages: [user], tools: [lamp] });
    expect(body.choices[0]).toMatchObject({ finish_reason: 'length' });
  }
});

test('F011 results of one call that come many times at once start one run on them, or a conversation of their own', async () => {
  harness.model.enqueue(reply.toolCall('lamp', {}, 'call~with~tildes'));
  const first = await complete({ messages: [user], tools: [lamp] });
  const { message } = first.body.choices[0];
  const messages = [user, message, { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'lit' }];
  const answers = await Promise.all(Array.from({ length: 12 }, () => complete({ messages, tools: [lamp] })));
  for (const { status } of answers) expect([200, 409]).toContain(status);
  expect(answers.some(({ status }) => status === 200)).toBe(true);
  for (const { body } of harness.model.requests.slice(-answers.length + 1))
    expect(body.messages?.at(-1)?.role).toBe('tool');
});
