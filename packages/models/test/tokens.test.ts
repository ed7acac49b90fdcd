import type { ModelRequest, TokenRules } from '@reeve/core';
import { expect, test } from 'vitest';
import { countRequest, createTokenCounter } from '../src/index.ts';

const samples = [
  '',
  'hello world',
  'Der schnelle braune Fuchs springt über den faulen Hund.',
  '敏捷的棕色狐狸跳过懒狗。',
  '👩‍👩‍👧 ꙮ ﷽ \u{1F9FF}',
  'xqzjv kkwqp zzxjq',
  'const x = { a: [1, 2, 3], b: "\\n" };',
  '<|endoftext|> is only text here',
  'half a pair: \ud83d end',
];

test('F064 counts are those of o200k_base once it is loaded', async () => {
  const counter = createTokenCounter();
  await counter.load();
  expect(counter.count('hello world')).toBe(2);
  expect(counter.count('')).toBe(0);
  // From OpenAI's cookbook, o200k_base.
  expect(counter.count('antidisestablishmentarianism')).toBe(6);
  expect(counter.count('お誕生日おめでとう')).toBe(8);
});

test('F064 before loading no text is counted too low', async () => {
  const loaded = createTokenCounter();
  await loaded.load();
  const fresh = createTokenCounter();
  for (const text of samples) expect(fresh.count(text)).toBeGreaterThanOrEqual(loaded.count(text));
});

test('F064 slices do not change the count of ordinary text, and a repeated count is the same', async () => {
  const counter = createTokenCounter();
  await counter.load();
  const sentence = 'The quick brown fox jumps over the lazy dog.';
  const one = counter.count(` ${sentence}`);
  const text = ` ${sentence}`.repeat(500);
  expect(counter.count(text)).toBe(one * 500);
  expect(counter.count(text)).toBe(one * 500);
});

test('F064 a long unbroken run is counted in slices', async () => {
  const counter = createTokenCounter();
  await counter.load();
  const eight = counter.count('aaaaaaaa');
  expect(counter.count('a'.repeat(200_000))).toBe(eight * 25_000);
});

test('F064 the cache stays bounded and right', async () => {
  const counter = createTokenCounter();
  await counter.load();
  for (let round = 0; round < 2; round += 1)
    for (let i = 0; i < 300; i += 1)
      expect(counter.count(`${i} ${'word '.repeat(1_000)}`)).toBeGreaterThan(1_000);
});

const plainRules: TokenRules = { scale: 1, image: () => 0 };

const request = (more: Partial<ModelRequest>): ModelRequest => ({
  model: 'm',
  messages: [],
  tools: [],
  params: {},
  turn: { now: 0, timeZone: 'UTC', language: 'en' },
  ...more,
});

test('F064 a request costs what the cookbook says for messages', async () => {
  const counter = createTokenCounter();
  await counter.load();
  // 3 for the answer; for each message 3, its role and its text.
  const total = countRequest(
    counter,
    request({
      messages: [
        { role: 'system', text: 'You are a helpful assistant.' },
        { role: 'user', text: 'hello world' },
      ],
    }),
    plainRules,
  );
  expect(total).toBe(3 + (3 + 1 + 6) + (3 + 1 + 2));
});

test('F064 tools, calls and results count', async () => {
  const counter = createTokenCounter();
  await counter.load();
  const plain = request({ messages: [{ role: 'user', text: 'hi' }] });
  const tool = { name: 'clock', description: 'Says the time.', parameters: { type: 'object' } };
  const withTool = { ...plain, tools: [tool] };
  const withTwo = { ...plain, tools: [tool, { ...tool, name: 'clock2' }] };
  const withCall: ModelRequest = {
    ...withTool,
    messages: [
      ...plain.messages,
      {
        role: 'assistant',
        text: '',
        toolCalls: [{ id: 'c1', name: 'clock', args: { zone: 'Europe/Berlin' } }],
      },
      { role: 'tool', callId: 'c1', name: 'clock', text: '10:00', isError: false },
    ],
  };
  const counts = [plain, withTool, withTwo, withCall].map((each) => countRequest(counter, each, plainRules));
  expect(counts[1]).toBeGreaterThan(counts[0] ?? 0);
  expect(counts[2]).toBeGreaterThan(counts[1] ?? 0);
  expect(counts[3]).toBeGreaterThan(counts[1] ?? 0);
});
