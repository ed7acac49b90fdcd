import { isFaultError } from '@reeve/protocol';
import { expect, test } from 'vitest';
import { createModelKnowledge, readModelTable, shippedTable, vendorOf } from '../src/index.ts';
import { parseModelTable } from '../src/knowledge/model-table.ts';

const factsOf = createModelKnowledge();

test('F070 the table that comes with Reeve is in form and names known vendors', () => {
  const table = parseModelTable(shippedTable, 'data/models.json');
  for (const row of table.models) {
    if (row.vendor !== undefined) expect(vendorOf(row.vendor)?.id, row.pattern).toBe(row.vendor);
    else expect(row.price, row.pattern).toBeUndefined();
    expect(row.maxOutputTokens ?? 1, row.pattern).toBeLessThanOrEqual(
      row.contextTokens ?? Number.POSITIVE_INFINITY,
    );
    if (row.price?.cacheRead !== undefined)
      expect(row.price.cacheRead, row.pattern).toBeLessThanOrEqual(row.price.input);
  }
  const keys = table.models.map((row) => `${row.vendor} ${row.pattern}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test('F070 the longest name that fits counts', () => {
  expect(factsOf('openai', 'gpt-5-mini')?.price).toMatchObject({ input: 0.25, output: 2 });
  expect(factsOf('openai', 'gpt-5-mini-2025-08-07')?.price).toMatchObject({ input: 0.25 });
  expect(factsOf('openai', 'gpt-5')?.price).toMatchObject({ input: 1.25 });
  expect(factsOf('openai', 'gpt-4o-mini')?.price).toMatchObject({ input: 0.15 });
  expect(factsOf('anthropic', 'claude-opus-4-5-20251101')).toMatchObject({
    contextTokens: 200_000,
    price: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  });
});

test('F070 a model is known by its name wherever it is served; its price only where it is sold', () => {
  const served = factsOf('huggingface', 'openai/gpt-oss-120b');
  expect(served).toMatchObject({ contextTokens: 131_072, supportsThinking: true });
  expect(served?.price).toBeUndefined();
  expect(factsOf('groq', 'openai/gpt-oss-120b')?.price).toMatchObject({ input: 0.15 });
  expect(factsOf('fireworks', 'accounts/fireworks/models/kimi-k2p6')?.price).toMatchObject({ input: 0.95 });
  // Resold at the maker's price, under the maker's name with dots.
  expect(factsOf('openrouter', 'anthropic/claude-opus-4.5')?.price).toMatchObject({ input: 5 });
  expect(factsOf('openrouter', 'openai/gpt-oss-120b')?.price).toBeUndefined();
  expect(factsOf('openrouter', 'openai/gpt-oss-120b:free')?.price).toEqual({ input: 0, output: 0 });
  expect(factsOf('my-own-server', 'claude-opus-5')?.price).toBeUndefined();
});

test('F070 what runs on the owner’s machine costs nothing', () => {
  expect(factsOf('ollama', 'llama3.2:3b')?.price).toEqual({ input: 0, output: 0 });
  expect(factsOf('vllm', 'nobody/knows-this')).toEqual({ price: { input: 0, output: 0 } });
});

test('F036 Ollama is asked for a context that fits a machine', () => {
  expect(factsOf('ollama', 'llama3.1:8b')?.contextTokens).toBe(16_384);
  expect(factsOf('ollama', 'gemma2')?.contextTokens).toBe(8_192);
  expect(factsOf('ollama', 'nobody-knows-this')?.contextTokens).toBe(8_192);
});

test('F070 of what nobody knows nothing is claimed', () => {
  expect(factsOf('openai', 'brand-new')).toBeNull();
  expect(factsOf('nobody', 'brand-new')).toBeNull();
  expect(factsOf('openai', '')).toBeNull();
  expect(factsOf('constructor', '__proto__')).toBeNull();
});

test('F035 models that think refuse a temperature, those that do not take it', () => {
  for (const model of ['o3', 'o4-mini', 'gpt-5', 'gpt-5.4-nano', 'gpt-6-sol'])
    expect(factsOf('openai', model)?.refusedParams, model).toContain('temperature');
  for (const model of ['gpt-4o', 'gpt-4.1-mini', 'gpt-5-chat-latest'])
    expect(factsOf('openai', model)?.refusedParams ?? [], model).not.toContain('temperature');
  expect(factsOf('anthropic', 'claude-opus-4-7')?.refusedParams).toContain('temperature');
});

const today = '2026-11-21';
const liteLlm = {
  sample_spec: { litellm_provider: 'one of https://docs.litellm.ai/docs/providers', mode: 'one of: chat' },
  'gpt-9': {
    litellm_provider: 'openai',
    mode: 'chat',
    input_cost_per_token: 1.1e-6,
    output_cost_per_token: 4.4e-6,
    cache_read_input_token_cost: 2.75e-7,
    max_input_tokens: 300_000,
    max_output_tokens: '100000',
    supports_vision: true,
    supports_function_calling: true,
    supports_reasoning: true,
  },
  'gemini/gemini-9': {
    litellm_provider: 'gemini',
    mode: 'chat',
    max_input_tokens: 5,
    output_cost_per_token: 1e-6,
  },
  'dall-e-9': { litellm_provider: 'openai', mode: 'image_generation' },
  'bedrock/x': { litellm_provider: 'bedrock', mode: 'chat', input_cost_per_token: 1 },
  broken: 7,
};

test('F070 a table in the form of LiteLLM is converted', () => {
  const table = readModelTable(JSON.stringify(liteLlm), 'prices.json', today);
  expect(table).toMatchObject({ updated: today, source: 'LiteLLM, prices.json' });
  expect(table.models).toEqual([
    {
      pattern: 'gpt-9',
      vendor: 'openai',
      contextTokens: 300_000,
      maxOutputTokens: 100_000,
      supportsImages: true,
      supportsTools: true,
      supportsThinking: true,
      price: { input: 1.1, output: 4.4, cacheRead: 0.275 },
    },
    { pattern: 'gemini-9', vendor: 'google', contextTokens: 5 },
  ]);
});

test('F070 the owner’s table wins fact by fact', () => {
  const own = {
    updated: today,
    source: 'mine',
    models: [{ pattern: 'gpt-5*', vendor: 'openai', price: { input: 9, output: 9 } }],
  };
  const both = createModelKnowledge([shippedTable, readModelTable(JSON.stringify(own), 'own', today)]);
  const facts = both('openai', 'gpt-5');
  expect(facts?.price).toEqual({ input: 9, output: 9 });
  expect(facts?.contextTokens).toBe(400_000);
  expect(facts?.refusedParams).toContain('temperature');
});

test.each([
  ['no JSON', '{"models": [', /not JSON/],
  ['a list', '[]', /not a table/],
  ['nothing', 'null', /not a table/],
  ['no models', '{"updated":"2026-01-01","source":"","models":[]}', /models/],
  [
    'a negative price',
    '{"updated":"2026-01-01","source":"","models":[{"pattern":"x","price":{"input":-1,"output":1}}]}',
    /models\.0\.price\.input/,
  ],
  [
    'an unknown field',
    '{"updated":"2026-01-01","source":"","models":[{"pattern":"x","cost":1}]}',
    /models\.0/,
  ],
  ['no day', '{"updated":"soon","source":"","models":[{"pattern":"x"}]}', /updated/],
  ['LiteLLM without a vendor of ours', '{"a":{"litellm_provider":"bedrock","mode":"chat"}}', /no model/],
  ['an empty object', '{}', /no model/],
])('F070 a table with %s is refused with the reason', (_, text, reason) => {
  try {
    readModelTable(text, 'prices.json', today);
  } catch (error) {
    if (!isFaultError(error)) throw error;
    expect(error.fault.code).toBe('CONFIG_ERROR');
    expect(error.fault.message).toMatch(reason);
    expect(error.fault.message).toContain('prices.json');
    return;
  }
  throw new Error('it was taken');
});
