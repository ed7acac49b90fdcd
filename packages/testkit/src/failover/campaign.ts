import { createRandom } from '../crash/random.ts';
import { type Harness, startHarness } from '../harness/in-process.ts';
import { lastUserText, reply, type ScriptRequest, startModelServer } from '../model/index.ts';

export interface FailoverOptions {
  streams: number;
  seed: number;
  concurrency?: number;
}

export interface FailoverResult {
  streams: number;
  /** Of them answered by the second model, because the first broke off. */
  failedOver: number;
  /** What readers ended up with that was not exactly the answer that was given, a line each. */
  lostOrDoubled: string[];
}

const words = Array.from({ length: 24 }, (_, index) => ` word${index}`).join('');

/** Asked for `alike`, both models say the same. */
const answerOf = (who: string, request: ScriptRequest) =>
  lastUserText(request) === 'alike' ? `The answer:${words}` : `The ${who} answer:${words}`;

/** Reads a session's stream as a client does: fragments are added, a replacement replaces. */
const readNative = async ({ client }: Harness, model: string): Promise<string | null> => {
  const { sessionId, seq, runId } = await client.chat.send({ text: 'different', model });
  let shown = '';
  let answer = '';
  for await (const item of await client.chat.stream({ sessionId, after: seq, runId })) {
    if (item.type === 'message.delta') shown += item.data.text;
    else if (item.type === 'message.replaced') shown = item.data.text;
    else if (item.type === 'model.answered') {
      answer = item.data.text;
      // It was over before the reader came: there were no fragments for it.
      if (shown === '') shown = answer;
    }
  }
  const isWhole = answer === `The first answer:${words}` || answer === `The second answer:${words}`;
  return isWhole && shown === answer ? null : `shown “${shown}”, answered “${answer}”`;
};

/** Reads over OpenAI's API, where nothing can be taken back, from two models of one mind. */
const readOpenAi = async (harness: Harness, model: string): Promise<string | null> => {
  const response = await harness.fetch('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'alike' }] }),
  });
  const body = await response.text();
  const shown = body
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line): string => JSON.parse(line.slice(6)).choices?.[0]?.delta.content ?? '')
    .join('');
  return body.includes('[DONE]') && shown === `The answer:${words}`
    ? null
    : `shown “${shown}” in ${body.slice(-200)}`;
};

/** Bytes of a whole answer as the server streams it. */
const lengthOfAnswer = async (url: string): Promise<number> => {
  const messages = [{ role: 'user', content: 'different' }];
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'any', stream: true, messages }),
  });
  return (await response.arrayBuffer()).byteLength;
};

/**
 * Streams whose first model dies at a random byte of its answer, from before the first to after the last; a second
 * one stands by (F038). Every other one is read over OpenAI's API.
 */
export const runFailoverCampaign = async ({
  streams,
  seed,
  concurrency = 8,
}: FailoverOptions): Promise<FailoverResult> => {
  const random = createRandom(seed);
  let longest = 0;
  let answered = 0;
  await using first = await startModelServer({
    script: (request) =>
      longest === 0
        ? reply.text(answerOf('first', request))
        : reply.text(answerOf('first', request)).dieAfterBytes(Math.floor(random() * longest)),
  });
  await using second = await startModelServer({
    script: (request) => {
      answered += 1;
      return reply.text(answerOf('second', request));
    },
  });
  longest = (await lengthOfAnswer(first.url)) * 1.1;
  await using harness = await startHarness({
    model: null,
    env: {
      REEVE_PROVIDERS_FIRST_BASE_URL: first.url,
      REEVE_PROVIDERS_FIRST_MODELS: 'any',
      REEVE_PROVIDERS_FIRST_MAX_RETRIES: '0',
      REEVE_PROVIDERS_SECOND_BASE_URL: second.url,
      REEVE_PROVIDERS_SECOND_MODELS: 'any',
      REEVE_AGENT_FALLBACKS: 'second/any',
    },
  });
  const lostOrDoubled: string[] = [];
  let next = 0;
  const worker = async () => {
    while (next < streams) {
      const n = next;
      next += 1;
      // A model of its own for each: what one stream suffers must not open a circuit for the next.
      const model = `first/model-${n}`;
      const wrong = await (n % 2 === 0 ? readNative(harness, model) : readOpenAi(harness, model));
      if (wrong !== null) lostOrDoubled.push(`stream ${n}: ${wrong}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { streams, failedOver: answered, lostOrDoubled };
};
