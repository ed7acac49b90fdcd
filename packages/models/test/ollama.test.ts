import type { ModelRequest } from '@reeve/core';
import { reply, startModelServer } from '@reeve/testkit/model';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createProvider, type ProviderOptions } from '../src/index.ts';
import { clockTool, collect, request } from './request.ts';

let server: Awaited<ReturnType<typeof startModelServer>>;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const provider = (more: Partial<ProviderOptions> = {}) =>
  createProvider('ollama', {
    id: 'ollama',
    name: 'Ollama',
    baseUrl: server.urls.ollama,
    models: [],
    ...more,
  });
const send = async (asked: Partial<ModelRequest>, more: Partial<ProviderOptions> = {}) => {
  expect((await collect(provider(more), request(asked))).at(-1)).toMatchObject({ type: 'finish' });
  return server.requests.at(-1)!.body as Record<string, unknown>;
};

test('F036 the context is as large as is known, the owner’s word first, and the model stays loaded', async () => {
  const factsOf = () => ({ contextTokens: 16_384 });
  expect(await send({}, { factsOf })).toMatchObject({ options: { num_ctx: 16_384 }, keep_alive: '30m' });
  expect(await send({}, { factsOf, contextTokens: 65_536 })).toMatchObject({ options: { num_ctx: 65_536 } });
});

test('F036 an address with or without the OpenAI surface is the API’s', async () => {
  const origin = server.urls.ollama.replace(/\/api$/, '');
  for (const baseUrl of [origin, `${origin}/`, `${origin}/v1`, `${origin}/api/`])
    expect(provider({ baseUrl }).baseUrl).toBe(server.urls.ollama);
});

test('F036 pulled models are listed, without a key', async () => {
  const models = await provider({
    factsOf: () => ({ contextTokens: 16_384, supportsThinking: true }),
  }).listModels(AbortSignal.timeout(5_000));
  expect(models).toMatchObject([{ id: 'ollama/test-model', contextTokens: 16_384, supportsThinking: true }]);
  expect(provider().hasKey).toBe(false);
});

test('F049 thinking is a switch, but for models that take a level', async () => {
  const factsOf = () => ({ supportsThinking: true });
  expect(await send({ params: { thinking: 'low' } }, { factsOf })).toMatchObject({ think: true });
  expect(await send({ params: { thinking: 'off' } }, { factsOf })).toMatchObject({ think: false });
  expect(await send({ model: 'gpt-oss:20b', params: { thinking: 'xhigh' } }, { factsOf })).toMatchObject({
    think: 'high',
  });
  expect(await send({}, { factsOf })).not.toHaveProperty('think');
  // A model that cannot think answers such a wish with an error.
  expect(await send({ params: { thinking: 'low' } })).not.toHaveProperty('think');
});

test('F036 a tool that is demanded by name is the only one on offer; forbidden ones are not', async () => {
  const tools = [clockTool, { ...clockTool, name: 'other' }];
  const one = await send({ tools, toolChoice: { tool: 'other' } });
  expect((one['tools'] as unknown[]).length).toBe(1);
  expect(JSON.stringify(one['tools'])).toContain('other');
  expect(await send({ tools, toolChoice: 'none' })).not.toHaveProperty('tools');
});

test('F036 the model is told of an image that cannot be fetched', async () => {
  const body = await send({
    messages: [
      {
        role: 'user',
        text: 'A cat?',
        images: [{ mediaType: 'image/png', data: 'https://images.example/cat.png' }],
      },
    ],
  });
  expect(JSON.stringify(body['messages'])).toContain('https://images.example/cat.png');
  expect(JSON.stringify(body['messages'])).not.toContain('"images"');
});

test('F036 an error in the middle of the stream ends it with the server’s words', async () => {
  const lines = [
    '{"message":{"content":"Hel"},"done":false}',
    '{"error":"an error was encountered while running the model"}',
  ];
  const events = await collect(provider({ fetch: async () => new Response(lines.join('\n')) }), request());
  expect(events).toEqual([
    { type: 'text', delta: 'Hel' },
    {
      type: 'error',
      error: { class: 'unknown', message: 'an error was encountered while running the model' },
    },
  ]);
});

test('F036 calls without an id are given one that no other call has', async () => {
  const line =
    '{"message":{"tool_calls":[{"function":{"name":"clock","arguments":{}}},{"function":{"name":"clock","arguments":{}}}]}}';
  const body = `${line}\n{"done":true,"done_reason":"stop"}`;
  const calls = (
    await collect(provider({ fetch: async () => new Response(body) }), request({ tools: [clockTool] }))
  ).flatMap((event) => (event.type === 'toolCall' ? [event.call.id] : []));
  expect(new Set(calls).size).toBe(2);
  for (const id of calls) expect(id).not.toBe('');
});

test('F036 thinking goes back with the calls of its run', async () => {
  server.enqueue(reply.reasoning('I look.').toolCall('clock', {}, 'c1'));
  const events = await collect(provider(), request({ tools: [clockTool] }));
  const finish = events.at(-1)!;
  if (finish.type !== 'finish' || finish.continuation === undefined) throw new Error('no continuation');
  const body = await send({
    messages: [
      { role: 'user', text: 'hello' },
      {
        role: 'assistant',
        text: '',
        toolCalls: [{ id: 'c1', name: 'clock', args: {} }],
        continuation: { provider: 'ollama', data: finish.continuation },
      },
      { role: 'tool', callId: 'c1', name: 'clock', text: '10:00', isError: false },
    ],
  });
  expect((body['messages'] as unknown[])[1]).toMatchObject({ thinking: 'I look.' });
});
