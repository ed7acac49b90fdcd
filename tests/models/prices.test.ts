import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reply, startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { say } from '../support/collect.ts';

const usage = { inputTokens: 1_000_000, outputTokens: 100_000, cacheReadTokens: 400_000 };

const costOf = async (harness: Awaited<ReturnType<typeof startHarness>>) => {
  harness.model.enqueue(reply.text('Yes.').withUsage(usage));
  const { items } = await say(harness, 'Is it?');
  return items.flatMap((item) => (item.type === 'model.answered' ? [item.data.usage?.costUsd] : []))[0];
};

const tableWith = (input: number) => ({
  updated: '2026-11-01',
  source: 'a test',
  models: [{ pattern: 'gpt-5-mini*', vendor: 'openai', price: { input, output: 0 } }],
});

test('F070 a call costs what the table says, cached tokens at their own price, and a new table counts after reload', async () => {
  await using harness = await startHarness({ env: { REEVE_OPENAI_MODEL: 'gpt-5-mini' } });
  // 0.6 million at 0.25, 0.4 at 0.025 and 0.1 at 2 USD.
  expect(await costOf(harness)).toBeCloseTo(0.15 + 0.01 + 0.2, 10);

  writeFileSync(join(harness.home, 'models.json'), JSON.stringify(tableWith(3)));
  await harness.client.system.reload();
  expect(await costOf(harness)).toBeCloseTo(3, 10);

  // One that cannot be read is passed over; what comes with Reeve stays in force.
  writeFileSync(join(harness.home, 'models.json'), '{"models":');
  await harness.client.system.reload();
  expect(await costOf(harness)).toBeCloseTo(0.36, 10);
  await harness.restart();
  expect(await costOf(harness)).toBeCloseTo(0.36, 10);
});

test('F070 no price is claimed for a model that is not in the table', async () => {
  await using harness = await startHarness();
  expect(await costOf(harness)).toBeUndefined();
  const { models } = await harness.client.models.list({});
  expect(models.find(({ model }) => model === 'test-model')).not.toHaveProperty('price');
});

test('F035 what a model refuses is not sent, through the running gateway', async () => {
  await using harness = await startHarness({
    env: { REEVE_OPENAI_MODEL: 'gpt-5-mini', REEVE_AGENT_TEMPERATURE: '0.3', REEVE_AGENT_THINKING: 'low' },
  });
  await say(harness, 'Hello.');
  expect(harness.model.requests[0]!.body).not.toHaveProperty('temperature');
  expect(harness.model.requests[0]!.body).toMatchObject({ reasoning_effort: 'low' });
});
