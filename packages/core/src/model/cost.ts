import type { Usage } from '@reeve/protocol';
import type { Price } from '../ports/model.ts';

/**
 * USD of one call. `inputTokens` counts all of the prompt, what was read from and written to a cache included;
 * those parts have their own prices.
 */
export const costOf = (usage: Usage, price: Price): number => {
  const cacheRead = usage.cacheReadTokens ?? 0;
  const cacheWrite = usage.cacheWriteTokens ?? 0;
  const plain = Math.max(0, usage.inputTokens - cacheRead - cacheWrite);
  const micro =
    plain * price.input +
    cacheRead * (price.cacheRead ?? price.input) +
    cacheWrite * (price.cacheWrite ?? price.input) +
    usage.outputTokens * price.output;
  return micro / 1_000_000;
};

/** The usage with its cost, when the price is known. */
export const withCost = (usage: Usage, price: Price | undefined): Usage =>
  price ? { ...usage, costUsd: costOf(usage, price) } : usage;
