import type { Clock, Log } from '@reeve/core';

const dayMs = 24 * 60 * 60 * 1_000;
/** Not at the start, which has better things to do. */
const firstMs = 10 * 60 * 1_000;

/** Removes once a day what is too old; the result ends that. */
export const keepPruned = (clock: Clock, prune: () => Promise<void>, log: Log): (() => void) => {
  let stop = () => {};
  const plan = (ms: number) => {
    stop = clock.at(clock.now() + ms, () => {
      plan(dayMs);
      prune().catch((error: unknown) => log.error({ err: error }, 'what is too old could not be removed'));
    });
  };
  plan(firstMs);
  return () => stop();
};
