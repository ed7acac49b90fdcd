import { expect } from 'vitest';
import { reply } from '../../model/reply.ts';
import {
  ask,
  type Case,
  callsOf,
  clockTool,
  collect,
  conformanceKey,
  errorOf,
  failure,
  textOf,
} from './fixture.ts';

/** What goes wrong, and what it is called. */
export const failureCases = {
  'a connection that breaks mid-stream is a network error': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(reply.text('one two three').reset());
    const events = await collect(provider, ask(fixture, 'hello'));
    expect(textOf(events)).toBe('one two three');
    expect(errorOf(events).class).toBe('network');
  },
  'a connection that breaks before the answer is a network error': async (fixture) => {
    expect((await failure(fixture, reply.reset())).class).toBe('network');
  },
  'a server that is not there is a network error': async (fixture) => {
    const { server, provider } = fixture;
    await server.close();
    expect(errorOf(await collect(provider, ask(fixture, 'hello'))).class).toBe('network');
  },
  'a stream without an end is an error': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(reply.text('one two').cut());
    const events = await collect(provider, ask(fixture, 'hello'));
    expect(textOf(events)).toBe('one two');
    expect(['garbled', 'network']).toContain(errorOf(events).class);
  },
  'a connection that breaks at any byte leaves the beginning of the answer, and an error': async (
    fixture,
  ) => {
    const { server, provider } = fixture;
    const text = 'one two three four five';
    for (let bytes = 0; bytes < 1_000; bytes += 37) {
      server.enqueue(reply.text(text).toolCall('clock_now', { zone: 'UTC' }).dieAfterBytes(bytes));
      const events = await collect(provider, ask(fixture, 'hello', { tools: [clockTool] }));
      if (events.at(-1)?.type === 'finish') {
        // The answer is shorter than that, and came whole.
        expect([textOf(events), callsOf(events)]).toMatchObject([text, [{ args: { zone: 'UTC' } }]]);
        continue;
      }
      expect(text.startsWith(textOf(events))).toBe(true);
      expect(callsOf(events)).toEqual([]);
      expect(['garbled', 'network']).toContain(errorOf(events).class);
    }
  },
  'half a tool call is never handed on': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(
      reply.toolCall('clock_now', { zone: 'UTC' }).halfToolCall('clock_now', '{"zone": "Europe/B'),
      reply.halfToolCall('clock_now', '{"zone": "UTC"}'),
      reply.toolCall('clock_now', { zone: 'UTC' }).reset(),
      reply.toolCall('clock_now', '{"zone": "Eur').finish('length'),
    );
    for (let n = 0; n < 4; n += 1) {
      const events = await collect(provider, ask(fixture, 'hello', { tools: [clockTool] }));
      expect(callsOf(events)).toEqual([]);
      expect(['garbled', 'network']).toContain(errorOf(events).class);
    }
  },
  'a frame that is not JSON is garbled': async (fixture) => {
    expect((await failure(fixture, reply.text('one').garbled())).class).toBe('garbled');
  },
  '429 is rate_limited and carries retry-after': async (fixture) => {
    const error = await failure(fixture, reply.status(429, { message: 'Slow down.', retryAfter: '2.5' }));
    expect(error).toMatchObject({ class: 'rate_limited', status: 429, retryAfterMs: 2_500 });
    expect(error.message).toContain('Slow down.');
  },
  'a wrong key is auth, and is not shown': async (fixture) => {
    const message = `Incorrect API key provided: ${conformanceKey}.`;
    for (const status of [401, 403])
      expect(await failure(fixture, reply.status(status, { message }))).toMatchObject({
        class: 'auth',
        status,
      });
  },
  '5xx is overloaded': async (fixture) => {
    for (const status of [500, 502, 503, 529])
      expect(await failure(fixture, reply.status(status))).toMatchObject({ class: 'overloaded', status });
  },
  'a prompt that is too long is context_overflow': async (fixture) => {
    expect(await failure(fixture, reply.contextOverflow())).toMatchObject({
      class: 'context_overflow',
      status: 400,
    });
  },
  'other 4xx are invalid_request': async (fixture) => {
    for (const status of [400, 404, 422])
      expect(await failure(fixture, reply.status(status))).toMatchObject({
        class: 'invalid_request',
        status,
      });
  },
  'it does not retry by itself': async (fixture) => {
    await failure(fixture, reply.status(503));
    expect(fixture.server.requests).toHaveLength(1);
  },
  'it works again after a failure': async (fixture) => {
    const { server, provider } = fixture;
    server.enqueue(reply.text('one').reset(), reply.status(500), reply.text('Well again.'));
    await collect(provider, ask(fixture, 'hello'));
    await collect(provider, ask(fixture, 'hello'));
    expect(textOf(await collect(provider, ask(fixture, 'hello')))).toBe('Well again.');
  },
} satisfies Record<string, Case>;
