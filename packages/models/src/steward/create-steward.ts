import { createHash } from 'node:crypto';
import type { ModelEvent, ModelProvider, ModelRequest } from '@reeve/core';
import type { ModelInfo } from '@reeve/protocol';
import { readConversation } from './conversation.ts';
import { answerLanguage } from './language.ts';
import type { Call } from './plan.ts';
import { respond } from './respond.ts';
import { createSetting } from './utterance.ts';

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

async function* answer(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
  const aborted: ModelEvent = {
    type: 'error',
    error: { class: 'aborted', message: 'The answer was stopped.' },
  };
  if (signal.aborted) return yield aborted;
  const { message, results, earlier } = readConversation(request.messages);
  const { now, timeZone, language } = request.turn;
  const setting = createSetting({
    language: answerLanguage(
      language,
      message,
      earlier.map((turn) => turn.user),
    ),
    now,
    timeZone,
    tools: request.tools,
    earlier,
  });
  const response = await respond(message, results, setting);
  if ('calls' in response) {
    for (const [index, call] of response.calls.entries()) {
      if (signal.aborted) return yield aborted;
      yield { type: 'toolCall', call: { id: callId(request, message, index, call), ...call } };
    }
    yield { type: 'finish', reason: 'tool-calls', usage: null };
    return;
  }
  for (const delta of response.text.match(/\s*\S+\s*$|\s*\S+/gu) ?? []) {
    if (signal.aborted) return yield aborted;
    yield { type: 'text', delta };
  }
  yield { type: 'finish', reason: 'stop', usage: null };
}

/** The same for the same transcript, different for every call in it. */
const callId = (request: ModelRequest, message: string, index: number, call: Call): string => {
  const place = [request.messages.length, index, message, call.name, call.args];
  return `call_${createHash('sha256').update(JSON.stringify(place)).digest('hex').slice(0, 16)}`;
};
