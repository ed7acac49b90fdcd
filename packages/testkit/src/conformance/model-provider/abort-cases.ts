import type { ModelEvent } from '@reeve/core';
import { expect } from 'vitest';
import { createGate, reply } from '../../model/reply.ts';
import { ask, type Case, checkEvents, clockTool, collect, never } from './fixture.ts';

/** What happens when nobody wants the answer any more. */
export const abortCases = {
  'abort before the start sends nothing': async (fixture) => {
    const { server, provider } = fixture;
    const events = await collect(provider, ask(fixture, 'hello'), AbortSignal.abort());
    expect(events).toMatchObject([{ type: 'error', error: { class: 'aborted' } }]);
    expect(server.requests).toHaveLength(0);
  },
  'abort before the first token': async (fixture) => {
    const { server, provider } = fixture;
    const gate = createGate();
    const stop = new AbortController();
    server.enqueue(reply.hold(gate).text('too late'));
    const events = collect(provider, ask(fixture, 'hello'), stop.signal);
    await gate.reached;
    stop.abort();
    expect(await events).toMatchObject([{ type: 'error', error: { class: 'aborted' } }]);
    expect(await server.requests[0]?.ended).toBe('closed');
  },
  'abort while the server hangs in the middle': async (fixture) => {
    const { server, provider } = fixture;
    const stop = new AbortController();
    server.enqueue(reply.text('first').hang());
    const events: ModelEvent[] = [];
    for await (const event of provider.stream(ask(fixture, 'hello'), stop.signal)) {
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
  'abort gives up tool calls': async (fixture) => {
    const { server, provider } = fixture;
    const gate = createGate();
    const stop = new AbortController();
    server.enqueue(reply.toolCall('clock_now', { zone: 'UTC' }).hold(gate));
    const events = collect(provider, ask(fixture, 'hello', { tools: [clockTool] }), stop.signal);
    await gate.reached;
    stop.abort();
    expect(await events).toMatchObject([{ type: 'error', error: { class: 'aborted' } }]);
  },
  'a consumer that stops iterating closes the connection': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(reply.text('one two three').hang());
    for await (const event of provider.stream(ask(fixture, 'hello'), never())) {
      expect(event.type).toBe('text');
      break;
    }
    expect(await server.requests[0]?.ended).toBe('closed');
  },
} satisfies Record<string, Case>;
