import type { ModelProvider } from '@reeve/core';
import { createModelKnowledge, type FoundServer, vendorOf } from '@reeve/models';
import { type Config, configSchema } from '@reeve/protocol';
import { expect, test } from 'vitest';
import { localPlaces } from '../src/providers/local-servers.ts';
import { catalogSetup } from '../src/providers.ts';

/** Keys are what they say, and nothing is looked through. */
const asTheyAre = { key: (text: string) => text, provider: (provider: ModelProvider) => provider };

type Providers = Record<string, Partial<Config['providers'][string]>>;

const setup = (
  providers: Providers,
  {
    env = {},
    found = [],
    more = {},
  }: { env?: Record<string, string>; found?: FoundServer[]; more?: object } = {},
) =>
  catalogSetup(configSchema.parse({ ...more, providers }), [], {
    env,
    found,
    factsOf: createModelKnowledge(),
    secrets: asTheyAre,
  });

const summary = (...args: Parameters<typeof setup>) =>
  setup(...args).entries.map(({ provider }) => `${provider.id}/${provider.account} ${provider.baseUrl}`);

test('F037 a known vendor is found at its address, with its key out of the environment', () => {
  const env = { GROQ_API_KEY: 'sk-groq', ANTHROPIC_API_KEY: 'sk-ant' };
  expect(summary({ groq: {}, claude: {} }, { env })).toEqual([
    'groq/default https://api.groq.com/openai/v1',
    'claude/default https://api.anthropic.com/v1',
    'steward/default null',
  ]);
  const { entries } = setup({ groq: {}, claude: {} }, { env });
  expect(entries.map(({ provider, vendor }) => [vendor, provider.hasKey])).toEqual([
    ['groq', true],
    ['anthropic', true],
    ['steward', false],
  ]);
});

test('F037 a vendor’s key is not given to a server at another address', () => {
  const env = { ANTHROPIC_API_KEY: 'sk-ant' };
  const [entry] = setup({ anthropic: { baseUrl: 'http://127.0.0.1:1/v1' } }, { env }).entries;
  expect(entry!.provider.hasKey).toBe(false);
  expect(
    setup({ anthropic: { apiKeyEnv: 'ANTHROPIC_API_KEY', baseUrl: 'http://127.0.0.1:1/v1' } }, { env })
      .entries[0]!.provider.hasKey,
  ).toBe(true);
});

test('F038 every account is a slot of its own, in order', () => {
  const env = { KEY_1: 'sk-1', KEY_2: 'sk-2' };
  const keys = (apiKeyEnv: string) => ({ apiKey: '', apiKeyEnv });
  expect(summary({ groq: { apiKeyEnv: 'KEY_1', accounts: { work: keys('KEY_2') } } }, { env })).toEqual([
    'groq/default https://api.groq.com/openai/v1',
    'groq/work https://api.groq.com/openai/v1',
    'steward/default null',
  ]);
  expect(
    summary({ groq: { accounts: { home: keys('KEY_1'), work: keys('KEY_2') } } }, { env }).slice(0, 2),
  ).toEqual(['groq/home https://api.groq.com/openai/v1', 'groq/work https://api.groq.com/openai/v1']);
});

const ollama: FoundServer = { vendor: vendorOf('ollama')!, baseUrl: 'http://127.0.0.1:11434/api' };
const llamaCpp: FoundServer = {
  vendor: vendorOf('llamacpp')!,
  baseUrl: 'http://127.0.0.1:8080/v1',
  contextTokens: 32_768,
};

test('F037 the order is configured, keys, servers, steward, each with its reason', () => {
  const { entries } = setup(
    { mine: { baseUrl: 'http://127.0.0.1:9/v1' } },
    { env: { GEMINI_API_KEY: 'k', MISTRAL_API_KEY: 'k' }, found: [ollama, llamaCpp] },
  );
  expect(entries.map(({ provider, reason }) => [provider.id, reason])).toEqual([
    ['mine', '[providers.mine] in the configuration'],
    ['google', 'GEMINI_API_KEY is set in the environment'],
    ['mistral', 'MISTRAL_API_KEY is set in the environment'],
    ['ollama', 'Ollama answers at http://127.0.0.1:11434'],
    ['llamacpp', 'llama.cpp server answers at http://127.0.0.1:8080'],
    ['steward', 'always there'],
  ]);
  expect(entries[4]).toMatchObject({ contextTokens: 32_768 });
});

test('F037 what is configured is not found a second time, under whatever name', () => {
  const found = [ollama, llamaCpp];
  const env = { GEMINI_API_KEY: 'k' };
  expect(
    summary({ gemini: {}, ollama: {}, box: { baseUrl: 'http://localhost:8080/v1' } }, { env, found }).map(
      (line) => line.split('/')[0],
    ),
  ).toEqual(['gemini', 'ollama', 'box', 'steward']);
});

test('F037 nothing is looked for where the owner forbids it', () => {
  const more = { models: { discover: false } };
  expect(summary({}, { env: { GEMINI_API_KEY: 'k' }, found: [ollama], more })).toEqual([
    'steward/default null',
  ]);
});

test('F041 limits of time and tries reach the slots', () => {
  const [entry] = setup({
    groq: { firstTokenTimeoutMs: 1_000, idleTimeoutMs: 2_000, maxRetries: 3 },
  }).entries;
  expect(entry).toMatchObject({ timeouts: { firstTokenMs: 1_000, idleMs: 2_000 }, maxRetries: 3 });
});

test('F036 the places of local servers can be named', () => {
  expect(localPlaces({ REEVE_LOCAL_SERVERS: 'none' })).toEqual([]);
  expect(localPlaces({ REEVE_LOCAL_SERVERS: 'vllm=10.0.0.5:8000, ollama=[::1]:11434' })).toEqual([
    { vendor: 'vllm', host: '10.0.0.5:8000' },
    { vendor: 'ollama', host: '[::1]:11434' },
  ]);
  expect(localPlaces({})).toHaveLength(4);
  for (const text of ['vllm', 'nobody=127.0.0.1:1', 'vllm=not a host', 'vllm='])
    expect(() => localPlaces({ REEVE_LOCAL_SERVERS: text })).toThrow(text);
});
