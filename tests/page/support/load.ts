import { createGate, type Harness, type ReplyData, reply } from '@reeve/testkit';
import { json } from '../../support/http.ts';

const textOf = (at: number): string =>
  at % 2 === 0
    ? `Question ${at}`
    : `Answer **${at}**\n\n${'with some more to read '.repeat(at % 7)}${at % 10 === 1 ? '\n\n```ts\nconst area = (w: number, h: number) => w * h;\n```' : ''}`;

/** A session of so many messages (an even number), the way a client brings a conversation along; resolves to its id. */
export const importSession = async (
  { url, token }: Pick<Harness, 'url' | 'token'>,
  count: number,
): Promise<string> => {
  const messages = Array.from({ length: count - 1 }, (_, at) => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    content: textOf(at),
  }));
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...json, authorization: `Bearer ${token}` },
    body: JSON.stringify({ model: 'openai/test-model', messages }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
  return response.headers.get('x-reeve-session')!;
};

/** An answer of so many fragments with a pause before each. */
export const longReply = (fragments: number, pauseMs: number): ReplyData => {
  const delay = { kind: 'delay', ms: pauseMs } as const;
  const words = Array.from(
    { length: fragments },
    (_, at) => ({ kind: 'text', delta: at % 60 === 59 ? `word ${at}.\n\n` : `word **${at}** ` }) as const,
  );
  return { ...reply, parts: pauseMs > 0 ? words.flatMap((word) => [delay, word]) : words };
};

/** A session that is being answered, with `pauseMs` between fragments, until the result is called. */
export const streamUntil = async (
  { client }: Pick<Harness, 'client'>,
  { enqueue }: Pick<Harness['model'], 'enqueue'>,
  sessionId: string,
  pauseMs = 25,
): Promise<() => Promise<void>> => {
  const gate = createGate();
  const answer = longReply(40_000, pauseMs);
  enqueue({ ...answer, parts: [{ kind: 'hold', gate }, ...answer.parts] });
  await client.chat.send({ sessionId, text: 'Write on and on' });
  await gate.reached;
  gate.open();
  return async () => void (await client.chat.abort({ id: sessionId }));
};
