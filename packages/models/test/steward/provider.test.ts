import type { ModelMessage, ModelRequest } from '@reeve/core';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createSteward } from '../../src/steward/index.ts';
import { allTools, assistant, hear, noon, user } from './talk.ts';

const loaded = vi.hoisted(() => new Set<string>());
vi.mock('chrono-node/en', async (original) => {
  loaded.add('chrono');
  return original();
});
vi.mock('compromise/three', async (original) => {
  loaded.add('compromise');
  return original();
});

const requestOf = (messages: ModelMessage[]): ModelRequest => ({
  model: 'steward',
  messages,
  tools: allTools,
  params: {},
  turn: { now: noon, timeZone: 'Europe/Berlin', language: 'auto' },
});

test('a greeting loads neither chrono nor compromise', async () => {
  await hear([user('hello')]);
  expect([...loaded]).toEqual([]);
});

test('F033 it is a model provider like the others, and says that it is no language model', async () => {
  const steward = createSteward();
  expect(steward).toMatchObject({ id: 'steward', name: 'Built-in steward', baseUrl: null, hasKey: false });
  const [info] = await steward.listModels(new AbortController().signal);
  expect(info).toMatchObject({ id: 'steward/steward', model: 'steward', isLanguageModel: false });
});

test('answers come in words and end with one finish', async () => {
  const { events, text } = await hear([user('thanks')]);
  expect(events.filter((event) => event.type === 'text').map((event) => event.delta)).toEqual([
    'You',
    ' are',
    ' welcome.',
  ]);
  expect(text).toBe('You are welcome.');
  expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop', usage: null });
});

test('calls end with tool-calls, and have the same ids for the same transcript, others later', async () => {
  const messages = [user('what is 2+2')];
  const first = await hear(messages);
  const again = await hear(messages);
  expect(first.events.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls', usage: null });
  expect(again.calls).toEqual(first.calls);
  const later = await hear([...messages, assistant('4'), user('what is 2+2')]);
  expect(later.calls[0]!.id).not.toBe(first.calls[0]!.id);
});

test('after abort the stream ends with one error of class aborted', async () => {
  const controller = new AbortController();
  const seen: string[] = [];
  for await (const event of createSteward().stream(requestOf([user('help')]), controller.signal)) {
    seen.push(event.type === 'error' ? event.error.class : event.type);
    if (seen.length === 3) controller.abort();
  }
  expect(seen).toEqual(['text', 'text', 'text', 'aborted']);
  for await (const event of createSteward().stream(requestOf([user('hi')]), controller.signal)) {
    seen.push(event.type);
  }
  expect(seen.slice(4)).toEqual(['error']);
});

test('no user message at all is greeted', async () => {
  expect((await hear([])).events.at(-1)).toMatchObject({ type: 'finish' });
  expect((await hear([{ role: 'system', text: 'You are Reeve.' }])).text).not.toBe('');
});

const pieces = [
  'remember that',
  'remind me',
  'to',
  'tomorrow',
  'at',
  '9',
  'every',
  'Monday',
  'and',
  'forget',
  'what is',
  'the code',
  '5',
  'miles',
  'in',
  'km',
  '%',
  'of',
  '2,340',
  '.',
  '?',
  '!',
  'merk dir',
  'dass',
  'erinnere mich',
  'morgen',
  'um',
  'halb acht',
  'jeden Tag',
  'vergiss',
  'wie viel',
  'ist',
  'run',
  'calculate',
  'with',
  '{"a":',
  '}',
  'time',
  'Tokyo',
  '31.2.',
  '99:99',
  '25',
  'half',
  'past',
  'one',
  'million',
  '\n',
  'am',
  'cancel',
  'reminder',
  'days until',
  '(',
  '+',
];

test('any message, and any transcript before it, ends with exactly one finish', async () => {
  const sentence = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((words) => words.join(' '));
  const text = fc.oneof(
    { weight: 3, arbitrary: sentence },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 120 }) },
  );
  const said = fc.oneof(
    text,
    fc.constantFrom(
      'When shall I remind you?',
      'At what time?',
      '1. “a”\nWhich one shall I forget? Answer with its number.',
    ),
  );
  const zone = fc.constantFrom(
    'Europe/Berlin',
    'UTC',
    'America/Los_Angeles',
    'Pacific/Apia',
    'Asia/Katmandu',
  );
  const now = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(text, said), { maxLength: 2 }),
      text,
      zone,
      now,
      async (before, message, timeZone, at) => {
        const messages = [
          ...before.flatMap(([question, answer]) => [user(question), assistant(answer)]),
          user(message),
        ];
        const { events } = await hear(messages, { timeZone, now: at });
        expect(events.filter((event) => event.type === 'finish' || event.type === 'error')).toEqual([
          events.at(-1),
        ]);
        expect(events.at(-1)).toMatchObject({ type: 'finish' });
        expect(events.length).toBeGreaterThan(1);
      },
    ),
    { numRuns: 400 },
  );
});

test('any tool result ends with exactly one finish', async () => {
  const messages = fc.constantFrom(
    'what is the boiler code?',
    'forget the boiler',
    'list my reminders',
    'what time is it',
    'was ist 2+2',
    'run calculate with 1',
  );
  await fc.assert(
    fc.asyncProperty(
      messages,
      fc.oneof(fc.string(), fc.json()),
      fc.boolean(),
      async (message, text, isError) => {
        const { calls } = await hear([user(message)]);
        const results = calls.map(
          (call): ModelMessage => ({ role: 'tool', callId: call.id, name: call.name, text, isError }),
        );
        const { events } = await hear([user(message), assistant('', calls), ...results]);
        expect(events.at(-1)).toMatchObject({ type: 'finish' });
      },
    ),
  );
});
