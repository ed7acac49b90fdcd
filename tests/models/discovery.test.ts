import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reply, startHarness, startModelServer } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { answerOf, say } from '../support/collect.ts';

/** The scripted model at the root of a port, as Ollama is. */
const startOllama = async () => {
  const model = await startModelServer({ models: ['llama3.2:3b'], script: () => reply.text('I am local.') });
  const proxy = createServer(async (asked, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of asked) pieces.push(piece as Buffer);
    const answer = await fetch(`${new URL(model.urls.ollama).origin}/ollama${asked.url}`, {
      method: asked.method!,
      ...(pieces.length > 0 && { body: Buffer.concat(pieces) }),
    });
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    model,
    host: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      proxy.close();
      await model.close();
    },
  };
};

test('F036 a model server on this machine joins while Reeve runs, answers, and leaves again', async () => {
  await using ollama = await startOllama();
  await using harness = await startHarness({
    model: null,
    localPlaces: [{ vendor: 'ollama', host: ollama.host }],
  });
  await harness.client.system.reload();
  const { default: chosen, reason, models } = await harness.client.models.list({});
  expect(chosen).toBe('ollama/llama3.2:3b');
  expect(reason).toBe(`Ollama answers at http://${ollama.host}`);
  expect(models.find(({ id }) => id === chosen)).toMatchObject({
    contextTokens: 16_384,
    price: { input: 0, output: 0 },
  });
  const { items } = await say(harness, 'Who are you?');
  expect(answerOf(items)).toBe('I am local.');
  expect(ollama.model.requests.at(-1)?.body).toMatchObject({ options: { num_ctx: 16_384 } });

  await ollama[Symbol.asyncDispose]();
  await harness.client.system.reload();
  expect((await harness.client.models.list({})).default).toBe('steward/steward');
});

test('F036 nothing is looked for where the owner forbids it, and nothing but what was named is asked', async () => {
  await using ollama = await startOllama();
  await using harness = await startHarness({
    model: null,
    env: { REEVE_MODELS_DISCOVER: 'false', GROQ_API_KEY: 'key-not-to-be-used' },
    localPlaces: [{ vendor: 'ollama', host: ollama.host }],
  });
  await harness.client.system.reload();
  const { providers } = await harness.client.providers.list();
  expect(providers.map(({ id }) => id)).toEqual(['steward']);
});

test('F037 a key in the environment makes its vendor available and says so', async () => {
  await using harness = await startHarness({
    model: null,
    env: { MISTRAL_API_KEY: 'key-of-mistral', REEVE_AGENT_MODEL: 'steward/steward' },
  });
  const { providers } = await harness.client.providers.list();
  expect(providers).toMatchObject([
    {
      id: 'mistral',
      name: 'Mistral',
      baseUrl: 'https://api.mistral.ai/v1',
      hasKey: true,
      reason: 'MISTRAL_API_KEY is set in the environment',
    },
    { id: 'steward' },
  ]);
  expect(JSON.stringify(providers)).not.toContain('key-of-mistral');
});

test('F037 each vendor protocol answers through the running gateway', async () => {
  await using model = await startModelServer({
    models: ['claude-sonnet-4-5', 'gemini-2.5-flash', 'gpt-5', 'llama3.2'],
    forbidden: ['key-of-the-owner'],
  });
  const at = (name: string, kind: string, url: string) => ({
    [`REEVE_PROVIDERS_${name}_KIND`]: kind,
    [`REEVE_PROVIDERS_${name}_BASE_URL`]: url,
    [`REEVE_PROVIDERS_${name}_API_KEY`]: 'key-of-the-owner',
  });
  await using harness = await startHarness({
    model: null,
    env: {
      ...at('A', 'anthropic', model.urls.anthropic),
      ...at('B', 'google', model.urls.google),
      ...at('C', 'openai-responses', model.urls.openai),
      ...at('D', 'openai', model.urls.openai),
      ...at('E', 'ollama', model.urls.ollama),
    },
  });
  const ids = ['a/claude-sonnet-4-5', 'b/gemini-2.5-flash', 'c/gpt-5', 'd/gpt-5', 'e/llama3.2'];
  // Each asks something else: the scripted server knows a call by what it does.
  for (const [n, id] of ids.entries()) {
    model.enqueue(
      reply.text('Let me see.').toolCall('calculate', { expression: `42+${n}` }),
      reply.text('Done.'),
    );
    const { items } = await say(harness, 'What is the sum?', { model: id });
    expect(answerOf(items), id).toBe('Let me see.\n\nDone.');
    const result = model.requests.at(-1)!.request.messages.at(-1)!;
    expect(result.role, id).toBe('tool');
    expect(result.text, id).toContain(String(42 + n));
  }
  expect(model.violations).toEqual([]);
});
