import type { Json } from '@reeve/protocol';
import { type FakeClock, type Harness, reply } from '@reeve/testkit';
import { follow } from '../support/collect.ts';
import { connect } from '../support/wire.ts';

/**
 * Every way by which somebody, or something, gets a tool called. A new way in joins this list: the tests that walk
 * it show that there is one gate for all of them.
 */
export interface Entry {
  name: string;
  /** What has to be there before: made while everything is still allowed. */
  prepare?(harness: Harness): Promise<string>;
  /** Has `tools` called, each with its arguments. Resolves when whatever came of it is over. */
  call(harness: Harness, clock: FakeClock, tools: Record<string, Json>, prepared: string): Promise<void>;
}

/** A run ends itself after three refusals in a row, so what works stands between them. */
const atOnce = 2;

const chunksOf = (tools: Record<string, Json>) => {
  const all = Object.entries(tools);
  return Array.from({ length: Math.ceil(all.length / atOnce) }, (_, index) =>
    all.slice(index * atOnce, (index + 1) * atOnce),
  );
};

/** The model calls the tools, a few in each of as many turns as that takes; `turn` runs one of them. */
const byModel = async (harness: Harness, tools: Record<string, Json>, turn: () => Promise<unknown>) => {
  for (const chunk of chunksOf(tools)) {
    let message = reply.text('Let me see.');
    for (const [name, args] of chunk) message = message.toolCall(name, args);
    harness.model.enqueue(message, reply.text('That is all.'));
    await turn();
  }
};

const sessionWith = async (harness: Harness) => (await harness.client.sessions.create({})).id;

const drain = async (response: Response) => void (await response.text());

export const entries: readonly Entry[] = [
  {
    name: 'a message over HTTP',
    async call(harness, _clock, tools) {
      await byModel(harness, tools, async () =>
        follow(harness, await harness.client.chat.send({ text: 'Do it.' })),
      );
    },
  },
  {
    name: 'a question that waits for its answer',
    async call(harness, _clock, tools) {
      await byModel(harness, tools, () => harness.client.chat.ask({ message: 'Do it.' }));
    },
  },
  {
    name: 'OpenAI chat completions',
    async call(harness, _clock, tools) {
      await byModel(harness, tools, async () =>
        drain(
          await harness.fetch('/v1/chat/completions', {
            method: 'POST',
            body: JSON.stringify({ model: 'reeve', messages: [{ role: 'user', content: 'Do it.' }] }),
          }),
        ),
      );
    },
  },
  {
    name: 'OpenAI responses',
    async call(harness, _clock, tools) {
      await byModel(harness, tools, async () =>
        drain(
          await harness.fetch('/v1/responses', {
            method: 'POST',
            body: JSON.stringify({ model: 'reeve', input: 'Do it.' }),
          }),
        ),
      );
    },
  },
  {
    name: 'chat.send over the wire',
    async call(harness, _clock, tools) {
      await using socket = await connect(harness);
      let turn = 0;
      await byModel(harness, tools, async () => {
        turn += 1;
        const from = socket.frames.length;
        await socket.request('chat.send', {
          sessionKey: `walk ${turn}`,
          message: 'Do it.',
          idempotencyKey: `walk ${turn}`,
        });
        await socket.until((frame) => frame.event === 'chat' && frame.payload.state === 'final', from);
      });
    },
  },
  {
    name: 'a tool called by hand over HTTP',
    async call(harness, _clock, tools) {
      const sessionId = await sessionWith(harness);
      for (const [name, args] of Object.entries(tools))
        await drain(
          await harness.fetch(`/api/tools/${name}/call`, {
            method: 'POST',
            body: JSON.stringify({ sessionId, args }),
          }),
        );
    },
  },
  {
    name: 'a schedule',
    async prepare(harness) {
      const sessionId = await sessionWith(harness);
      await harness.client.tools.call({
        name: 'set_reminder',
        sessionId,
        args: { text: 'Do it.', cron: '* * * * *', action: 'ask' },
      });
      return sessionId;
    },
    async call(harness, clock, tools, sessionId) {
      let after = 0;
      await byModel(harness, tools, async () => {
        const ended = (async () => {
          for await (const item of await harness.client.chat.stream({ sessionId, after })) {
            if ('seq' in item) after = item.seq;
            if (item.type === 'run.finished') return;
          }
        })();
        await clock.advance(60_000);
        await ended;
      });
    },
  },
];
