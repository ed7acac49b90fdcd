import { setImmediate as macrotask } from 'node:timers/promises';
import type { Clock, NewId } from '@reeve/core';

/** Monday 2026-03-02, 09:00 UTC: inside a work week and well before a change to summer time. */
export const testEpoch = Date.UTC(2026, 2, 2, 9);

export interface FakeClock extends Clock {
  /**
   * Moves time on by `ms`. Timers fire in order of their due times, each while `now()` says that time, and what
   * they start is let settle before the next one: a timer set on the way fires on the way, too.
   */
  advance(ms: number): Promise<void>;
  /** Timers that have not fired. */
  pending(): number;
}

/**
 * Lets promise jobs and macrotasks run, without time passing. The embedded store writes at most once per turn of
 * the event loop, so the number of turns bounds how many writes in a row may settle.
 */
export const settle = async (turns = 25): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await macrotask();
};

interface Timer {
  at: number;
  fn: () => void;
}

/**
 * A clock that stands still until told. What is due already when it is set fires at the next turn of the event
 * loop. An adapter that writes over a network gives its own `letSettle`.
 */
export const createFakeClock = (start = testEpoch, letSettle: () => Promise<void> = settle): FakeClock => {
  let now = start;
  const timers = new Set<Timer>();

  const fire = (timer: Timer) => {
    if (timers.delete(timer)) timer.fn();
  };
  const nextUntil = (end: number): Timer | undefined => {
    let next: Timer | undefined;
    // A set keeps the order of insertion, so timers of one instant fire as they were set.
    for (const timer of timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
    return next;
  };

  return {
    now: () => now,
    at(atMs, fn) {
      const timer = { at: atMs, fn };
      timers.add(timer);
      if (atMs <= now) setImmediate(fire, timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const end = now + ms;
      await letSettle();
      for (let timer = nextUntil(end); timer; timer = nextUntil(end)) {
        now = Math.max(now, timer.at);
        fire(timer);
        await letSettle();
      }
      now = Math.max(now, end);
    },
    pending: () => timers.size,
  };
};

/** Ids `ses_000001`, `msg_000002`, …: one count for all prefixes, so that they sort by creation like real ones. */
export const createTestIds = (): NewId => {
  let count = 0;
  return (prefix) => {
    count += 1;
    return `${prefix}${String(count).padStart(6, '0')}`;
  };
};
