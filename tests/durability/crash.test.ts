import { runCrashCampaign } from '@reeve/testkit';
import { expect, test } from 'vitest';

/** `npm run bench -- crash` does a thousand; this many fit into every run of the tests. */
const kills = Number(process.env['REEVE_TEST_KILLS'] ?? 50);

test('kill -9 at random moments: no acknowledged message lost, no finished step repeated, no run stuck', {
  timeout: 600_000,
}, async () => {
  const result = await runCrashCampaign({ kills, seed: 20_261_121 });
  expect(result).toMatchObject({ kills, lost: 0, repeated: 0, stuck: 0, violations: [] });
  expect(result.acknowledged).toBeGreaterThan(kills);
});
