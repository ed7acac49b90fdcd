import { readFileSync } from 'node:fs';
import { reply, startModelServer } from '@reeve/testkit/model';
import { expect, test } from 'vitest';
import { createProvider, vendorOf, vendors } from '../src/index.ts';
import { collect, request } from './request.ts';

test('F037 there are at least 34 vendors, each under names of its own', () => {
  expect(vendors.length).toBeGreaterThanOrEqual(34);
  const names = vendors.flatMap((vendor) => [vendor.id, ...(vendor.aliases ?? [])]);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9-]*$/);
  // The seeds' thirty-odd ids that are still in business.
  for (const id of [
    'groq',
    'deepseek',
    'openrouter',
    'xai',
    'mistral',
    'perplexity',
    'together',
    'fireworks',
  ])
    expect(vendorOf(id)?.id).toBe(id);
  for (const id of [
    'cerebras',
    'sambanova',
    'cohere',
    'moonshot',
    'glm',
    'qwen',
    'gemini',
    'lmstudio',
    'vllm',
  ])
    expect(vendorOf(id)).toBeDefined();
  expect(vendorOf('constructor')).toBeUndefined();
});

test.each(vendors.map((vendor) => [vendor.id, vendor] as const))(
  'F037 the row of %s is in form',
  (_, vendor) => {
    const url = new URL(vendor.baseUrl);
    expect(url.href.replace(/\/$/, '')).toBe(vendor.baseUrl);
    expect([url.username, url.password, url.search, url.hash]).toEqual(['', '', '', '']);
    if (vendor.isLocal) expect(url.hostname).toBe('127.0.0.1');
    else expect(url.protocol).toBe('https:');
    for (const name of vendor.keyEnv) expect(name).toMatch(/^[A-Z][A-Z0-9_]*(?:KEY|TOKEN)$/);
    if (vendor.isLocal) expect(vendor.keyEnv).toEqual([]);
    expect(vendor.name).not.toBe('');
    expect(vendor.note).not.toBe('');
    expect(vendor.quirks?.tokenScale ?? 1).toBeGreaterThanOrEqual(1);
  },
);

test('F037 no two vendors share a variable for the key', () => {
  const variables = vendors.flatMap((vendor) => vendor.keyEnv);
  expect(new Set(variables).size).toBe(variables.length);
});

test.each(vendors.map((vendor) => [vendor.id, vendor] as const))(
  'F037 %s answers a call and its results',
  async (_, vendor) => {
    await using server = await startModelServer({ forbidden: ['sk-vendor-secret'] });
    const urls = {
      'openai-compatible': server.urls.openai,
      openai: server.urls.openai,
      'openai-responses': server.urls.openai,
      anthropic: server.urls.anthropic,
      google: server.urls.google,
      ollama: server.urls.ollama,
    };
    const provider = createProvider(vendor.kind, {
      id: vendor.id,
      name: vendor.name,
      baseUrl: urls[vendor.kind],
      apiKey: 'sk-vendor-secret',
      models: [],
      factsOf: () => ({ supportsThinking: true }),
      ...(vendor.quirks && { quirks: vendor.quirks }),
    });
    server.enqueue(reply.text('At your service.'));
    const events = await collect(
      provider,
      request({
        messages: [
          { role: 'system', text: 'You are a test.' },
          { role: 'user', text: 'hello' },
          { role: 'assistant', text: '', toolCalls: [{ id: 'call_of-another', name: 'clock', args: {} }] },
          { role: 'tool', callId: 'call_of-another', name: 'clock', text: '10:00', isError: false },
        ],
        params: { maxOutputTokens: 100, thinking: 'low' },
      }),
    );
    expect(events.map((event) => (event.type === 'text' ? event.delta : '')).join('')).toBe(
      'At your service.',
    );
    expect(events.at(-1)).toMatchObject({ type: 'finish' });
    expect(server.violations).toEqual([]);
    const last = server.requests[0]!.request.messages.at(-1);
    expect(last).toMatchObject({ role: 'tool', text: '10:00' });
  },
);

const bodyFor = async (vendorId: string, more: Parameters<typeof request>[0] = {}) => {
  await using server = await startModelServer();
  const vendor = vendorOf(vendorId)!;
  const provider = createProvider(vendor.kind, {
    id: vendor.id,
    name: vendor.name,
    baseUrl: server.urls.openai,
    apiKey: 'k',
    models: [],
    factsOf: () => ({ supportsThinking: true }),
    ...(vendor.quirks && { quirks: vendor.quirks }),
  });
  expect((await collect(provider, request(more))).at(-1)).toMatchObject({ type: 'finish' });
  return server.requests[0]!.body;
};

test('F049 each vendor is asked to think in its own words', async () => {
  const params = { thinking: 'high' } as const;
  expect(await bodyFor('groq', { params })).toMatchObject({ reasoning_effort: 'high' });
  expect(await bodyFor('openrouter', { params })).toMatchObject({ reasoning: { effort: 'high' } });
  expect(await bodyFor('deepseek', { params })).toMatchObject({ thinking: { type: 'enabled' } });
  expect(await bodyFor('qwen', { params })).toMatchObject({ enable_thinking: true, thinking_budget: 16_384 });
  expect(await bodyFor('vllm', { params })).toMatchObject({
    chat_template_kwargs: { enable_thinking: true },
  });
  expect(await bodyFor('cohere', { params })).not.toHaveProperty('reasoning_effort');
  const off = { thinking: 'off' } as const;
  expect(await bodyFor('deepseek', { params: off })).toMatchObject({ thinking: { type: 'disabled' } });
  expect(await bodyFor('qwen', { params: off })).toMatchObject({ enable_thinking: false });
  expect(await bodyFor('openrouter', { params: off })).toMatchObject({ reasoning: { enabled: false } });
  // Who cannot be told to stop thinks little.
  expect(await bodyFor('groq', { params: off })).toMatchObject({ reasoning_effort: 'low' });
});

test('F037 a vendor is spared what it refuses', async () => {
  const params = { maxOutputTokens: 50, seed: 7, frequencyPenalty: 0.5 };
  const mistral = await bodyFor('mistral', { params });
  expect(mistral).not.toHaveProperty('stream_options');
  expect(mistral).not.toHaveProperty('seed');
  expect(mistral).toMatchObject({ max_tokens: 50, frequency_penalty: 0.5 });
  const cerebras = await bodyFor('cerebras', { params });
  expect(cerebras).toMatchObject({ max_completion_tokens: 50, seed: 7 });
  expect(cerebras).not.toHaveProperty('max_tokens');
  expect(await bodyFor('xai', { params })).not.toHaveProperty('frequency_penalty');
});

test('F037 ids of calls fit a vendor that takes nine letters and digits', async () => {
  const messages: NonNullable<Parameters<typeof request>[0]>['messages'] = [
    { role: 'user', text: 'hello' },
    {
      role: 'assistant',
      text: '',
      toolCalls: [
        { id: 'toolu_01AbCdEfGh', name: 'clock', args: {} },
        { id: 'abcDEF123', name: 'clock', args: {} },
      ],
    },
    { role: 'tool', callId: 'toolu_01AbCdEfGh', name: 'clock', text: '1', isError: false },
    { role: 'tool', callId: 'abcDEF123', name: 'clock', text: '2', isError: false },
  ];
  const { messages: sent } = await bodyFor('mistral', { messages });
  const ids = sent![1]!.tool_calls!.map((call) => call.id!);
  expect(ids[0]).toMatch(/^[a-zA-Z0-9]{9}$/);
  expect(ids[1]).toBe('abcDEF123');
  expect(sent!.slice(2).map((message) => message.tool_call_id)).toEqual(ids);
  const again = await bodyFor('mistral', { messages });
  expect(again.messages).toEqual(sent);
});

test('F037 the manual lists every vendor with its keys', () => {
  const manual = readFileSync(new URL('../../../docs/models.md', import.meta.url), 'utf8');
  for (const { id, keyEnv } of vendors) {
    const row = manual.split('\n').find((line) => line.startsWith(`| \`${id}\` `));
    for (const name of keyEnv) expect(row, id).toContain(`\`${name}\``);
    expect(row, id).toBeDefined();
  }
});
