import { createGate, reply, startHarness } from '@reeve/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { answerOf, follow, say } from '../support/collect.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
let earlier = 0;
beforeAll(async () => {
  harness = await startHarness();
  for (const [key, value] of [
    ['kind', 'anthropic'],
    ['baseUrl', harness.model.urls.anthropic],
    ['apiKey', 'anthropic-test-key-0123456789'],
    ['models', ['claude-sonnet-4-5']],
  ] as const)
    await harness.client.config.set({ key: `providers.claude.${key}`, value: value as never });
  await harness.client.config.set({ key: 'agent.model', value: 'claude/claude-sonnet-4-5' });
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(() => {
  earlier = harness.model.requests.length;
});
afterEach(() => expect(harness.model.violations).toEqual([]));

interface Body {
  thinking?: { type: string; budget_tokens?: number };
  messages: { role: string; content: { type: string; thinking?: string; signature?: string }[] }[];
}
/** What the provider was asked in this test. */
const bodies = () => harness.model.requests.slice(earlier).map(({ body }) => body as unknown as Body);
const blocks = ({ messages }: Body) => messages.flatMap(({ content }) => content.map(({ type }) => type));

test.each([
  ['off', undefined],
  ['minimal', 1_024],
  ['low', 4_096],
  ['medium', 8_192],
  ['high', 16_384],
  ['xhigh', 32_768],
] as const)('F049 thinking %s is a budget of %s tokens', async (thinking, budget) => {
  const sent = await harness.client.chat.send({ text: 'hello', params: { thinking } });
  await follow(harness, sent);
  expect(bodies()[0]!.thinking?.budget_tokens).toBe(budget);
});

test('F049 what was thought is kept within the run, signed, and gone in the next', async () => {
  harness.model.enqueue(
    reply.reasoning('First I work it out.').toolCall('calculate', { expression: '6*7' }),
    reply.reasoning('Now I know.').text('It is 42.'),
  );
  const sent = await harness.client.chat.send({ text: '6*7?', params: { thinking: 'high' } });
  expect(answerOf(await follow(harness, sent))).toBe('It is 42.');
  const inTheRun = bodies()[1]!.messages.find(({ role }) => role === 'assistant')!.content;
  expect(inTheRun[0]).toMatchObject({ type: 'thinking', thinking: 'First I work it out.' });
  expect(inTheRun[0]!.signature).toBeTruthy();
  const next = await harness.client.chat.send({
    sessionId: sent.sessionId,
    text: 'Thanks.',
    params: { thinking: 'high' },
  });
  await follow(harness, next);
  expect(blocks(bodies()[2]!)).not.toContain('thinking');
  // It is shown with the answer, and the signature is nobody's business.
  const { content } = await harness.client.sessions.export({ id: sent.sessionId, format: 'json' });
  expect(content).not.toContain('signature');
});

test('F049 a run that goes on after a restart still has what the provider needs', async () => {
  const gate = createGate();
  harness.model.enqueue(
    reply.reasoning('First I work it out.').toolCall('calculate', { expression: '6*7' }),
    reply.hold(gate).text('never said'),
    reply.text('It is 42.'),
  );
  const sent = await harness.client.chat.send({ text: '6*7?', params: { thinking: 'low' } });
  await gate.reached;
  await harness.restart();
  expect(answerOf(await follow(harness, sent))).toBe('It is 42.');
  const assistant = bodies()
    .at(-1)!
    .messages.find(({ role }) => role === 'assistant')!;
  expect(assistant.content[0]).toMatchObject({ type: 'thinking', thinking: 'First I work it out.' });
});

test('F049 F015 /think sets it for the session, and takes it back', async () => {
  const { sent } = await say(harness, '/think high');
  const { sessionId } = sent;
  await say(harness, 'one', { sessionId });
  await say(harness, '/think default', { sessionId });
  await say(harness, 'two', { sessionId });
  expect(bodies().map(({ thinking }) => thinking?.budget_tokens)).toEqual([16_384, undefined]);
  expect((await harness.client.chat.ask({ message: '/think harder' })).reply).toMatch(
    /no level “harder”.*xhigh/,
  );
});

// The last one: it leaves a provider whose key was refused.
test('F049 another provider that takes over midway is not given what the first one signed', async () => {
  await harness.client.config.set({ key: 'agent.fallbacks', value: ['openai/test-model'] });
  harness.model.enqueue(
    reply.reasoning('First I work it out.').toolCall('calculate', { expression: '6*7' }),
    reply.status(401),
    reply.text('It is 42.'),
  );
  const sent = await harness.client.chat.send({ text: '6*7?', params: { thinking: 'low' } });
  expect(answerOf(await follow(harness, sent))).toBe('It is 42.');
  expect(JSON.stringify(bodies().at(-1))).not.toContain('First I work it out.');
});
