import type { ModelEvent, ModelProvider, ModelRequest } from '@reeve/core';

export const never = (): AbortSignal => new AbortController().signal;

/** A request that says hello, with what matters to the test. */
export const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  model: 'test-model',
  messages: [{ role: 'user', text: 'hello' }],
  tools: [],
  params: {},
  turn: { now: 0, timeZone: 'UTC', language: 'en' },
  ...more,
});

export const clockTool = {
  name: 'clock',
  description: 'Says the time.',
  parameters: { type: 'object', properties: { zone: { type: 'string' } } },
};

/** All events of one answer. */
export const collect = async (provider: ModelProvider, asked: ModelRequest): Promise<ModelEvent[]> => {
  const events: ModelEvent[] = [];
  for await (const event of provider.stream(asked, never())) events.push(event);
  return events;
};
