import type { Clock } from '@reeve/core';
import { digest } from './secrets.ts';

/** Begun things that wait for their other half: each is taken once, and is forgotten after its time. */
export interface OneTime<T> {
  add(word: string, value: T): void;
  take(word: string): T | null;
}

/** The longest waiting gives way. */
const remembered = 10_000;

/** In memory: a new start makes the old ones worthless. The words are kept as hashes. */
export const createOneTime = <T>(clock: Clock, lifeMs: number): OneTime<T> => {
  const waiting = new Map<string, { value: T; expiresAt: number }>();
  return {
    add(word, value) {
      const now = clock.now();
      for (const [name, { expiresAt }] of waiting) {
        if (expiresAt > now && waiting.size < remembered) break;
        waiting.delete(name);
      }
      waiting.set(digest(word), { value, expiresAt: now + lifeMs });
    },
    take(word) {
      const name = digest(word);
      const found = waiting.get(name);
      waiting.delete(name);
      return found && found.expiresAt > clock.now() ? found.value : null;
    },
  };
};
