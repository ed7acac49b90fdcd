import { runCachingTrace } from '@reeve/testkit';
import { expect, test } from 'vitest';

test('F034 over several sessions at least nine tenths of the static prefix are read from the cache', async () => {
  const { requests, violations, figures, lastReadTokens, lastCostUsd } = await runCachingTrace({
    people: 6,
    turns: 4,
  });
  expect(violations).toEqual([]);
  expect(requests).toBe(30);
  expect(figures.staticSentTokens).toBeGreaterThan(30 * 1024);
  expect(figures.staticPrefixReadShare).toBeGreaterThanOrEqual(0.9);
  // The conversation is read too: the last turn of a session finds what the one before has written.
  expect(lastReadTokens).toBeGreaterThan(figures.staticSentTokens / 30);
  expect(lastCostUsd).toBeGreaterThan(0);
});
