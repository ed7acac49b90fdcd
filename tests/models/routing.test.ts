import { reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { answerOf, durable, follow, say } from '../support/collect.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;

/** Known models of known vendors, all of them on the fake server: their prices and abilities are in the table. */
beforeAll(async () => {
  harness = await startHarness({
    model: { script: ({ model }) => reply.text(`I am ${model}.`), models: ['gpt-5', 'gpt-5-nano'] },
  });
  const set = (key: string, value: unknown) => harness.client.config.set({ key, value: value as never });
  await set('providers.deepseek.baseUrl', harness.model.url);
  await set('providers.deepseek.models', ['deepseek-chat']);
  await set('providers.openai.models', ['gpt-5', 'gpt-5-nano']);
  await set('agent.model', 'deepseek/deepseek-chat');
  await set('agent.fallbacks', ['openai/gpt-5', 'openai/gpt-5-nano']);
});
afterAll(() => harness[Symbol.asyncDispose]());

const routing = (value: string) => harness.client.config.set({ key: 'agent.routing', value });
beforeEach(() => routing('ordered'));

const answered = async (sent: Parameters<typeof follow>[1]) =>
  durable(await follow(harness, sent)).flatMap((event) =>
    event.type === 'model.answered' ? [event.data] : [],
  )[0]!;

test('F038 F040 as written: the model of the configuration is asked first', async () => {
  expect(answerOf((await say(harness, 'hello')).items)).toBe('I am deepseek-chat.');
});

test('F040 by cost: the cheapest answers, and says that this is why', async () => {
  await routing('cost');
  const answer = await answered(await harness.client.chat.send({ text: 'hello' }));
  expect(answer).toMatchObject({ provider: 'openai', model: 'gpt-5-nano' });
  expect(answer.attempts.at(-1)!.why).toMatch(/^fallback; by cost, about \$[\d.e-]+$/);
});

test('F040 by quality: the best answers, and says that this is why', async () => {
  await routing('quality');
  const answer = await answered(await harness.client.chat.send({ text: 'hello' }));
  expect(answer).toMatchObject({ provider: 'openai', model: 'gpt-5' });
  expect(answer.attempts.at(-1)!.why).toMatch(/^fallback; by quality, \d of 5$/);
});

test('F040 F042 what the user named is asked, whatever it costs', async () => {
  await routing('cost');
  const sent = await harness.client.chat.send({ text: 'hello', model: 'openai/gpt-5' });
  expect(await answered(sent)).toMatchObject({ provider: 'openai', attempts: [{ why: 'chosen' }] });
});

test('F040 F034 an image goes to a model that sees, and the answer says why not to the first', async () => {
  const images = [{ mediaType: 'image/png', data: 'iVBORw0KGgo=' }];
  const answer = await answered(await harness.client.chat.send({ text: 'Look.', images }));
  expect(answer).toMatchObject({
    provider: 'openai',
    attempts: [
      { provider: 'deepseek', outcome: 'skipped', why: 'it cannot see images' },
      { provider: 'openai', outcome: 'answered' },
    ],
  });
});

test('F034 a model that cannot see is told that there was something to see', async () => {
  const images = [{ mediaType: 'image/png', data: 'iVBORw0KGgo=' }];
  await harness.client.config.set({ key: 'agent.fallbacks', value: [] });
  await answered(await harness.client.chat.send({ text: 'Look.', images }));
  const body = JSON.stringify(harness.model.requests.at(-1)!.body);
  expect(body).toContain('[an image that this model cannot see]');
  expect(body).not.toContain('iVBORw0KGgo=');
  await harness.client.config.set({ key: 'agent.fallbacks', value: ['openai/gpt-5', 'openai/gpt-5-nano'] });
});

test('F070 each answer has its cost by the price table; session and usage add it up', async () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 100_000, cacheReadTokens: 400_000 };
  harness.model.enqueue(reply.text('Expensive.').withUsage(usage));
  const sent = await harness.client.chat.send({ text: 'hello', model: 'openai/gpt-5' });
  const answer = await answered(sent);
  const { models } = await harness.client.models.list({});
  const { price } = models.find(({ id }) => id === 'openai/gpt-5')!;
  const expected = 0.6 * price!.input + 0.4 * price!.cacheRead! + 0.1 * price!.output;
  expect(answer.usage.costUsd).toBeCloseTo(expected, 10);
  expect(await harness.client.sessions.get({ id: sent.sessionId })).toMatchObject({
    costUsd: answer.usage.costUsd,
  });
  const report = await harness.client.usage.get({ sessionId: sent.sessionId });
  expect(report.total.costUsd).toBeCloseTo(expected, 10);
  expect(report.byChannel).toMatchObject([{ channel: 'http', calls: 1 }]);
  expect((await harness.client.chat.ask({ message: '/usage', session_id: sent.sessionId })).reply).toContain(
    '$',
  );
});

test('F070 a model without a known price has no cost, and is not said to be free', async () => {
  await harness.client.config.set({ key: 'providers.odd.baseUrl', value: harness.model.url });
  await harness.client.config.set({ key: 'providers.odd.models', value: ['nobody-knows-me'] });
  const answer = await answered(
    await harness.client.chat.send({ text: 'hello', model: 'odd/nobody-knows-me' }),
  );
  expect(answer.usage).not.toHaveProperty('costUsd');
});

test('F035 parameters that a model refuses are not sent to it', async () => {
  const params = { temperature: 0.3, topP: 0.4 };
  await answered(await harness.client.chat.send({ text: 'hello', model: 'openai/gpt-5', params }));
  expect(harness.model.requests.at(-1)!.body).not.toHaveProperty('temperature');
  await answered(await harness.client.chat.send({ text: 'hello', model: 'deepseek/llama-3.3-70b', params }));
  expect(harness.model.requests.at(-1)!.body).toMatchObject({ temperature: 0.3, top_p: 0.4 });
});
