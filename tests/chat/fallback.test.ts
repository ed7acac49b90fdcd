import { createGate, reply, startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { answerOf, endings, follow, say } from '../support/collect.ts';

test('F033 when the model fails the built-in steward stands in and says so', async () => {
  await using harness = await startHarness({
    model: { script: () => reply.status(401, { message: 'bad key' }) },
  });
  const { items } = await say(harness, 'What is 6 times 7?');
  expect(endings(items)[0]!.outcome).toBe('completed');
  const text = answerOf(items);
  expect(text).toContain('openai/test-model did not answer: its key was refused');
  expect(text).toContain('42');
  const answers = items.filter((item) => item.type === 'model.answered').map((item) => item.data);
  expect(answers[0]).toMatchObject({
    provider: 'steward',
    attempts: [
      { provider: 'openai', outcome: 'failed' },
      { provider: 'steward', outcome: 'answered' },
    ],
  });
  const { providers } = await harness.client.providers.list();
  expect(providers.find((provider) => provider.id === 'openai')).toMatchObject({ state: 'auth_expired' });
});

test('a stream that dies midway is tried once more and its text is replaced, not doubled', async () => {
  await using harness = await startHarness();
  const gate = createGate();
  harness.model.enqueue(reply.text('Half an ans').hold(gate).reset(), reply.status(503), reply.status(503));
  const sent = await harness.client.chat.send({ text: 'hello' });
  await gate.reached;
  const following = follow(harness, sent);
  gate.open();
  const items = await following;
  expect(endings(items)[0]!.outcome).toBe('completed');
  expect(answerOf(items)).not.toContain('Half an ans');
});

test('a passing failure before the first word is tried again on the same model', async () => {
  await using harness = await startHarness();
  harness.model.enqueue(reply.status(503), reply.text('Better now.'));
  const { items } = await say(harness, 'hello');
  expect(answerOf(items)).toBe('Better now.');
  expect(harness.model.requests.length).toBe(2);
});

test('a second configured model answers before the steward does', async () => {
  await using harness = await startHarness();
  await using other = await startHarness();
  await harness.client.config.set({ key: 'providers.backup.baseUrl', value: other.model.url });
  await harness.client.config.set({ key: 'providers.backup.models', value: ['spare'] });
  await harness.client.config.set({ key: 'agent.fallbacks', value: ['backup/spare'] });
  harness.model.setScript(() => reply.status(429, { retryAfter: '30' }));
  const { items } = await say(harness, 'hello');
  expect(answerOf(items)).toBe('You said: hello');
  expect(items.find((item) => item.type === 'model.answered')!.data).toMatchObject({
    provider: 'backup',
    model: 'spare',
  });
});

test('F042 the model of a request, of a session and the default, in this order', async () => {
  await using harness = await startHarness();
  const session = await harness.client.sessions.create({ model: 'steward' });
  const bySession = await say(harness, 'hello', { sessionId: session.id });
  const byRequest = await say(harness, 'hello', { sessionId: session.id, model: 'openai/other' });
  const byDefault = await say(harness, 'hello');
  const model = (items: typeof byDefault.items) =>
    items.find((item) => item.type === 'model.answered')!.data.provider;
  expect([model(bySession.items), model(byRequest.items), model(byDefault.items)]).toEqual([
    'steward',
    'openai',
    'openai',
  ]);
  expect(harness.model.requests[0]!.body.model).toBe('other');
  await expect(harness.client.chat.send({ text: 'hello', model: 'nobody/nothing' })).rejects.toMatchObject({
    fault: { code: 'NOT_FOUND' },
  });
});

test('F069 tokens are counted per model, and estimated where the provider gives none', async () => {
  await using harness = await startHarness();
  harness.model.enqueue(
    reply.text('Counted.').withUsage({ inputTokens: 100, outputTokens: 7 }),
    reply.text('Not counted.').withUsage(null),
  );
  await say(harness, 'one');
  await say(harness, 'two');
  const usage = await harness.client.usage.get({});
  expect(usage.calls).toBe(2);
  expect(usage.byModel[0]).toMatchObject({
    provider: 'openai',
    model: 'test-model',
    usage: { estimated: true },
  });
  expect(usage.total.outputTokens).toBe(7 + Math.ceil('Not counted.'.length / 4));
});
