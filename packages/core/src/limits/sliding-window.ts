import { BoundedMap } from '../bounded-map.ts';
import type { Clock } from '../ports/clock.ts';

/** Keys that are remembered; the one that was quiet the longest gives way. */
const remembered = 50_000;

interface Window {
  startedAt: number;
  current: number;
  previous: number;
}

/**
 * Counts events per key in a window that slides: the last whole window counts by the share of it that the sliding
 * one still covers. Two numbers a key, and never off by more than what was uneven within one window.
 */
export interface SlidingWindow {
  /** 0 when the event fits and is counted; else the milliseconds until one would, and nothing is counted. */
  hit(key: string, limit: number): number;
}

export const createSlidingWindow = (clock: Pick<Clock, 'now'>, windowMs: number): SlidingWindow => {
  const windows = new BoundedMap<string, Window>(remembered);
  return {
    hit(key, limit) {
      const now = clock.now();
      const start = now - (now % windowMs);
      const known = windows.get(key);
      const age = known ? (start - known.startedAt) / windowMs : Number.POSITIVE_INFINITY;
      const window: Window =
        known && age === 0
          ? known
          : { startedAt: start, current: 0, previous: known && age === 1 ? known.current : 0 };
      windows.set(key, window);
      const share = 1 - (now - start) / windowMs;
      if (window.previous * share + window.current + 1 <= limit) {
        window.current += 1;
        return 0;
      }
      const untilNext = start + windowMs - now;
      if (window.current + 1 > limit || window.previous === 0) return Math.max(1, untilNext);
      // Room comes as the previous window leaves.
      return Math.max(1, Math.ceil(windowMs * (share - (limit - window.current - 1) / window.previous)));
    },
  };
};
