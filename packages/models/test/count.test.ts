import type { ModelProvider, ModelRequest } from '@reeve/core';
import { startModelServer } from '@reeve/testkit/model';
import { expect, test } from 'vitest';
import { countRequest, createProvider, createTokenCounter, type ProviderKind } from '../src/index.ts';
import { clockTool, never, request } from './request.ts';

/** The header of a picture of 640 x 480 points: its size is all that counts. */
const header = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000002800000 01e00802000000'.replaceAll(' ', ''),
  'hex',
);
const png = Buffer.concat([header, Buffer.alloc(8)]).toString('base64');

/** Texts of which a token stands for less than the server's four characters. */
const texts = ['敏捷的棕色狐狸跳过懒狗。'.repeat(50), '{"a":[1,2,3]}'.repeat(50), 'Grüße 👋 '.repeat(50)];
const requests: ModelRequest[] = [
  request(),
  ...texts.map((text) => request({ messages: [{ role: 'user', text }] })),
  request({ tools: [clockTool] }),
  request({ messages: [{ role: 'user', text: 'What?', images: [{ mediaType: 'image/png', data: png }] }] }),
  request({
    messages: [
      { role: 'system', text: 'You are a test.' },
      { role: 'user', text: 'Time?' },
      {
        role: 'assistant',
        text: 'I look.',
        toolCalls: [{ id: 'c1', name: 'clock', args: { zone: 'Europe/Berlin' } }],
      },
      { role: 'tool', callId: 'c1', name: 'clock', text: '10:00', isError: false },
    ],
    tools: [clockTool],
  }),
];

const providers = (urls: Record<'openai' | 'anthropic' | 'google' | 'ollama', string>): ModelProvider[] =>
  (
    [
      ['openai', urls.openai],
      ['openai-compatible', urls.openai],
      ['anthropic', urls.anthropic],
      ['google', urls.google],
      ['ollama', urls.ollama],
    ] as [ProviderKind, string][]
  ).map(([kind, baseUrl]) =>
    createProvider(kind, { id: kind, name: kind, baseUrl, apiKey: 'k', models: [] }),
  );

test('F064 our count is never below the server’s, with tokenizer and without', async () => {
  await using server = await startModelServer();
  const loaded = createTokenCounter();
  await loaded.load();
  for (const counter of [loaded, createTokenCounter()])
    for (const provider of providers(server.urls))
      for (const asked of requests) {
        const ours = countRequest(counter, asked, provider.tokens);
        const theirs = (await provider.countTokens?.(asked, never())) ?? usageFloor(asked);
        expect(ours, `${provider.id}: ${JSON.stringify(asked.messages).slice(0, 80)}`).toBeGreaterThanOrEqual(
          theirs,
        );
      }
});

/** The measure of servers that have no call for it: the tokens of the text by the vocabulary itself. */
const usageFloor = ({ messages }: ModelRequest): number =>
  Math.ceil(messages.reduce((sum, message) => sum + message.text.length, 0) / 4);

test('F064 images, signed thinking and the vocabulary raise the count', async () => {
  const counter = createTokenCounter();
  await counter.load();
  const rules = { scale: 1, image: () => 500 };
  const plain = countRequest(counter, requests[0]!, rules);
  expect(countRequest(counter, requests[5]!, rules)).toBeGreaterThanOrEqual(500);
  expect(countRequest(counter, requests[0]!, { ...rules, scale: 2 })).toBe(plain * 2);
  const thinking = (data: string | null): ModelRequest =>
    request({
      messages: [
        { role: 'user', text: 'hello' },
        {
          role: 'assistant',
          text: '',
          toolCalls: [],
          ...(data !== null && { continuation: { provider: 'p', data } }),
        },
      ],
    });
  expect(countRequest(counter, thinking('word '.repeat(300)), rules)).toBeGreaterThan(
    countRequest(counter, thinking(null), rules) + 290,
  );
});

test('F064 a vendor that counts is asked for what is sent, and its answer is taken', async () => {
  const seen: { url: string; body: Record<string, unknown> }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    seen.push({ url: String(input), body: JSON.parse(String(init?.body)) });
    return Response.json({ input_tokens: 42, totalTokens: 43 });
  };
  const make = (kind: ProviderKind) =>
    createProvider(kind, {
      id: kind,
      name: kind,
      baseUrl: 'http://127.0.0.1:1/v1',
      apiKey: 'sk-secret-0123',
      models: [],
      fetch,
    });
  const asked = { ...requests[6]!, model: 'm', params: { maxOutputTokens: 5 } };
  expect(await make('anthropic').countTokens!(asked, never())).toBe(42);
  expect(await make('google').countTokens!(asked, never())).toBe(43);
  expect(seen.map(({ url }) => url)).toEqual([
    'http://127.0.0.1:1/v1/messages/count_tokens',
    'http://127.0.0.1:1/v1/models/m:countTokens',
  ]);
  expect(seen[0]!.body).toMatchObject({ model: 'm', tools: [{ name: 'clock' }] });
  for (const unwanted of ['max_tokens', 'stream']) expect(seen[0]!.body).not.toHaveProperty(unwanted);
  expect(seen[1]!.body['generateContentRequest']).toMatchObject({
    model: 'models/m',
    systemInstruction: { parts: [{ text: 'You are a test.' }] },
    tools: [{ functionDeclarations: [{ name: 'clock' }] }],
  });
  expect(JSON.stringify(seen)).not.toContain('sk-secret');
});
