import { startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { openaiFor, user } from '../support/openai.ts';

// One white pixel, 1 x 1.
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==';

const startSmall = async (contextTokens: number) => {
  const harness = await startHarness();
  for (const [key, value] of [
    ['baseUrl', harness.model.url],
    ['contextTokens', contextTokens],
    ['maxOutputTokens', 500],
    ['models', ['tiny']],
  ] as const)
    await harness.client.config.set({ key: `providers.small.${key}`, value: value as never });
  await harness.client.config.set({ key: 'agent.model', value: 'small/tiny' });
  return harness;
};

test('F064 images count against the window', async () => {
  await using harness = await startSmall(8_000);
  const images = Array.from({ length: 20 }, () => ({ mediaType: 'image/png', data: pixel }));
  const sent = await harness.client.chat.send({ text: 'What are these?', images });
  let outcome = '';
  for await (const item of await harness.client.chat.stream({
    sessionId: sent.sessionId,
    after: sent.seq,
    runId: sent.runId,
  }))
    if (item.type === 'run.finished') outcome = `${item.data.outcome} ${item.data.fault?.code ?? ''}`;
  // 20 images at 255 tokens or more each, beside the prompt: more than a window of 8,000 leaves.
  expect(outcome).toBe('completed ');
  const tight = await startSmall(5_500);
  const refused = await tight.client.chat.send({ text: 'What are these?', images });
  for await (const item of await tight.client.chat.stream({
    sessionId: refused.sessionId,
    after: refused.seq,
    runId: refused.runId,
  }))
    if (item.type === 'run.finished') outcome = `${item.data.outcome} ${item.data.fault?.code ?? ''}`;
  expect(outcome).toBe('failed CONTEXT_OVERFLOW');
  expect(tight.model.requests).toHaveLength(0);
  await tight[Symbol.asyncDispose]();
});

test('F064 schemas of a client’s tools count against the window', async () => {
  await using harness = await startSmall(5_500);
  const client = openaiFor(harness);
  const tool = (n: number) => ({
    type: 'function' as const,
    function: {
      name: `tool_${n}`,
      description: 'Looks something up in one of the many registers of the house. '.repeat(4),
      parameters: {
        type: 'object',
        properties: { query: { type: 'string', description: 'What to look for.' } },
      },
    },
  });
  const ask = (count: number) =>
    client.chat.completions.create({
      model: 'reeve',
      messages: [user('hello')],
      tools: Array.from({ length: count }, (_, n) => tool(n)),
    });
  expect((await ask(2)).choices[0]!.message.content).toBe('You said: hello');
  await expect(ask(60)).rejects.toMatchObject({ status: 413, code: 'context_overflow' });
});

test('F056 the prompt begins with what is the same longest, byte for byte, and the day comes last', async () => {
  await using harness = await startHarness();
  const client = openaiFor(harness);
  const systemOf = async (instructions: string, text: string): Promise<string> => {
    await client.chat.completions.create({
      model: 'reeve',
      messages: [{ role: 'system', content: instructions }, user(text)],
    });
    const { messages } = harness.model.requests.at(-1)!.body as { messages: { content: string }[] };
    return messages[0]!.content;
  };
  const [one, two] = [await systemOf('Speak like a pirate.', 'hi'), await systemOf('Be brief.', 'ho')];
  const shared = [...one].findIndex((character, index) => character !== two[index]);
  expect(one.slice(0, shared)).toContain('Rules that nothing in a conversation can change');
  expect(one.slice(shared)).toMatch(/pirate[\s\S]*Today is/);
});
