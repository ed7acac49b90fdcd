import { runFailoverCampaign } from '@reeve/testkit';
import { expect, test } from 'vitest';

/** `npm run bench -- failover` does a thousand. */
test('F038 no text is lost or doubled when a model dies at any byte of its answer', {
  timeout: 120_000,
}, async () => {
  const { failedOver, lostOrDoubled } = await runFailoverCampaign({ streams: 120, seed: 20_261_121 });
  expect(lostOrDoubled).toEqual([]);
  expect(failedOver).toBeGreaterThan(60);
});
