import { BoundedMap, type Clock } from '@reeve/core';
import { FaultError } from '@reeve/protocol';

const freeTries = 5;
const firstLockMs = 30_000;
const longestLockMs = 60 * 60_000;
/** After this long without a try everything is forgotten. */
const forgetMs = 24 * 60 * 60_000;
const remembered = 50_000;

interface Record {
  failures: number;
  lockedUntil: number;
  at: number;
}

/**
 * Wrong tries by account, wherever they come from: after five each locks the account for longer. A name that no
 * account has is counted alike, so that the count tells nothing.
 */
export interface Lockouts {
  /**
   * Before the try: it counts as wrong until the result is called, so that a hundred at once are no more than one
   * after the other. Throws FaultError RATE_LIMIT while the account is locked.
   */
  begin(name: string): () => void;
  /** Somebody proved by other means who they are: a new start. */
  clear(name: string): void;
}

export const createLockouts = (clock: Clock): Lockouts => {
  const records = new BoundedMap<string, Record>(remembered);
  return {
    begin(name) {
      const now = clock.now();
      const known = records.get(name);
      const record = known && now - known.at < forgetMs ? known : { failures: 0, lockedUntil: 0, at: now };
      if (record.lockedUntil > now)
        throw new FaultError('RATE_LIMIT', 'Too many wrong tries for this account.', {
          retryAfterMs: record.lockedUntil - now,
        });
      record.failures += 1;
      record.at = now;
      if (record.failures >= freeTries)
        record.lockedUntil = now + Math.min(longestLockMs, firstLockMs * 2 ** (record.failures - freeTries));
      records.set(name, record);
      return () => records.delete(name);
    },
    clear: (name) => void records.delete(name),
  };
};
