import type { ModelError, ModelEvent, ModelProvider, ModelRequest, ToolOffer } from '@reeve/core';
import { expect, type TestContext } from 'vitest';
import type { ModelServer, ReceivedRequest } from '../../model/model-server.ts';
import type { ReplyData } from '../../model/reply.ts';

/** The key that providers under test are made with: no request body and no error message may hold it. */
export const conformanceKey = 'sk-conformance-0123456789abcdef';

/** What each case is given: a provider, the server it speaks to, and which models to ask for. */
export interface Fixture {
  server: ModelServer;
  provider: ModelProvider;
  model: string;
  /** One that thinks. */
  thinkingModel: string;
  /** Leaves the case, for what a provider need not have. */
  skip: TestContext['skip'];
}

export type Case = (fixture: Fixture) => Promise<void>;

export const clockTool: ToolOffer = {
  name: 'clock_now',
  description: 'Says what time it is.',
  parameters: { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] },
};

export const clockCall = (id: string, zone = 'UTC') => ({ id, name: 'clock_now', args: { zone } });

export const clockAnswer = (callId: string, text = '10:00') =>
  ({ role: 'tool', callId, name: 'clock_now', text, isError: false }) as const;

export const ask = (
  { model }: Pick<Fixture, 'model'>,
  text: string,
  more: Partial<ModelRequest> = {},
): ModelRequest => ({
  model,
  messages: [
    { role: 'system', text: 'You are a test.' },
    { role: 'user', text },
  ],
  tools: [],
  params: {},
  turn: { now: 1_700_000_000_000, timeZone: 'UTC', language: 'en' },
  ...more,
});

export const never = (): AbortSignal => new AbortController().signal;

/** All events of one answer, after checking what holds for each: one terminal event, the last, without the key. */
export async function collect(
  provider: ModelProvider,
  request: ModelRequest,
  signal = never(),
): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of provider.stream(request, signal))
    if (event.type !== 'progress') events.push(event);
  checkEvents(events);
  return events;
}

export function checkEvents(events: ModelEvent[]): void {
  const terminals = events.filter((event) => event.type === 'finish' || event.type === 'error');
  expect(terminals).toHaveLength(1);
  expect(events.at(-1)).toBe(terminals[0]);
  expect(JSON.stringify(events)).not.toContain(conformanceKey);
}

/** Sends the request, expects an answer in order, and gives what the server received. */
export async function received(fixture: Fixture, request: ModelRequest): Promise<ReceivedRequest> {
  expect((await collect(fixture.provider, request)).at(-1)).toMatchObject({ type: 'finish' });
  const last = fixture.server.requests.at(-1);
  if (last === undefined) throw new Error('the server received nothing');
  return last;
}

export async function failure(fixture: Fixture, data: ReplyData): Promise<ModelError> {
  fixture.server.enqueue(data);
  return errorOf(await collect(fixture.provider, ask(fixture, 'hello', { tools: [clockTool] })));
}

export function errorOf(events: ModelEvent[]): ModelError {
  const last = events.at(-1);
  if (last?.type !== 'error') throw new Error(`the stream ended in ${last?.type}`);
  expect(last.error.message).not.toBe('');
  return last.error;
}

export function finishOf(events: ModelEvent[]): Extract<ModelEvent, { type: 'finish' }> {
  const last = events.at(-1);
  if (last?.type !== 'finish') throw new Error(`the stream ended in ${JSON.stringify(last)}`);
  return last;
}

export const textOf = (events: ModelEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.delta : '')).join('');

export const reasoningOf = (events: ModelEvent[]): string =>
  events.map((event) => (event.type === 'reasoning' ? event.delta : '')).join('');

export const callsOf = (events: ModelEvent[]) =>
  events.flatMap((event) => (event.type === 'toolCall' ? [event.call] : []));
