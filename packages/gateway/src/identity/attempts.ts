import type { Clock } from '@reeve/core';

/** After this many wrong credentials in the window nothing of that address is looked at for a while. */
const allowedFailures = 10;
const windowMs = 60_000;
const lockoutMs = 5 * 60_000;
/** Sign-ins that one address may try in the window, right or wrong. */
const signInsPerWindow = 10;
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
}

export const createAttempts = (clock: Clock): Attempts => {
  const records = new Map<string, Record>();
  const signIns = new Map<string, number[]>();
  return {
    signIn(address) {
      const now = clock.now();
      const recent = (signIns.get(address) ?? []).filter((at) => now - at < windowMs);
      if (recent.length >= signInsPerWindow) return recent[0]! + windowMs - now;
      signIns.delete(address);
      signIns.set(address, [...recent, now]);
      if (signIns.size > remembered) signIns.delete(signIns.keys().next().value!);
      return 0;
    },
    lockedFor(kind, address) {
      const record = records.get(`${kind} ${address}`);
      return Math.max(0, (record?.lockedUntil ?? 0) - clock.now());
    },
    failed(kind, address) {
      const name = `${kind} ${address}`;
      const now = clock.now();
      const known = records.get(name);
      const record =
        known && now - known.since < windowMs ? known : { since: now, failures: 0, lockedUntil: 0 };
      record.failures += 1;
      if (record.failures >= allowedFailures) record.lockedUntil = now + lockoutMs;
      records.delete(name);
      records.set(name, record);
      if (records.size > remembered) records.delete(records.keys().next().value!);
    },
  };
};
