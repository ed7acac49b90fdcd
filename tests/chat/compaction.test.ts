import { reply, startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { answerOf, endings, journal, promptOf, say } from '../support/collect.ts';

/** A window so small that a handful of messages fill it. */
const filler = (n: number) =>
  `Note number ${n}: ${'the quick brown fox jumps over the lazy dog and runs on. '.repeat(14)}`;

const startSmall = async () => {
  const harness = await startHarness();
  await harness.client.config.set({ key: 'providers.small.baseUrl', value: harness.model.url });
  await harness.client.config.set({ key: 'providers.small.contextTokens', value: 6000 });
  await harness.client.config.set({ key: 'providers.small.maxOutputTokens', value: 500 });
  await harness.client.config.set({ key: 'providers.small.models', value: ['tiny'] });
  await harness.client.config.set({ key: 'agent.model', value: 'small/tiny' });
  return harness;
};

test('F064 F065 a full window is compacted by the model; pinned and recent messages stay, originals remain', async () => {
  await using harness = await startSmall();
  harness.model.setScript((request) =>
    request.toolNames.length === 0
      ? reply.text('SUMMARY: there were notes about foxes, and the code is 4711.')
      : reply.text('Noted.'),
  );
  const first = await say(harness, 'Always answer in British English. My code is 4711.');
  const { sessionId } = first.sent;
  await say(harness, '/pin', { sessionId });
  for (let n = 0; n < 30; n += 1) await say(harness, filler(n), { sessionId });

  const compacted = (await journal(harness, sessionId))
    .filter((event) => event.type === 'context.compacted')
    .map((event) => event.data);
  expect(compacted.length).toBeGreaterThan(0);
  for (const { method, tokensBefore, tokensAfter } of compacted) {
    expect(method).toBe('model');
    expect(tokensAfter).toBeLessThan(tokensBefore);
  }
  const prompt = promptOf(harness);
  const text = prompt.map((message) => String(message.content)).join('\n');
  expect(prompt[0]!.role).toBe('system');
  expect(text).toContain('Always answer in British English');
  expect(text).toContain('SUMMARY: there were notes about foxes');
  expect(text).toContain(filler(29));
  expect(text).not.toContain('Note number 0:');
  const { messages } = await harness.client.sessions.history({ id: sessionId, limit: 200 });
  expect(messages.filter((message) => message.role === 'user').length).toBe(31);
  expect(harness.model.violations).toEqual([]);
});

test('F065 without a model for it the summary is made of the weightiest sentences', async () => {
  await using harness = await startSmall();
  harness.model.setScript((request) =>
    request.toolNames.length === 0 ? reply.status(500) : reply.text('Noted.'),
  );
  const { sent } = await say(harness, 'The alarm code is 90210. I like tea.');
  for (let n = 0; n < 26; n += 1) await say(harness, filler(n), { sessionId: sent.sessionId });
  const compacted = (await journal(harness, sent.sessionId))
    .filter((event) => event.type === 'context.compacted')
    .map((event) => event.data);
  expect(compacted[0]!.method).toBe('extractive');
  expect(compacted.at(-1)!.summary).toContain('90210');
});

test('F064 a provider that says the window is too small gets a smaller request', async () => {
  await using harness = await startHarness();
  const { sent } = await say(harness, 'First message.');
  await say(harness, 'Second message.', { sessionId: sent.sessionId });
  harness.model.enqueue(reply.contextOverflow(), reply.text('summary of it'), reply.text('Now it fits.'));
  const { items } = await say(harness, 'Third message.', { sessionId: sent.sessionId });
  expect(answerOf(items)).toBe('Now it fits.');
  expect(items.some((item) => item.type === 'context.compacted')).toBe(true);
});

test('F064 a message that cannot fit at all is refused with a reason', async () => {
  await using harness = await startSmall();
  const { items } = await say(harness, 'word '.repeat(9_000));
  expect(endings(items)[0]).toMatchObject({ outcome: 'failed', fault: { code: 'CONTEXT_OVERFLOW' } });
  expect(harness.model.requests.length).toBe(0);
});

test('/compact summarises now', async () => {
  await using harness = await startHarness();
  const { sent } = await say(harness, 'One.');
  for (const text of ['Two.', 'Three.', 'Four.', 'Five.'])
    await say(harness, text, { sessionId: sent.sessionId });
  harness.model.enqueue(reply.text('They counted to five.'));
  const { items } = await say(harness, '/compact', { sessionId: sent.sessionId });
  expect(items.at(-1)!.type).toBe('command.answered');
  await say(harness, 'Six.', { sessionId: sent.sessionId });
  expect(
    promptOf(harness)
      .map((message) => String(message.content))
      .join('\n'),
  ).toContain('They counted to five.');
});
