import type { ModelEvent, ModelMessage, ToolOffer } from '@reeve/core';
import type { Json, ToolCall } from '@reeve/protocol';
import { createSteward } from '../../src/steward/index.ts';

/** Sunday 3 May 2026, 12:00 in Berlin. */
export const noon = Date.parse('2026-05-03T12:00:00+02:00');

const field = (type: string): Json => ({ type });
const offer = (name: string, properties: Record<string, Json> = {}, required: string[] = []): ToolOffer => ({
  name,
  description: name,
  parameters: { type: 'object', properties, required },
});

export const allTools: ToolOffer[] = [
  offer('remember', { text: field('string') }, ['text']),
  offer('recall', { query: field('string'), limit: field('integer') }, ['query']),
  offer('list_facts', { limit: field('integer') }),
  offer('forget_fact', { id: field('string') }, ['id']),
  offer('calculate', { expression: field('string') }, ['expression']),
  offer('convert_units', { value: field('number'), from: field('string'), to: field('string') }, [
    'value',
    'from',
    'to',
  ]),
  offer('date_time', {
    op: field('string'),
    date: field('string'),
    to: field('string'),
    timeZone: field('string'),
    toTimeZone: field('string'),
  }),
  offer('set_reminder', { text: field('string'), inSeconds: field('integer') }, ['text']),
  offer('list_reminders'),
  offer('cancel_reminder', { id: field('string') }, ['id']),
  offer('search_docs', { query: field('string') }, ['query']),
];

export interface Options {
  tools?: ToolOffer[];
  language?: string;
  now?: number;
  timeZone?: string;
}

export interface Heard {
  text: string;
  calls: ToolCall[];
  events: ModelEvent[];
}

/** One model call. */
export const hear = async (messages: ModelMessage[], options: Options = {}): Promise<Heard> => {
  const { tools = allTools, language = 'auto', now = noon, timeZone = 'Europe/Berlin' } = options;
  const request = { model: 'steward', messages, tools, params: {}, turn: { now, timeZone, language } };
  const events: ModelEvent[] = [];
  for await (const event of createSteward().stream(request, new AbortController().signal)) events.push(event);
  const text = events.flatMap((event) => (event.type === 'text' ? [event.delta] : [])).join('');
  return { text, calls: events.flatMap((event) => (event.type === 'toolCall' ? [event.call] : [])), events };
};

export const user = (text: string): ModelMessage => ({ role: 'user', text });
export const assistant = (text: string, toolCalls: ToolCall[] = []): ModelMessage => ({
  role: 'assistant',
  text,
  toolCalls,
});

export type Answers = Record<string, Json | { failed: string }>;

/** A whole turn: calls are answered with what `answers` holds for their tool, until there is a text. */
export const turn = async (
  messages: ModelMessage[],
  answers: Answers = {},
  options: Options = {},
): Promise<{ text: string; calls: ToolCall[] }> => {
  const calls: ToolCall[] = [];
  for (let step = 0; step < 10; step += 1) {
    const heard = await hear(messages, options);
    if (heard.calls.length === 0) {
      messages.push(assistant(heard.text));
      return { text: heard.text, calls };
    }
    messages.push(assistant('', heard.calls));
    for (const call of heard.calls) {
      calls.push(call);
      const answer = answers[call.name] ?? {};
      const failed =
        typeof answer === 'object' && answer !== null && !Array.isArray(answer)
          ? answer['failed']
          : undefined;
      const text = typeof failed === 'string' ? failed : JSON.stringify(answer);
      messages.push({
        role: 'tool',
        callId: call.id,
        name: call.name,
        text,
        isError: typeof failed === 'string',
      });
    }
  }
  throw new Error('The steward does not come to an end.');
};

/** The first calls for a message, without their ids, as `name {json}`; or its text. */
export const firstReply = async (text: string, options: Options = {}): Promise<string | [string, Json][]> => {
  const heard = await hear([user(text)], options);
  return heard.calls.length > 0 ? heard.calls.map(({ name, args }) => [name, args]) : heard.text;
};
