import type { Owner } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import type { Holds } from '../credentials/sessions.ts';
import type { Db } from '../database/schema.ts';

/** At a time: each costs some 60 ms and 32 MiB, and a flood of sign-ins must not starve everything else. */
const atOnce = 2;
const mayWait = 50;

const minLength = 10;
/** zxcvbn's scale of 0 to 4: 3 = safe against a thief of the hash who is not very determined. */
const minScore = 3;

/** Passwords as scrypt hashes (better-auth's), in better-auth's table of accounts. */
export interface Passwords {
  /** Throws FaultError PASSWORD_WEAK. `about` is what the password must not contain: names, addresses. */
  check(password: string, about: readonly (string | null)[]): Promise<void>;
  hash(password: string): Promise<string>;
  /**
   * Null when it is not right; otherwise whether it still is the one, for the write that relies on it: the check takes
   * long enough for another password to be set. The same work whether or not the person exists or has a password.
   * Throws FaultError RATE_LIMIT when flooded.
   */
  verify(owner: Owner | null, password: string): Promise<Holds | null>;
  /** Whether a person has no password still, for the write that sets the first one. */
  isUnset(owner: Owner): Holds;
  has(owner: Owner): Promise<boolean>;
  matches(stored: string, password: string): Promise<boolean>;
}

export const createPasswords = (db: Db): Passwords => {
  const scrypt = () => import('@better-auth/utils/password');
  let running = 0;
  const waiting: (() => void)[] = [];
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting.length >= mayWait)
        throw new FaultError('RATE_LIMIT', 'Too many people sign in at once.', { retryAfterMs: 5_000 });
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
  const hashInTurn = (password: string) => inTurn(async () => (await scrypt()).hashPassword(password));
  let nobodys: Promise<string> | undefined;
  const stored = async ({ userId }: Owner, on: Db = db): Promise<string | null> => {
    const row = await on
      .selectFrom('account')
      .select('password')
      .where('userId', '=', userId)
      .where('providerId', '=', 'credential')
      .executeTakeFirst();
    return row?.password ?? null;
  };
  const matches = (hash: string, password: string) =>
    inTurn(async () => (await scrypt()).verifyPassword(hash, password));

  return {
    async check(password, about) {
      const lower = password.toLowerCase();
      const parts = about
        .flatMap((text) => (text ?? '').toLowerCase().split(/[\s@.,_+-]+/))
        .filter((part) => part.length >= 4);
      if (password.length < minLength)
        throw new FaultError('PASSWORD_WEAK', `The password needs at least ${minLength} characters.`);
      if (parts.some((part) => lower.includes(part)))
        throw new FaultError('PASSWORD_WEAK', 'The password contains your name or address.');
      const strength = await import('./strength.ts');
      if (strength.scoreOf(password, parts) < minScore) throw new FaultError('PASSWORD_WEAK');
    },
    hash: hashInTurn,
    async verify(owner, password) {
      nobodys ??= hashInTurn('the password of nobody');
      const hash = (owner && (await stored(owner))) ?? null;
      const isRight = await matches(hash ?? (await nobodys), password);
      if (owner === null || hash === null || !isRight) return null;
      const holds = async (tx: Db) => (await stored(owner, tx)) === hash;
      return (await holds(db)) ? holds : null;
    },
    isUnset: (owner) => async (tx) => (await stored(owner, tx)) === null,
    has: async (owner) => (await stored(owner)) !== null,
    matches,
  };
};

/** Sets the one password of a person. */
export const storePassword = async (
  db: Db,
  owner: Owner,
  hash: string,
  { id, now }: { id: string; now: number },
): Promise<void> => {
  const at = new Date(now).toISOString();
  const { numUpdatedRows } = await db
    .updateTable('account')
    .set({ password: hash, updatedAt: at })
    .where('userId', '=', owner.userId)
    .where('providerId', '=', 'credential')
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  await db
    .insertInto('account')
    .values({
      id,
      accountId: owner.userId,
      providerId: 'credential',
      userId: owner.userId,
      password: hash,
      createdAt: at,
      updatedAt: at,
    })
    .execute();
};
