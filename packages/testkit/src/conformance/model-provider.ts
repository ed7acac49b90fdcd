import type { ModelError, ModelEvent, ModelProvider, ModelRequest, ToolOffer } from '@reeve/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '../model/model-server.ts';
import { createGate, type ReplyData, reply } from '../model/reply.ts';

/** The key that providers under test are made with: no request body and no error message may hold it. */
export const conformanceKey = 'sk-conformance-0123456789abcdef';

export interface ModelProviderSuite {
  name: string;
  /** A provider that speaks to the server with the key {@link conformanceKey}. */
  create(server: ModelServer, apiKey: string): ModelProvider;
  /** Case name -> why it does not apply to this provider. */
  skip?: Partial<Record<ModelProviderCase, string>>;
}

export type ModelProviderCase = keyof typeof cases;

interface Fixture {
  server: ModelServer;
  provider: ModelProvider;
}

/** Registers what the contract of the ModelProvider port demands, as vitest cases. */
export function modelProviderConformance({ name, create, skip = {} }: ModelProviderSuite): void {
  describe(`ModelProvider: ${name}`, () => {
    let fixture: Fixture;
    beforeEach(async () => {
      const server = await startModelServer({ forbidden: [conformanceKey] });
      fixture = { server, provider: create(server, conformanceKey) };
    });
    afterEach(async () => {
      await fixture.server.close();
      expect(fixture.server.violations).toEqual([]);
    });
    for (const [title, run] of Object.entries(cases)) {
      const reason = skip[title as ModelProviderCase];
      if (reason === undefined) test(`F033 ${title}`, () => run(fixture));
      else test.skip(`F033 ${title} (${reason})`, () => {});
    }
  });
}

const clockTool: ToolOffer = {
  name: 'clock_now',
  description: 'Says what time it is.',
  parameters: { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] },
};

const ask = (text: string, more: Partial<ModelRequest> = {}): ModelRequest => ({
  model: 'test-model',
  messages: [
    { role: 'system', text: 'You are a test.' },
    { role: 'user', text },
  ],
  tools: [],
  params: {},
  turn: { now: 1_700_000_000_000, timeZone: 'UTC', language: 'en' },
  ...more,
});

const never = (): AbortSignal => new AbortController().signal;

/** All events of one answer, after checking what holds for each: one terminal event, the last, without the key. */
async function collect(
  provider: ModelProvider,
  request: ModelRequest,
  signal = never(),
): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of provider.stream(request, signal)) events.push(event);
  checkEvents(events);
  return events;
}

function checkEvents(events: ModelEvent[]): void {
  const terminals = events.filter((event) => event.type === 'finish' || event.type === 'error');
  expect(terminals).toHaveLength(1);
  expect(events.at(-1)).toBe(terminals[0]);
  expect(JSON.stringify(events)).not.toContain(conformanceKey);
}

async function failure({ server, provider }: Fixture, data: ReplyData): Promise<ModelError> {
  server.enqueue(data);
  return errorOf(await collect(provider, ask('hello', { tools: [clockTool] })));
}

function errorOf(events: ModelEvent[]): ModelError {
  const last = events.at(-1);
  if (last?.type !== 'error') throw new Error(`the stream ended in ${last?.type}`);
  expect(last.error.message).not.toBe('');
  return last.error;
}

const textOf = (events: ModelEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.delta : '')).join('');
const callsOf = (events: ModelEvent[]) =>
  events.flatMap((event) => (event.type === 'toolCall' ? [event.call] : []));

const cases = {
  'text arrives in pieces and whole': async ({ server, provider }: Fixture) => {
    server.enqueue(reply.text('The kettle is on. Grüße 👋', { chunks: 7 }));
    const events = await collect(provider, ask('hello'));
    expect(textOf(events)).toBe('The kettle is on. Grüße 👋');
    expect(events.filter((event) => event.type === 'text')).toHaveLength(7);
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
  },
  'text is handed on before the answer is complete': async ({ server, provider }: Fixture) => {
    const gate = createGate();
    server.enqueue(reply.text('first').hold(gate).text(' second'));
    const events: ModelEvent[] = [];
    for await (const event of provider.stream(ask('hello'), never())) {
      if (events.length === 0) gate.open();
      events.push(event);
    }
    checkEvents(events);
    expect(textOf(events)).toBe('first second');
  },
  'reasoning is kept apart from text': async ({ server, provider }: Fixture) => {
    server.enqueue(reply.reasoning('Let me think.').text('Yes.'));
    const events = await collect(provider, ask('hello'));
    expect(textOf(events)).toBe('Yes.');
    expect(events.map((event) => (event.type === 'reasoning' ? event.delta : '')).join('')).toBe(
      'Let me think.',
    );
  },
  'an empty answer is a finish': async ({ server, provider }: Fixture) => {
    server.enqueue(reply);
    expect(await collect(provider, ask('hello'))).toMatchObject([{ type: 'finish', reason: 'stop' }]);
  },
  'messages, tools and parameters reach the server': async ({ server, provider }: Fixture) => {
    server.setScript((request) => {
      expect(request).toMatchObject({
        model: 'test-model',
        toolNames: ['clock_now'],
        params: { temperature: 0.5, maxOutputTokens: 77 },
      });
      expect(request.messages).toEqual([
        { role: 'system', text: 'You are a test.' },
        { role: 'user', text: 'What time is it?' },
        {
          role: 'assistant',
          text: 'I look.',
          toolCalls: [{ id: 'c1', name: 'clock_now', args: { zone: 'UTC' } }],
        },
        { role: 'tool', callId: 'c1', name: 'clock_now', text: '10:00', isError: false },
        { role: 'assistant', text: 'Ten.', toolCalls: [] },
        { role: 'user', text: 'And now?' },
      ]);
      return reply.text('ok');
    });
    const events = await collect(
      provider,
      ask('', {
        messages: [
          { role: 'system', text: 'You are a test.' },
          { role: 'user', text: 'What time is it?' },
          {
            role: 'assistant',
            text: 'I look.',
            toolCalls: [{ id: 'c1', name: 'clock_now', args: { zone: 'UTC' } }],
          },
          { role: 'tool', callId: 'c1', name: 'clock_now', text: '10:00', isError: false },
          { role: 'assistant', text: 'Ten.', toolCalls: [] },
          { role: 'user', text: 'And now?' },
        ],
        tools: [clockTool],
        params: { temperature: 0.5, maxOutputTokens: 77 },
      }),
    );
    expect(textOf(events)).toBe('ok');
  },
  'several tool calls in fragments come whole and in order': async ({ server, provider }: Fixture) => {
    server.enqueue(
      reply
        .text('I look.')
        .toolCall('clock_now', { zone: 'Europe/Berlin', note: 'a "quoted" {brace}' })
        .toolCall('clock_now', { zone: 'Asia/Tokyo' })
        .toolCall('clock_now', {}),
    );
    const events = await collect(provider, ask('hello', { tools: [clockTool] }));
    expect(callsOf(events)).toEqual([
      { id: 'call_1', name: 'clock_now', args: { zone: 'Europe/Berlin', note: 'a "quoted" {brace}' } },
      { id: 'call_2', name: 'clock_now', args: { zone: 'Asia/Tokyo' } },
      { id: 'call_3', name: 'clock_now', args: {} },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'tool-calls' });
  },
  'arguments that are not JSON come as the raw string': async ({ server, provider }: Fixture) => {
    server.enqueue(reply.toolCall('clock_now', '{"zone": Berlin}'));
    const events = await collect(provider, ask('hello', { tools: [clockTool] }));
    expect(callsOf(events)).toEqual([{ id: 'call_1', name: 'clock_now', args: '{"zone": Berlin}' }]);
  },
  'a refused call can be sent back': async ({ provider }: Fixture) => {
    const events = await collect(
      provider,
      ask('', {
        messages: [
          { role: 'user', text: 'What time is it?' },
          { role: 'assistant', text: '', toolCalls: [{ id: 'c1', name: 'clock_now', args: '{"zo' }] },
          {
            role: 'tool',
            callId: 'c1',
            name: 'clock_now',
            text: 'The arguments are not JSON.',
            isError: true,
          },
        ],
        tools: [clockTool],
      }),
    );
    expect(events.at(-1)).toMatchObject({ type: 'finish' });
  },
  'usage is the server’s': async ({ server, provider }: Fixture) => {
    server.enqueue(
      reply.text('Hi').withUsage({ inputTokens: 120, outputTokens: 7, cacheReadTokens: 100 }),
      reply.text('Hi').withUsage(null),
    );
    expect((await collect(provider, ask('hello'))).at(-1)).toEqual({
      type: 'finish',
      reason: 'stop',
      usage: { inputTokens: 120, outputTokens: 7, cacheReadTokens: 100 },
    });
    expect((await collect(provider, ask('hello'))).at(-1)).toMatchObject({ usage: null });
  },
  'finish reasons are told apart': async ({ server, provider }: Fixture) => {
    for (const reason of ['stop', 'length', 'content-filter', 'other'] as const) {
      server.enqueue(reply.text('Hi').finish(reason));
      expect((await collect(provider, ask('hello'))).at(-1)).toMatchObject({ type: 'finish', reason });
    }
  },
  'abort before the start sends nothing': async ({ server, provider }: Fixture) => {
    const events = await collect(provider, ask('hello'), AbortSignal.abort());
    expect(events).toMatchObject([{ type: 'error', error: { class: 'aborted' } }]);
    expect(server.requests).toHaveLength(0);
  },
  'abort before the first token': async ({ server, provider }: Fixture) => {
    const gate = createGate();
    const stop = new AbortController();
    server.enqueue(reply.hold(gate).text('too late'));
    const events = collect(provider, ask('hello'), stop.signal);
    await gate.reached;
    stop.abort();
    expect(await events).toMatchObject([{ type: 'error', error: { class: 'aborted' } }]);
    expect(await server.requests[0]?.ended).toBe('closed');
  },
  'abort while the server hangs in the middle': async ({ server, provider }: Fixture) => {
    const stop = new AbortController();
    server.enqueue(reply.text('first').hang());
    const events: ModelEvent[] = [];
    for await (const event of provider.stream(ask('hello'), stop.signal)) {
      events.push(event);
      stop.abort();
    }
    checkEvents(events);
    expect(events).toMatchObject([
      { type: 'text', delta: 'first' },
      { type: 'error', error: { class: 'aborted' } },
    ]);
    expect(await server.requests[0]?.ended).toBe('closed');
  },
  'abort gives up tool calls': async ({ server, provider }: Fixture) => {
    const gate = createGate();
    const stop = new AbortController();
    server.enqueue(reply.toolCall('clock_now', { zone: 'UTC' }).hold(gate));
    const events = collect(provider, ask('hello', { tools: [clockTool] }), stop.signal);
    await gate.reached;
    stop.abort();
    expect(await events).toMatchObject([{ type: 'error', error: { class: 'aborted' } }]);
  },
  'a consumer that stops iterating closes the connection': async ({ server, provider }: Fixture) => {
    server.enqueue(reply.text('one two three').hang());
    for await (const event of provider.stream(ask('hello'), never())) {
      expect(event.type).toBe('text');
      break;
    }
    expect(await server.requests[0]?.ended).toBe('closed');
  },
  'a connection that breaks mid-stream is a network error': async ({ server, provider }: Fixture) => {
    server.enqueue(reply.text('one two three').reset());
    const events = await collect(provider, ask('hello'));
    expect(textOf(events)).toBe('one two three');
    expect(errorOf(events).class).toBe('network');
  },
  'a connection that breaks before the answer is a network error': async (fixture: Fixture) => {
    expect((await failure(fixture, reply.reset())).class).toBe('network');
  },
  'a server that is not there is a network error': async ({ server, provider }: Fixture) => {
    await server.close();
    expect(errorOf(await collect(provider, ask('hello'))).class).toBe('network');
  },
  'a stream without an end is an error': async ({ server, provider }: Fixture) => {
    server.enqueue(reply.text('one two').cut());
    const events = await collect(provider, ask('hello'));
    expect(textOf(events)).toBe('one two');
    expect(['garbled', 'network']).toContain(errorOf(events).class);
  },
  'half a tool call is never handed on': async ({ server, provider }: Fixture) => {
    server.enqueue(
      reply.toolCall('clock_now', { zone: 'UTC' }).halfToolCall('clock_now', '{"zone": "Europe/B'),
      reply.halfToolCall('clock_now', '{"zone": "UTC"}'),
      reply.toolCall('clock_now', { zone: 'UTC' }).reset(),
      reply.toolCall('clock_now', '{"zone": "Eur').finish('length'),
    );
    for (let n = 0; n < 4; n += 1) {
      const events = await collect(provider, ask('hello', { tools: [clockTool] }));
      expect(callsOf(events)).toEqual([]);
      expect(['garbled', 'network']).toContain(errorOf(events).class);
    }
  },
  'a frame that is not JSON is garbled': async (fixture: Fixture) => {
    expect((await failure(fixture, reply.text('one').garbled())).class).toBe('garbled');
  },
  '429 is rate_limited and carries retry-after': async (fixture: Fixture) => {
    const error = await failure(fixture, reply.status(429, { message: 'Slow down.', retryAfter: '2.5' }));
    expect(error).toMatchObject({ class: 'rate_limited', status: 429, retryAfterMs: 2_500 });
    expect(error.message).toContain('Slow down.');
  },
  'a wrong key is auth, and is not shown': async (fixture: Fixture) => {
    const message = `Incorrect API key provided: ${conformanceKey}.`;
    for (const status of [401, 403])
      expect(await failure(fixture, reply.status(status, { message }))).toMatchObject({
        class: 'auth',
        status,
      });
  },
  '5xx is overloaded': async (fixture: Fixture) => {
    for (const status of [500, 502, 503, 529])
      expect(await failure(fixture, reply.status(status))).toMatchObject({ class: 'overloaded', status });
  },
  'a prompt that is too long is context_overflow': async (fixture: Fixture) => {
    expect(await failure(fixture, reply.contextOverflow())).toMatchObject({
      class: 'context_overflow',
      status: 400,
    });
  },
  'other 4xx are invalid_request': async (fixture: Fixture) => {
    for (const status of [400, 404, 422])
      expect(await failure(fixture, reply.status(status))).toMatchObject({
        class: 'invalid_request',
        status,
      });
  },
  'it does not retry by itself': async (fixture: Fixture) => {
    await failure(fixture, reply.status(503));
    expect(fixture.server.requests).toHaveLength(1);
  },
  'it works again after a failure': async ({ server, provider }: Fixture) => {
    server.enqueue(reply.text('one').reset(), reply.status(500), reply.text('Well again.'));
    await collect(provider, ask('hello'));
    await collect(provider, ask('hello'));
    expect(textOf(await collect(provider, ask('hello')))).toBe('Well again.');
  },
  '20 streams at once do not mix': async ({ server, provider }: Fixture) => {
    const gate = createGate();
    server.setScript((request) => {
      const word = request.messages.at(-1)?.text ?? '';
      return reply.text(`${word}-a `).hold(gate).text(`${word}-b`).toolCall('clock_now', { zone: word });
    });
    const words = Array.from({ length: 20 }, (_, i) => `w${i}`);
    const answers = words.map((word) => collect(provider, ask(word, { tools: [clockTool] })));
    await gate.reached;
    gate.open();
    (await Promise.all(answers)).forEach((events, i) => {
      expect(textOf(events)).toBe(`w${i}-a w${i}-b`);
      expect(callsOf(events)).toMatchObject([{ args: { zone: `w${i}` } }]);
    });
  },
  'models are listed with the provider in their id': async ({ provider }: Fixture) => {
    const models = await provider.listModels(never());
    expect(models).toContainEqual(
      expect.objectContaining({
        id: `${provider.id}/test-model`,
        provider: provider.id,
        model: 'test-model',
        isLanguageModel: true,
      }),
    );
    for (const model of models) expect(model.maxOutputTokens).toBeLessThanOrEqual(model.contextTokens);
  },
};
