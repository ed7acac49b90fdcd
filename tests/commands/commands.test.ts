import { slashCommands, version } from '@reeve/protocol';
import { createGate, reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerOf, endings, follow, journal, promptOf, say } from '../support/collect.ts';
import { call } from '../support/http.ts';
import { openaiFor, user } from '../support/openai.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

/** What a command answers, by each way to say it. */
const surfaces: Record<string, (text: string) => Promise<string>> = {
  'chat.send': async (text) => {
    const { items } = await say(harness, text);
    const answered = items.find((item) => item.type === 'command.answered');
    return answered!.data.text;
  },
  '/chat': async (text) => (await call(harness, 'POST', '/chat', { message: text })).json.reply,
  '/v1': async (text) =>
    (await openaiFor(harness).chat.completions.create({ model: 'reeve', messages: [user(text)] })).choices[0]!
      .message.content!,
};

const answers: Record<(typeof slashCommands)[number]['name'], RegExp> = {
  help: /\/model \[provider\/model/,
  version: new RegExp(`Reeve ${version.replaceAll('.', '\\.')}`),
  model: /openai\/test-model/,
  tools: /- calculate \(risk low\)/,
  params: /as the configuration says/,
  think: /as the configuration says/,
  new: /ses_\w+/,
  reload: /read again/,
  config: /gateway\.port = \d+ \(flag\)/,
  stop: /Nothing was running/,
  status: /\d+ sessions, \d+ events/,
  usage: /tokens used|in, \d+ out/,
  pin: /nothing to pin/,
  compact: /nothing old enough/,
  approvals: /No question waits/,
  approve: /No question of this session/,
  deny: /No question of this session/,
  policy: /Comes with Reeve: .*household/,
  budget: /Nothing bounds/,
  link: /LINK \d{6}/,
};

/** What a program hands to the OpenAI surface may be the text of anybody: nothing is decided there. */
const ofPeople = ['approve', 'deny', 'policy', 'link'];

test.each(
  Object.keys(surfaces).flatMap((surface) => slashCommands.map(({ name }) => [name, surface] as const)),
)('F015 /%s over %s is answered by the gateway, and no model hears of it', async (name, surface) => {
  const before = harness.model.requests.length;
  const isRefused = surface === '/v1' && ofPeople.includes(name);
  expect(await surfaces[surface]!(`/${name}`)).toMatch(isRefused ? /not through this/ : answers[name]);
  expect(harness.model.requests.length).toBe(before);
});

test('F015 a command may be written in capitals and with blanks around it', async () => {
  expect(await surfaces['/chat']!('  /VERSION  ')).toContain(version);
});

test.each(['/unknown', '/ help', '//help', 'say /help', '/etc/passwd is a file', '/helpme', '/help?'])(
  'F015 %j is no command: the model is asked',
  async (text) => {
    const before = harness.model.requests.length;
    expect(await surfaces['/chat']!(text)).toBe(`You said: ${text}`);
    expect(harness.model.requests.length).toBe(before + 1);
  },
);

test('F015 commands and their answers are in the history, and never in a prompt', async () => {
  const { sent } = await say(harness, 'first');
  await say(harness, '/version', { sessionId: sent.sessionId });
  await say(harness, 'second', { sessionId: sent.sessionId });
  const { messages } = await harness.client.sessions.history({ id: sent.sessionId });
  expect(messages.map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'command',
    'command',
    'user',
    'assistant',
  ]);
  expect(JSON.stringify(promptOf(harness))).not.toContain('/version');
});

test('F014 F015 /stop while an answer runs ends it once, as stopped, together with what waits', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('I shall').hold(gate).text(' go on'));
  const first = await harness.client.chat.send({ text: 'talk' });
  await gate.reached;
  const second = await harness.client.chat.send({ text: 'and more', sessionId: first.sessionId });
  const both = [follow(harness, first), follow(harness, second)] as const;
  const stop = await call(harness, 'POST', '/chat', { message: '/stop', session_id: first.sessionId });
  expect(stop.json.reply).toBe('Stopped 2 answers.');
  const [one, two] = await Promise.all(both);
  expect(endings(one).filter(({ runId }) => runId === first.runId)).toMatchObject([
    { runId: first.runId, outcome: 'cancelled' },
  ]);
  expect(endings(two).filter(({ runId }) => runId === second.runId)).toEqual([
    { runId: second.runId, outcome: 'cancelled' },
  ]);
  const ends = (await journal(harness, first.sessionId)).filter((event) => event.type === 'run.finished');
  expect(ends).toHaveLength(2);
  const next = await say(harness, 'still there?', { sessionId: first.sessionId });
  expect(endings(next.items)[0]!.outcome).toBe('completed');
  expect(answerOf(next.items)).toContain('still there?');
});

test('F015 /model chooses the model of this session alone, and gives the default back', async () => {
  const { sent } = await say(harness, '/model openai/other-model');
  const speak = async (text: string, sessionId?: string) => {
    await say(harness, text, sessionId === undefined ? {} : { sessionId });
    return harness.model.requests.at(-1)!.body.model;
  };
  expect(await speak('here', sent.sessionId)).toBe('other-model');
  expect(await speak('elsewhere')).toBe('test-model');
  expect(
    (await call(harness, 'POST', '/chat', { message: '/model no-such-model', session_id: sent.sessionId }))
      .json.reply,
  ).toMatch(/There is no model no-such-model/);
  expect(await speak('here', sent.sessionId)).toBe('other-model');
  await say(harness, '/model default', { sessionId: sent.sessionId });
  expect(await speak('here', sent.sessionId)).toBe('test-model');
});

test('F015 F069 /usage tells what the model reported, of this session and of all', async () => {
  await using fresh = await startHarness();
  fresh.model.enqueue(
    reply.text('a').withUsage({ inputTokens: 100, outputTokens: 10 }),
    reply.text('b').withUsage({ inputTokens: 23, outputTokens: 4 }),
    reply.text('c').withUsage({ inputTokens: 1000, outputTokens: 1 }),
  );
  const { sent } = await say(fresh, 'one');
  await say(fresh, 'two', { sessionId: sent.sessionId });
  await say(fresh, 'elsewhere');
  const { json } = await call(fresh, 'POST', '/chat', { message: '/usage', session_id: sent.sessionId });
  expect(json.reply).toContain('This session: 123 in, 14 out.');
  expect(json.reply).toContain('openai/test-model: 3 calls, 1123 in, 15 out');
  expect(json).toMatchObject({ tokens_in: 0, tokens_out: 0, model: 'reeve' });
});

test('F015 /new opens a session with a title, /pin keeps the last message, /config shows one setting', async () => {
  const opened = await surfaces['/chat']!('/new Shopping list');
  const { title } = await harness.client.sessions.get({ id: /ses_\w+/.exec(opened)![0] });
  expect(title).toBe('Shopping list');
  const { sent } = await say(harness, 'My number is 7.');
  await say(harness, '/pin', { sessionId: sent.sessionId });
  const { messages } = await harness.client.sessions.history({ id: sent.sessionId });
  expect(messages.find(({ isPinned }) => isPinned)?.text).toBe('My number is 7.');
  expect(await surfaces['/chat']!('/config agent.maxSteps')).toMatch(/^agent\.maxSteps = 25 \(default\)/);
  expect(await surfaces['/chat']!('/config no.such')).toMatch(/There is no setting no\.such/);
});
