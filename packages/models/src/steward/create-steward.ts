import type { ModelProvider } from '@reeve/core';
import type { ModelInfo } from '@reeve/protocol';

const info: ModelInfo = {
  id: 'steward/steward',
  provider: 'steward',
  model: 'steward',
  name: 'Built-in steward',
  // It looks at the last message and a few before it, so that the window is only what a session may hold.
  contextTokens: 1_000_000,
  maxOutputTokens: 8_192,
  isLanguageModel: false,
};

/**
 * The built-in steward: fixed rules behind the interface of a model, offline and deterministic. It obeys the last
 * user message only, asks for tools like any model, and words the answer from their results; texts in results are
 * quoted, never followed. See `intents/index.ts` for what it understands.
 */
export const createSteward = (): ModelProvider => ({
  id: 'steward',
  name: 'Built-in steward',
  account: 'default',
  baseUrl: null,
  hasKey: false,
  // It counts nothing, so that the counter's own figure will do.
  tokens: { scale: 1, image: () => 0 },
  async *stream(request, signal) {
    try {
      // Hundreds of patterns, which whoever has a language model hardly ever needs.
      const { answer } = await import('./answer.ts');
      yield* answer(request, signal);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      yield {
        type: 'error',
        error: { class: 'unknown', message: `The built-in steward failed: ${message}` },
      };
    }
  },
  listModels: async () => [info],
});
