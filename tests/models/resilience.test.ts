import {
  createFakeClock,
  createGate,
  type ModelServer,
  reply,
  startHarness,
  startModelServer,
} from '@reeve/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerOf, endings, follow, say } from '../support/collect.ts';

let clock: ReturnType<typeof createFakeClock>;
let harness: Awaited<ReturnType<typeof startHarness>>;
let spare: ModelServer;
beforeEach(async () => {
  clock = createFakeClock();
  spare = await startModelServer({ script: () => reply.text('The spare one speaks.') });
  harness = await startHarness({ clock });
});
afterEach(async () => {
  await harness[Symbol.asyncDispose]();
  await spare.close();
});

const addSpare = async () => {
  await harness.client.config.set({ key: 'providers.spare.baseUrl', value: spare.url });
  await harness.client.config.set({ key: 'providers.spare.models', value: ['spare-model'] });
  await harness.client.config.set({ key: 'agent.fallbacks', value: ['spare/spare-model'] });
};
const attemptsOf = (items: Awaited<ReturnType<typeof say>>['items']) =>
  items.flatMap((item) => (item.type === 'model.answered' ? item.data.attempts : []));

test('F038 while the only model is probed, others ask it too: no steward stands in for a model that may be well', async () => {
  harness.model.enqueue(reply.status(429, { retryAfter: '1' }));
  await say(harness, 'one');
  await clock.advance(1_001);
  const gate = createGate();
  harness.model.enqueue(reply.hold(gate).text('Well again.'));
  const probing = harness.client.chat.send({ text: 'probe' });
  await gate.reached;
  expect(answerOf((await say(harness, 'meanwhile')).items)).toBe('You said: meanwhile');
  gate.open();
  expect(answerOf(await follow(harness, await probing))).toBe('Well again.');
});

test('F038 a probe that its user stops leaves the model to the next one', async () => {
  await addSpare();
  harness.model.enqueue(reply.status(429, { retryAfter: '1' }));
  await say(harness, 'one');
  await clock.advance(1_001);
  const gate = createGate();
  harness.model.enqueue(reply.hold(gate).text('never heard'));
  const probing = await harness.client.chat.send({ text: 'probe' });
  await gate.reached;
  await harness.client.chat.abort({ id: probing.sessionId });
  expect(endings(await follow(harness, probing))).toMatchObject([{ outcome: 'cancelled' }]);
  expect(answerOf((await say(harness, 'next')).items)).toBe('You said: next');
});

test('F038 an owner who mends a provider need not wait for the end of its cooldown', async () => {
  await addSpare();
  harness.model.enqueue(reply.status(401, { message: 'wrong key' }));
  expect(answerOf((await say(harness, 'one')).items)).toBe('The spare one speaks.');
  await harness.client.config.set({ key: 'providers.openai.apiKey', value: 'a-better-key-0123456789' });
  expect(answerOf((await say(harness, 'two')).items)).toBe('You said: two');
});

test('F064 F038 a message too long for one model, with nothing to summarise, goes to the next', async () => {
  await addSpare();
  harness.model.setScript(() => reply.contextOverflow());
  const { items } = await say(harness, 'a long question');
  expect(answerOf(items)).toBe('The spare one speaks.');
  expect(attemptsOf(items)).toMatchObject([
    { provider: 'openai', outcome: 'failed', why: expect.stringContaining('context_overflow') },
    { provider: 'spare', outcome: 'answered' },
  ]);
});

test('F043 a list that cannot be read again stays what it was', async () => {
  await harness.client.config.set({ key: 'providers.openai.models', value: [] });
  const known = (await harness.client.models.list({})).models.map(({ id }) => id);
  expect(known).toContain('openai/test-model');
  await harness.model.close();
  const after = (await harness.client.models.list({ refresh: true })).models.map(({ id }) => id);
  expect(after).toEqual(known);
});

test('F041 a client that reads slowly is no silence of the model', async () => {
  await addSpare();
  const gate = createGate();
  harness.model.enqueue(reply.text('x'.repeat(24_000_000), { chunks: 400 }).hold(gate).text(' end'));
  const response = await harness.fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'direct/openai/test-model',
      stream: true,
      messages: [{ role: 'user', content: 'much' }],
    }),
  });
  const reader = response.body!.getReader();
  await reader.read();
  // Nobody reads on: the pipes fill, and time goes by.
  for (let n = 0; n < 30; n += 1) await clock.advance(20_000);
  gate.open();
  const decoder = new TextDecoder();
  let tail = '';
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
    tail = (tail + decoder.decode(chunk.value, { stream: true })).slice(-2_000);
  expect(tail).toContain('"content":" end"');
  expect(tail).not.toContain('error');
  expect(spare.requests).toHaveLength(0);
});
