import type { ModelEvent, ModelRequest } from '@reeve/core';
import { expect, test } from 'vitest';
import {
  createGate,
  createScriptedProvider,
  lastUserText,
  type ReplyData,
  reply,
} from '../../src/model/index.ts';

const ask = (text: string): ModelRequest => ({
  model: 'test-model',
  messages: [{ role: 'user', text }],
  tools: [],
  params: {},
  turn: { now: 0, timeZone: 'UTC', language: 'en' },
});

async function collect(data: ReplyData, signal = new AbortController().signal): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  const provider = createScriptedProvider({ script: [data] });
  for await (const event of provider.stream(ask('hello'), signal)) events.push(event);
  return events;
}

test('text comes in token-sized deltas, with usage', async () => {
  expect(await collect(reply.text('one two three'))).toEqual([
    { type: 'text', delta: 'one' },
    { type: 'text', delta: ' two' },
    { type: 'text', delta: ' three' },
    { type: 'finish', reason: 'stop', usage: { inputTokens: expect.any(Number), outputTokens: 4 } },
  ]);
});

test('a list of replies is followed by the echo; requests are recorded', async () => {
  const provider = createScriptedProvider({ script: [reply.text('first')] });
  const answer = async (text: string) => {
    let said = '';
    for await (const event of provider.stream(ask(text), new AbortController().signal))
      if (event.type === 'text') said += event.delta;
    return said;
  };
  expect([await answer('a'), await answer('b')]).toEqual(['first', 'You said: b']);
  expect(provider.requests.map((request) => request.messages)).toEqual([
    ask('a').messages,
    ask('b').messages,
  ]);
});

test('a function answers each request and is told its number', async () => {
  const provider = createScriptedProvider({
    script: (request, n) => reply.text(`${n}:${lastUserText(request)}`),
  });
  const { value } = await provider
    .stream(ask('x'), new AbortController().signal)
    [Symbol.asyncIterator]()
    .next();
  expect(value).toEqual({ type: 'text', delta: '1:x' });
});

test('tool calls, also with arguments that are not JSON', async () => {
  expect(
    await collect(reply.toolCall('clock', { zone: 'UTC' }).toolCall('clock', '{"zo').withUsage(null)),
  ).toEqual([
    { type: 'toolCall', call: { id: 'call_1', name: 'clock', args: { zone: 'UTC' } } },
    { type: 'toolCall', call: { id: 'call_2', name: 'clock', args: '{"zo' } },
    { type: 'finish', reason: 'tool-calls', usage: null },
  ]);
});

test.each([
  [reply.text('a').reset(), { class: 'network' }],
  [reply.text('a').cut(), { class: 'garbled' }],
  [reply.text('a').garbled(), { class: 'garbled' }],
  [reply.toolCall('clock', {}).halfToolCall('clock', '{"zo'), { class: 'garbled' }],
  [reply.status(429, { retryAfter: '2' }), { class: 'rate_limited', status: 429, retryAfterMs: 2_000 }],
  [reply.status(401), { class: 'auth', status: 401 }],
  [reply.status(503), { class: 'overloaded', status: 503 }],
  [reply.contextOverflow(), { class: 'context_overflow', status: 400 }],
] as const)('failure %# ends in one error, without tool calls', async (data, error) => {
  const events = await collect(data);
  expect(events.at(-1)).toMatchObject({ type: 'error', error });
  expect(events.filter((event) => event.type !== 'text')).toHaveLength(1);
});

test('abort ends a reply that is held or hangs', async () => {
  const gate = createGate();
  const stop = new AbortController();
  const held = collect(reply.text('a').hold(gate).text('b'), stop.signal);
  await gate.reached;
  stop.abort();
  expect(await held).toMatchObject([{ type: 'text' }, { type: 'error', error: { class: 'aborted' } }]);
  expect(await collect(reply.hang(), stop.signal)).toMatchObject([
    { type: 'error', error: { class: 'aborted' } },
  ]);
});

test('F049 a step that thinks and calls tools can be continued; one that only thinks need not', async () => {
  const call = reply.reasoning('I look at the clock.').toolCall('clock', {});
  expect((await collect(call)).at(-1)).toMatchObject({
    type: 'finish',
    continuation: { thinking: 'I look at the clock.' },
  });
  for (const data of [reply.reasoning('Hm.').text('Ten.'), reply.toolCall('clock', {})])
    expect((await collect(data)).at(-1)).not.toHaveProperty('continuation');
});

test('F033 scripts see choice, format and thinking as the server’s do', async () => {
  const seen: unknown[] = [];
  const provider = createScriptedProvider({
    id: 'fake',
    account: 'second',
    script: (request) => {
      seen.push(request);
      return reply;
    },
  });
  const image = { mediaType: 'image/png', data: 'AAAA' };
  const request: ModelRequest = {
    ...ask(''),
    messages: [{ role: 'user', text: 'a', images: [image] }],
    tools: [{ name: 'clock', description: 'd', parameters: {} }],
    toolChoice: 'required',
    responseFormat: { type: 'json' },
    params: { thinking: 'low', seed: 7 },
  };
  for await (const event of provider.stream(request, new AbortController().signal))
    expect(event.type).toBe('finish');
  expect(seen).toEqual([
    {
      model: 'test-model',
      messages: [{ role: 'user', text: 'a', images: [image] }],
      toolNames: ['clock'],
      toolChoice: 'required',
      responseFormat: { type: 'json' },
      params: { thinking: 'low', seed: 7 },
      thinking: { effort: 'low' },
    },
  ]);
  expect(provider.account).toBe('second');
  expect(provider.tokens.image(image)).toBeGreaterThan(0);
});

test('F033 a reply that dies at a byte is heard so far, and is then a broken connection', async () => {
  const died = { type: 'error', error: { class: 'network' } };
  const text = reply.text('one two');
  expect(await collect(text.dieAfterBytes(0))).toMatchObject([died]);
  expect(await collect(text.dieAfterBytes(5))).toMatchObject([{ delta: 'one' }, died]);
  expect(await collect(text.toolCall('clock', {}).dieAfterBytes(7))).toMatchObject([
    { delta: 'one' },
    { delta: ' two' },
    died,
  ]);
  expect((await collect(text.dieAfterBytes(8))).at(-1)).toMatchObject({ type: 'finish' });
});
