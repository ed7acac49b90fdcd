import type { ModelEvent } from '@reeve/core';
import { expect } from 'vitest';
import { createGate, reply } from '../../model/reply.ts';
import {
  ask,
  type Case,
  callsOf,
  checkEvents,
  clockTool,
  collect,
  finishOf,
  never,
  reasoningOf,
  textOf,
} from './fixture.ts';

/** What a model answers, and how it arrives. */
export const answerCases = {
  'text arrives in pieces and whole': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(reply.text('The kettle is on. Grüße 👋', { chunks: 7 }));
    const events = await collect(provider, ask(fixture, 'hello'));
    expect(textOf(events)).toBe('The kettle is on. Grüße 👋');
    expect(events.filter((event) => event.type === 'text')).toHaveLength(7);
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
  },
  'text is handed on before the answer is complete': async (fixture) => {
    const { server, provider } = fixture;
    const gate = createGate();
    server.enqueue(reply.text('first').hold(gate).text(' second'));
    const events: ModelEvent[] = [];
    for await (const event of provider.stream(ask(fixture, 'hello'), never())) {
      if (events.length === 0) gate.open();
      events.push(event);
    }
    checkEvents(events);
    expect(textOf(events)).toBe('first second');
  },
  'reasoning is kept apart from text': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(reply.reasoning('Let me think.').text('Yes.'));
    const events = await collect(provider, ask(fixture, 'hello'));
    expect(textOf(events)).toBe('Yes.');
    expect(reasoningOf(events)).toBe('Let me think.');
  },
  'an empty answer is a finish': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(reply);
    expect(await collect(provider, ask(fixture, 'hello'))).toMatchObject([
      { type: 'finish', reason: 'stop' },
    ]);
  },
  'several tool calls in fragments come whole and in order': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(
      reply
        .text('I look.')
        .toolCall('clock_now', { zone: 'Europe/Berlin', note: 'a "quoted" {brace}' })
        .toolCall('clock_now', { zone: 'Asia/Tokyo' })
        .toolCall('clock_now', {}),
    );
    const events = await collect(provider, ask(fixture, 'hello', { tools: [clockTool] }));
    expect(callsOf(events)).toEqual([
      { id: 'call_1', name: 'clock_now', args: { zone: 'Europe/Berlin', note: 'a "quoted" {brace}' } },
      { id: 'call_2', name: 'clock_now', args: { zone: 'Asia/Tokyo' } },
      { id: 'call_3', name: 'clock_now', args: {} },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'tool-calls' });
  },
  'arguments that are not JSON come as the raw string': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(reply.toolCall('clock_now', '{"zone": Berlin}'));
    const events = await collect(provider, ask(fixture, 'hello', { tools: [clockTool] }));
    expect(callsOf(events)).toEqual([{ id: 'call_1', name: 'clock_now', args: '{"zone": Berlin}' }]);
  },
  'usage is the server’s, cached tokens included': async (fixture) => {
    const { server, provider } = fixture;
    const usage = { inputTokens: 120, outputTokens: 7, cacheReadTokens: 100 };
    server.enqueue(reply.text('Hi').withUsage(usage));
    expect(finishOf(await collect(provider, ask(fixture, 'hello')))).toMatchObject({
      reason: 'stop',
      usage,
    });
  },
  'usage without a cache has no cached tokens': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(reply.text('Hi').withUsage({ inputTokens: 120, outputTokens: 7 }));
    const { usage } = finishOf(await collect(provider, ask(fixture, 'hello')));
    expect(usage).toEqual({ inputTokens: 120, outputTokens: 7 });
  },
  'tokens written to a cache are in the usage': async (fixture) => {
    const { server, provider } = fixture;
    const usage = { inputTokens: 120, outputTokens: 7, cacheReadTokens: 40, cacheWriteTokens: 60 };
    server.enqueue(reply.text('Hi').withUsage(usage));
    expect(finishOf(await collect(provider, ask(fixture, 'hello'))).usage).toEqual(usage);
  },
  'usage is null when the server gives none': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(reply.text('Hi').withUsage(null));
    expect(finishOf(await collect(provider, ask(fixture, 'hello'))).usage).toBeNull();
  },
  'an answer that ends and one that is cut off are told apart': async (fixture) => {
    const { server, provider } = fixture;
    for (const reason of ['stop', 'length'] as const) {
      server.enqueue(reply.text('Hi').finish(reason));
      expect(finishOf(await collect(provider, ask(fixture, 'hello'))).reason).toBe(reason);
    }
  },
  'an answer that was withheld says so': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(reply.text('Hi').finish('content-filter'));
    expect(finishOf(await collect(provider, ask(fixture, 'hello'))).reason).toBe('content-filter');
  },
  'an end of another kind is a finish': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(reply.text('Hi').finish('other'));
    expect(finishOf(await collect(provider, ask(fixture, 'hello'))).reason).toBe('other');
  },
  '20 streams at once do not mix': async (fixture) => {
    const { server, provider } = fixture;
    const gate = createGate();
    server.setScript((request) => {
      const word = request.messages.at(-1)?.text ?? '';
      return reply.text(`${word}-a `).hold(gate).text(`${word}-b`).toolCall('clock_now', { zone: word });
    });
    const words = Array.from({ length: 20 }, (_, i) => `w${i}`);
    const answers = words.map((word) => collect(provider, ask(fixture, word, { tools: [clockTool] })));
    await gate.reached;
    gate.open();
    (await Promise.all(answers)).forEach((events, i) => {
      expect(textOf(events)).toBe(`w${i}-a w${i}-b`);
      expect(callsOf(events)).toMatchObject([{ args: { zone: `w${i}` } }]);
    });
  },
} satisfies Record<string, Case>;
