import type { Clock } from '@reeve/core';

/** Node's timers hold at most 2^31-1 ms; longer waits go in hops. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  at(atMs, fn) {
    let timer: NodeJS.Timeout;
    const arm = () => {
      const left = atMs - Date.now();
      timer = left > longestTimer ? setTimeout(arm, longestTimer) : setTimeout(fire, Math.max(0, left));
    };
    // A timer may come a millisecond early by the wall clock; the promise is never early.
    const fire = () => (Date.now() < atMs ? arm() : fn());
    arm();
    return () => clearTimeout(timer);
  },
};
