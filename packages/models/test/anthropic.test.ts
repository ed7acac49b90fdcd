import type { ModelFacts, ModelMessage, ModelRequest } from '@reeve/core';
import { reply, startModelServer } from '@reeve/testkit/model';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createProvider } from '../src/index.ts';
import { clockTool, collect, request } from './request.ts';

let server: Awaited<ReturnType<typeof startModelServer>>;
beforeEach(async () => {
  server = await startModelServer({ forbidden: ['key-of-anthropic', 'sk-ant-oat'] });
});
afterEach(async () => {
  expect(server.violations).toEqual([]);
  await server.close();
});

const provider = (apiKey = 'key-of-anthropic', facts: ModelFacts | null = null, account = 'default') =>
  createProvider('anthropic', {
    id: 'anthropic',
    name: 'Anthropic',
    account,
    baseUrl: server.urls.anthropic,
    apiKey,
    models: [],
    factsOf: () => facts,
  });

const send = async (more: Partial<ModelRequest>, facts: ModelFacts | null = null) => {
  const events = await collect(provider(undefined, facts), request(more));
  expect(events.at(-1)).toMatchObject({ type: 'finish' });
  return server.requests.at(-1)!.body as Record<string, unknown>;
};

/** Where the body has breakpoints: paths to the blocks that carry one. */
const marksIn = (value: unknown, path = ''): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'cache_control' ? [path] : marksIn(child, `${path}/${key}`),
  );
};

const system = (...stable: boolean[]): ModelMessage[] =>
  stable.map((isStable, i) => ({ role: 'system', text: `Rule ${i}.`, isStable }));

test('F034 breakpoints stand behind what stays the same and at the end of the conversation', async () => {
  const body = await send({
    messages: [
      ...system(true, true, false),
      { role: 'user', text: 'one' },
      { role: 'assistant', text: 'two', toolCalls: [] },
      { role: 'user', text: 'three' },
    ],
    tools: [clockTool],
  });
  expect(marksIn(body)).toEqual(['/system/0', '/system/1', '/messages/0/content/0', '/messages/2/content/0']);
});

test('F034 without a stable system message the tools carry the breakpoint', async () => {
  const body = await send({
    messages: [...system(false), { role: 'user', text: 'one' }],
    tools: [clockTool, { ...clockTool, name: 'other' }],
  });
  expect(marksIn(body)).toEqual(['/messages/0/content/0', '/tools/1']);
});

test('F034 there are never more than four breakpoints', async () => {
  const body = await send({
    messages: [
      ...system(true, true, true, true, false),
      { role: 'user', text: 'one' },
      { role: 'assistant', text: '', toolCalls: [{ id: 'c1', name: 'clock', args: {} }] },
      { role: 'tool', callId: 'c1', name: 'clock', text: '10:00', isError: false },
    ],
    tools: [clockTool],
  });
  expect(marksIn(body)).toEqual(['/system/0', '/system/3', '/messages/0/content/0', '/messages/2/content/0']);
});

test('F034 what is before a breakpoint is the same bytes turn after turn', async () => {
  const history: ModelMessage[] = [...system(true), { role: 'user', text: 'one' }];
  const first = await send({
    messages: history,
    tools: [clockTool],
    turn: { now: 1, timeZone: 'UTC', language: 'en' },
  });
  const second = await send({
    messages: [
      ...history,
      { role: 'assistant', text: 'two', toolCalls: [] },
      { role: 'user', text: 'three' },
    ],
    tools: [clockTool],
    turn: { now: 2, timeZone: 'Asia/Tokyo', language: 'de' },
  });
  const plain = (value: unknown) =>
    JSON.stringify(value, (key, child) => (key === 'cache_control' ? undefined : child));
  expect(plain(second['tools'])).toBe(plain(first['tools']));
  expect(plain(second['system'])).toBe(plain(first['system']));
  expect(plain((second['messages'] as unknown[])[0])).toBe(plain((first['messages'] as unknown[])[0]));
});

test('F034 an OAuth token goes as a bearer, announced as the beta it is; a key goes in its own header', async () => {
  await collect(provider('sk-ant-oat01-x'), request());
  expect(server.requests[0]!.headers).toMatchObject({
    authorization: 'Bearer sk-ant-oat01-x',
    'anthropic-beta': expect.stringContaining('oauth-2025-04-20'),
  });
  expect(server.requests[0]!.headers['x-api-key']).toBeUndefined();
  await collect(provider(), request());
  expect(server.requests[1]!.headers['x-api-key']).toBe('key-of-anthropic');
  expect(server.requests[1]!.headers['authorization']).toBeUndefined();
  // Lists and counts are signed in the same way.
  for (const key of ['sk-ant-oat01-x', 'key-of-anthropic']) {
    expect(await provider(key).listModels(AbortSignal.timeout(5_000))).toHaveLength(1);
    expect(await provider(key).countTokens!(request(), AbortSignal.timeout(5_000))).toBeGreaterThan(0);
  }
});

test('F049 a budget leaves room for the answer within the model’s limit', async () => {
  const thinking = { thinking: 'xhigh' } as const;
  const small = await send({ model: 'claude-opus-4-1', params: thinking }, { maxOutputTokens: 32_000 });
  expect(small['thinking']).toEqual({ type: 'enabled', budget_tokens: 24_000 });
  expect(small['max_tokens']).toBe(32_000);
  const unknown = await send({
    model: 'claude-next',
    params: { thinking: 'low', maxOutputTokens: 100, temperature: 0.5, topP: 0.3 },
  });
  expect(unknown['thinking']).toEqual({ type: 'enabled', budget_tokens: 4_096 });
  expect(unknown['max_tokens']).toBe(4_196);
  expect(unknown).not.toHaveProperty('temperature');
  expect(unknown).not.toHaveProperty('top_p');
});

test('F049 models that take no budget are given an effort', async () => {
  const body = await send({ model: 'claude-opus-5-5', params: { thinking: 'medium' } });
  expect(body).toMatchObject({ thinking: { type: 'adaptive' }, output_config: { effort: 'medium' } });
});

test('F049 a run that another model began goes on without thinking', async () => {
  const body = await send({
    model: 'claude-sonnet-4-5',
    messages: [
      { role: 'user', text: 'Time?' },
      {
        role: 'assistant',
        text: '',
        toolCalls: [{ id: 'c1', name: 'clock', args: {} }],
        continuation: { provider: 'openai', data: { signer: 'x', pieces: [] } },
      },
      { role: 'tool', callId: 'c1', name: 'clock', text: '10:00', isError: false },
    ],
    tools: [clockTool],
    params: { thinking: 'high' },
  });
  expect(body['thinking']).toEqual({ type: 'disabled' });
});

test.each([
  ['another model of the same vendor', 'claude-haiku-4-5', 'default'],
  ['another account', 'claude-sonnet-4-5', 'work'],
])('F049 signed thinking of %s is left out', async (_, model, account) => {
  server.enqueue(reply.reasoning('I look at the clock.').toolCall('clock', { zone: 'UTC' }, 'c1'));
  const asked = {
    messages: [{ role: 'user' as const, text: 'Time?' }],
    tools: [clockTool],
    params: { thinking: 'high' as const },
  };
  const events = await collect(provider(), request({ model: 'claude-sonnet-4-5', ...asked }));
  const finish = events.at(-1)!;
  if (finish.type !== 'finish' || finish.continuation === undefined) throw new Error('no continuation');
  const next = request({
    ...asked,
    model,
    messages: [
      ...asked.messages,
      {
        role: 'assistant',
        text: '',
        toolCalls: [{ id: 'c1', name: 'clock', args: { zone: 'UTC' } }],
        continuation: { provider: 'anthropic', data: finish.continuation },
      },
      { role: 'tool', callId: 'c1', name: 'clock', text: '10:00', isError: false },
    ],
  });
  expect((await collect(provider(undefined, null, account), next)).at(-1)).toMatchObject({ type: 'finish' });
  expect(JSON.stringify(server.requests.at(-1)!.body['messages'])).not.toContain('I look');
});

test('F035 what a model refuses is not sent', async () => {
  const params = { temperature: 0.5, topP: 0.9, maxOutputTokens: 50 };
  const body = await send({ params }, { refusedParams: ['temperature', 'topP'] });
  expect(body).not.toHaveProperty('temperature');
  expect(body).not.toHaveProperty('top_p');
  expect(body['max_tokens']).toBe(50);
});
