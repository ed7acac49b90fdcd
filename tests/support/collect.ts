import type { DurableEvent, StreamItem } from '@reeve/protocol';
import { isDurable } from '@reeve/protocol';
import type { Harness } from '@reeve/testkit';

/** Sends a message and collects its session's events until its run has ended. */
export const say = async (
  harness: Harness,
  text: string,
  more: {
    sessionId?: string;
    queueMode?: 'queue' | 'steer' | 'interrupt';
    idempotencyKey?: string;
    model?: string;
  } = {},
) => {
  const sent = await harness.client.chat.send({ text, ...more });
  return { sent, items: await follow(harness, sent) };
};

export const follow = async (
  harness: Pick<Harness, 'client'>,
  sent: { sessionId: string; seq: number; runId: string },
): Promise<StreamItem[]> => {
  const items: StreamItem[] = [];
  for await (const item of await harness.client.chat.stream({
    sessionId: sent.sessionId,
    after: sent.seq,
    runId: sent.runId,
  }))
    items.push(item);
  return items;
};

export const durable = (items: readonly StreamItem[]): DurableEvent[] => items.filter(isDurable);

export const answerOf = (items: readonly StreamItem[]): string =>
  items
    .filter((item) => item.type === 'model.answered')
    .map((item) => item.data.text)
    .filter(Boolean)
    .join('\n\n');

/** The terminal events among them: there must be one per run. */
export const endings = (items: readonly StreamItem[]) =>
  items.filter((item) => item.type === 'run.finished').map((item) => item.data);

/** The journal of a session as the API gives it. */
export const journal = async (harness: Harness, sessionId: string): Promise<DurableEvent[]> => {
  const { content } = await harness.client.sessions.export({ id: sessionId, format: 'jsonl' });
  return content
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DurableEvent);
};

/** Waits for an event of a session, without polling. */
export const eventually = async (
  harness: Pick<Harness, 'client'>,
  sessionId: string,
  matches: (item: StreamItem) => boolean,
): Promise<StreamItem> => {
  const stop = new AbortController();
  try {
    for await (const item of await harness.client.chat.stream(
      { sessionId, after: 0 },
      { signal: stop.signal },
    ))
      if (matches(item)) return item;
  } finally {
    stop.abort();
  }
  throw new Error('the stream ended first');
};

/** Messages of the last request that the model received. */
export const promptOf = (harness: Harness) => harness.model.requests.at(-1)?.body.messages ?? [];
