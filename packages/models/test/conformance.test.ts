import type { ModelFacts } from '@reeve/core';
import { type ModelProviderSuite, modelProviderConformance } from '@reeve/testkit/conformance/model-provider';
import type { ModelServer } from '@reeve/testkit/model';
import { createProvider, type ProviderKind, type VendorQuirks } from '../src/index.ts';

/** What is known of the models that stand for those that think. */
const factsOf = (model: string): ModelFacts | null =>
  /^(?:o4|claude|gemini|test-thinker)/.test(model) ? { supportsThinking: true } : null;

interface Variant extends Omit<ModelProviderSuite, 'create'> {
  quirks?: VendorQuirks;
}

const suite = (
  kind: ProviderKind,
  urlOf: (server: ModelServer) => string,
  { quirks = {}, ...rest }: Variant,
): void =>
  modelProviderConformance({
    create: (server, apiKey) =>
      createProvider(kind, {
        id: 'local',
        name: 'Local',
        baseUrl: urlOf(server),
        apiKey,
        models: [],
        factsOf,
        quirks,
      }),
    ...rest,
  });

const noCacheWrites = {
  'tokens written to a cache are in the usage': 'the protocol does not tell them',
} as const;
const noThoughtsShown = 'these completions show no thinking';

suite('openai-compatible', ({ urls }) => urls.openai, {
  name: 'openai-compatible',
  thinkingModel: 'test-thinker',
  quirks: { thinking: 'effort', efforts: ['none', 'low', 'medium', 'high'], takesSchema: true },
  skip: noCacheWrites,
});
suite('openai-compatible', ({ urls }) => urls.openai, {
  name: 'openai-compatible, thinking kept',
  thinkingModel: 'test-thinker',
  quirks: {
    thinking: 'effort',
    efforts: ['none', 'low', 'medium', 'high'],
    takesSchema: true,
    keepsThinking: true,
  },
  skip: noCacheWrites,
});
suite('openai', ({ urls }) => urls.openai, {
  name: 'openai',
  thinkingModel: 'o4-mini',
  skip: {
    'reasoning is kept apart from text': noThoughtsShown,
    'thinking goes on after the tools of its own run': noThoughtsShown,
    'thinking is stripped from the history of later runs': noThoughtsShown,
  },
});
suite('openai-responses', ({ urls }) => urls.openai, {
  name: 'openai-responses',
  thinkingModel: 'o4-mini',
  skip: {
    'texts to stop at reach the model': 'the API has no such parameter',
    'the seed reaches the model': 'the API has no such parameter',
    'penalties reach the model': 'the API has no such parameter',
  },
});
for (const [name, thinkingModel] of [
  ['anthropic, thinking within a budget', 'claude-sonnet-4-5'],
  ['anthropic, adaptive thinking', 'claude-opus-5'],
] as const)
  suite('anthropic', ({ urls }) => urls.anthropic, {
    name,
    model: 'claude-sonnet-4-5',
    thinkingModel,
    skip: {
      'usage is null when the server gives none': 'every answer carries usage',
      'the seed reaches the model': 'the API has no such parameter',
      'penalties reach the model': 'the API has no such parameter',
      'JSON can be demanded': 'only by a schema; otherwise the model is told in words',
    },
  });
for (const [name, model] of [
  ['google, thinking within a budget', 'gemini-2.5-test'],
  ['google, levels of thinking', 'gemini-3-flash-preview'],
] as const)
  suite('google', ({ urls }) => urls.google, {
    name,
    model,
    skip: {
      ...noCacheWrites,
      ...(model.includes('2.5') && { 'penalties reach the model': 'Gemini 2.5 refuses them' }),
    },
  });
suite('ollama', ({ urls }) => urls.ollama, {
  name: 'ollama',
  thinkingModel: 'test-thinker',
  skip: {
    ...noCacheWrites,
    'usage is the server’s, cached tokens included': 'the protocol does not tell them',
    'an image at a URL is fetched by the vendor': 'Ollama fetches nothing; the model is told the address',
    '429 is rate_limited and carries retry-after': 'Ollama has no such header',
    'a tool can be demanded': 'the API has no choice of tools',
    'one tool can be demanded by name': 'the API has no choice; only that tool is offered',
  },
});
