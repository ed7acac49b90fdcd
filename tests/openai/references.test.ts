import { createOpenAI } from '@ai-sdk/openai';
import { reply, startHarness } from '@reeve/testkit';
import { generateText, type ModelMessage, stepCountIs, tool } from 'ai';
import type OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { promptOf } from '../support/collect.ts';
import { openaiFor } from '../support/openai.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
let client: OpenAI;
beforeAll(async () => {
  harness = await startHarness();
  client = openaiFor(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

const rolesAndTexts = () =>
  promptOf(harness)
    .slice(-4)
    .map(({ role, content }) => [role, content]);

test.each(['reeve', 'direct/openai/test-model'])(
  "F011 Vercel's SDK goes on from text that it only names, with %s",
  async (name) => {
    const model = createOpenAI({ baseURL: `${harness.url}/v1`, apiKey: harness.token }).responses(name);
    const tools = {
      set_lamp: tool({
        description: 'Lights.',
        inputSchema: z.object({ room: z.string() }),
        execute: async () => 'lit',
      }),
    };
    harness.model.enqueue(
      reply.text('Let me see.').toolCall('set_lamp', { room: name }),
      reply.text('It is lit.'),
    );
    const question: ModelMessage = { role: 'user', content: `Light ${name}.` };
    const first = await generateText({ model, messages: [question], tools, stopWhen: stepCountIs(4) });
    expect(first.text).toBe('It is lit.');
    expect(rolesAndTexts().slice(-3)).toEqual([
      ['user', `Light ${name}.`],
      ['assistant', 'Let me see.'],
      ['tool', 'lit'],
    ]);
    const second = await generateText({
      model,
      messages: [question, ...first.response.messages, { role: 'user', content: 'And now?' }],
    });
    expect(second.text).toBe('You said: And now?');
    expect(rolesAndTexts().slice(-2)).toEqual([
      ['assistant', 'It is lit.'],
      ['user', 'And now?'],
    ]);
    expect(harness.model.violations).toEqual([]);
  },
);

test('F011 thinking and text of one answer may both be named; the text stands once', async () => {
  harness.model.enqueue(reply.reasoning('Hm.').text('Fine, thanks.'));
  const first = await client.responses.create({ model: 'reeve', input: 'How are you?' });
  await client.responses.create({
    model: 'reeve',
    input: [
      { role: 'user', content: 'How are you?' },
      ...first.output.map(({ id }) => ({ type: 'item_reference' as const, id: id! })),
      { type: 'item_reference', id: first.output.at(-1)!.id! },
      { role: 'user', content: 'And you there?' },
    ],
  });
  expect(rolesAndTexts().slice(-3)).toEqual([
    ['user', 'How are you?'],
    ['assistant', 'Fine, thanks.'],
    ['user', 'And you there?'],
  ]);
});

test('F009 F011 an item that nobody knows, and one that is not served, are refused by name', async () => {
  const create = (input: object[]) =>
    client.responses.create({ model: 'reeve', input: input as never }).then(
      () => null,
      (error: unknown) => error as { status: number; message: string },
    );
  const user = { role: 'user', content: 'hi' };
  for (const id of ['msg_run_nothing', 'rs', 'toString', 'msg_../../x'])
    expect(await create([{ type: 'item_reference', id }, user])).toMatchObject({
      status: 404,
      message: expect.stringContaining(id),
    });
  expect(await create([{ type: 'web_search_call', id: 'ws_1' }, user])).toMatchObject({
    status: 400,
    message: expect.stringMatching(/items of type web_search_call are not served[\s\S]*input\[0\]/),
  });
});
