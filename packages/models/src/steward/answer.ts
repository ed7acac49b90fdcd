import { createHash } from 'node:crypto';
import type { ModelEvent, ModelRequest } from '@reeve/core';
import { readConversation } from './conversation.ts';
import { answerLanguage } from './language.ts';
import type { Call } from './plan.ts';
import { respond } from './respond.ts';
import { createSetting } from './utterance.ts';

/** What the steward says to a request. Events as of any model; may throw where a rule is wrong. */
export async function* answer(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
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
