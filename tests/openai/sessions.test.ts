import { createGate, reply, startHarness } from '@reeve/testkit';
import type OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { promptOf } from '../support/collect.ts';
import { ask, bearer, json } from '../support/http.ts';
import { assistant, openaiFor, readChunks, system, user, withSession } from '../support/openai.ts';

type Messages = OpenAI.Chat.ChatCompletionMessageParam[];

let harness: Awaited<ReturnType<typeof startHarness>>;
let client: OpenAI;
beforeAll(async () => {
  harness = await startHarness();
  client = openaiFor(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

const create = (messages: Messages, more: object = {}, headers: Record<string, string> = {}) =>
  withSession(
    client.chat.completions.create({ model: 'reeve', messages, ...more, stream: false }, { headers }),
  );

/** Says the texts one after another, sending the whole conversation each time as clients do. */
const converse = async (texts: string[], start: Messages = []) => {
  const messages = [...start];
  const sessions: string[] = [];
  for (const text of texts) {
    messages.push(user(text));
    const { data, sessionId } = await create(messages);
    messages.push(assistant(data.choices[0]!.message.content!));
    sessions.push(sessionId);
  }
  return { messages, sessions };
};

const textsOf = async (id: string) =>
  (await harness.client.sessions.history({ id })).messages.map(({ role, text }) => `${role}: ${text}`);

test('F011 F067 a conversation that the client sends whole each time stays one session, and is not told twice', async () => {
  const { sessions } = await converse(
    ['My cat is Minka.', 'How old are cats?', 'And mine?'],
    [system('Be brief.')],
  );
  expect(new Set(sessions).size).toBe(1);
  expect(await textsOf(sessions[0]!)).toEqual(
    ['My cat is Minka.', 'How old are cats?', 'And mine?'].flatMap((text) => [
      `user: ${text}`,
      `assistant: You said: ${text}`,
    ]),
  );
  const prompt = promptOf(harness);
  expect(prompt.map(({ role }) => role)).toEqual([
    'system',
    'user',
    'assistant',
    'user',
    'assistant',
    'user',
  ]);
  expect(prompt[0]!.content).toContain('Be brief.');
  expect(harness.model.violations).toEqual([]);
});

test('F011 streaming and tools in between keep it one session, too', async () => {
  harness.model.enqueue(
    reply.text('Let me see.').toolCall('calculate', { expression: '6*7' }),
    reply.text('It is 42.'),
  );
  const first = await withSession(
    client.chat.completions.create({ model: 'reeve', messages: [user('6*7?')], stream: true }),
  );
  const { text } = await readChunks(first.data);
  const second = await create([user('6*7?'), assistant(text), user('Sure?')]);
  expect(second.sessionId).toBe(first.sessionId);
});

test('F011 an edited history becomes a session of its own, with what the client says was said', async () => {
  const { messages, sessions } = await converse(['I like red.', 'What do I like?']);
  const edited = [user('I like blue.'), ...messages.slice(1, 3), messages[3]!, user('Really?')];
  const { sessionId } = await create(edited);
  expect(sessions).not.toContain(sessionId);
  expect(
    promptOf(harness)
      .map(({ content }) => content)
      .slice(1),
  ).toEqual(edited.map(({ content }) => content));
  expect(await textsOf(sessions[0]!)).toHaveLength(4);
});

test('F011 the same first words twice are two conversations', async () => {
  const [one, two] = [await create([user('Good day')]), await create([user('Good day')])];
  expect(one.sessionId).not.toBe(two.sessionId);
});

test('F011 going back to an earlier point of a conversation opens a branch', async () => {
  const { messages, sessions } = await converse(['one', 'two', 'three']);
  const { sessionId } = await create([...messages.slice(0, 2), user('another two')]);
  expect(sessionId).not.toBe(sessions[0]);
  expect(await textsOf(sessions[0]!)).toHaveLength(6);
});

test('F011 `user` names a session that lasts, whatever of the history comes along', async () => {
  const one = await create([user('I am Ada.')], { user: 'ada@example.org' });
  const two = await create([user('Who am I?')], { user: 'ada@example.org' });
  const other = await create([user('Who am I?')], { user: 'bob@example.org' });
  expect(two.sessionId).toBe(one.sessionId);
  expect(other.sessionId).not.toBe(one.sessionId);
  await harness.restart();
  client = openaiFor(harness);
  expect((await create([user('Still?')], { user: 'ada@example.org' })).sessionId).toBe(one.sessionId);
  expect(
    promptOf(harness)
      .map(({ content }) => content)
      .slice(1),
  ).toEqual(['I am Ada.', 'You said: I am Ada.', 'Who am I?', 'You said: Who am I?', 'Still?']);
});

test('F011 x-reeve-session speaks in a session that is there, and in no other', async () => {
  const { id } = await harness.client.sessions.create({ title: 'shared' });
  const { sessionId } = await create([user('from the API')], {}, { 'x-reeve-session': id });
  expect(sessionId).toBe(id);
  await expect(create([user('x')], {}, { 'x-reeve-session': 'ses_none' })).rejects.toMatchObject({
    status: 404,
  });
});

const raw = (headers: Record<string, string>, body: object) =>
  ask(`${harness.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(harness), ...json, ...headers },
    body: JSON.stringify({ model: 'reeve', ...body }),
  });

test('F011 a retry of the package joins the run that is under way', async () => {
  const gate = createGate();
  const before = harness.model.requests.length;
  harness.model.enqueue(reply.text('Slow').hold(gate).text(' answer'));
  const messages = [user('a question that times out')];
  const first = raw({}, { messages });
  await gate.reached;
  const second = raw({ 'x-stainless-retry-count': '1' }, { messages });
  const third = raw({ 'x-stainless-retry-count': '2' }, { messages, stream: true });
  gate.open();
  const [one, two, three] = await Promise.all([first, second, third]);
  expect(two.json.choices).toEqual(one.json.choices);
  expect(two.headers['x-reeve-session']).toBe(one.headers['x-reeve-session']);
  expect(three.headers['x-reeve-run']).toBe(one.headers['x-reeve-run']);
  expect(three.body).toContain('[DONE]');
  expect(harness.model.requests.length).toBe(before + 1);
});

test('F011 the package itself retries when the connection breaks, and the question is asked once', async () => {
  const gate = createGate();
  const before = harness.model.requests.length;
  harness.model.enqueue(reply.text('Patience').hold(gate).text(' pays.'));
  let attempts = 0;
  const stubborn = openaiFor(harness, {
    maxRetries: 2,
    fetch: async (url, init) => {
      attempts += 1;
      const cut = new AbortController();
      const answer = fetch(url, {
        ...init,
        signal: AbortSignal.any([cut.signal, ...(init?.signal ? [init.signal] : [])]),
      });
      if (attempts > 1) {
        gate.open();
        return answer;
      }
      await gate.reached;
      cut.abort(new TypeError('the connection broke'));
      return answer;
    },
  });
  const answer = await stubborn.chat.completions.create({ model: 'reeve', messages: [user('a long one')] });
  expect(answer.choices[0]!.message.content).toBe('Patience pays.');
  expect(attempts).toBe(2);
  expect(harness.model.requests.length).toBe(before + 1);
});

test('F011 an Idempotency-Key replays the answer, and holds another text off', async () => {
  const before = harness.model.requests.length;
  const key = { 'idempotency-key': 'order-1' };
  const one = await raw(key, { messages: [user('order a pizza')] });
  const two = await raw(key, { messages: [user('order a pizza')] });
  const three = await raw(key, { messages: [user('order a pizza')], stream: true });
  expect(two.json.choices).toEqual(one.json.choices);
  expect(three.body).toContain('You said: order a pizza');
  expect(two.headers['x-reeve-run']).toBe(one.headers['x-reeve-run']);
  expect(harness.model.requests.length).toBe(before + 1);
  const other = await raw(key, { messages: [user('order a cake')] });
  expect([other.status, other.json.error.code]).toEqual([409, 'conflict']);
});
