import { BoundedMap, type Clock } from '@reeve/core';

/** After this many wrong credentials in the window nothing of that address is looked at for a while. */
const allowedFailures = 10;
const windowMs = 60_000;
const lockoutMs = 5 * 60_000;
/** Sign-ins that one address may try in the window, right or wrong. */
const signInsPerWindow = 10;
/** Sign-ins that one address may begin in the window without finishing them. */
const beginningsPerWindow = 30;
/** Addresses that are remembered; the longest known gives way. */
const remembered = 10_000;

/** What kind of proof was wrong: each kind has a count of its own, so that one broken client does not shut out all. */
export type CredentialClass = 'shared' | 'device' | 'sign-in';

interface Record {
  since: number;
  failures: number;
  lockedUntil: number;
}

/**
 * Wrong credentials by address. Nobody is exempt, loopback neither: a page in a browser of this machine calls from
 * there, too.
 */
export interface Attempts {
  /** Milliseconds until an address may try again; 0 when it may now. */
  lockedFor(kind: CredentialClass, address: string): number;
  failed(kind: CredentialClass, address: string): void;
  /** Counts one try to sign in by something that can be guessed. Milliseconds to wait; 0 when it may go on. */
  signIn(address: string): number;
  /** The same for a first step that proves nothing yet. */
  begin(address: string): number;
}

export const createAttempts = (clock: Clock): Attempts => {
  const records = new BoundedMap<string, Record>(remembered);
  const counter = (perWindow: number) => {
    const times = new BoundedMap<string, number[]>(remembered);
    return (address: string): number => {
      const now = clock.now();
      const recent = (times.get(address) ?? []).filter((at) => now - at < windowMs);
      if (recent.length >= perWindow) return recent[0]! + windowMs - now;
      times.set(address, [...recent, now]);
      return 0;
    };
  };
  return {
    signIn: counter(signInsPerWindow),
    begin: counter(beginningsPerWindow),
    lockedFor(kind, address) {
      const record = records.get(`${kind} ${address}`);
      return Math.max(0, (record?.lockedUntil ?? 0) - clock.now());
    },
    failed(kind, address) {
      const name = `${kind} ${address}`;
      const now = clock.now();
      const known = records.get(name);
      // A lock outlives the window: one more wrong credential must not be what opens it.
      const record =
        known && (now - known.since < windowMs || known.lockedUntil > now)
          ? known
          : { since: now, failures: 0, lockedUntil: 0 };
      record.failures += 1;
      if (record.failures === allowedFailures) record.lockedUntil = now + lockoutMs;
      records.set(name, record);
    },
  };
};
