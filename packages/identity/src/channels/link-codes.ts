import { randomInt } from 'node:crypto';
import { BoundedMap, type Clock, type Owner, ownerKey, type Sender } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import type { IsStill } from '../revocations.ts';

const codeMs = 5 * 60_000;
/** Wrong codes that one sender may send in that time. */
const triesPerSender = 5;
/** Wrong codes of all senders of a tenant in that time, after which every open code is void: 30 of a million. */
const triesPerTenant = 30;
/** Codes that one person may ask for in that time. */
const codesPerPerson = 10;
const remembered = 10_000;

interface Entry {
  owner: Owner;
  expiresAt: number;
  isStill: IsStill;
}

/** Codes by which somebody shows on a second channel who they are. In memory: they live for minutes. */
export const createLinkCodes = (clock: Clock) => {
  const codes = new Map<string, Entry>();
  const counts = new BoundedMap<string, number[]>(remembered);

  const recent = (name: string): number[] =>
    (counts.get(name) ?? []).filter((at) => at > clock.now() - codeMs);
  const count = (name: string) => void counts.set(name, [...recent(name), clock.now()]);
  const check = (name: string, allowed: number, message: string): void => {
    const times = recent(name);
    if (times.length >= allowed)
      throw new FaultError('RATE_LIMIT', message, { retryAfterMs: times[0]! + codeMs - clock.now() });
  };
  const keyOf = (tenantId: string, code: string) => `${tenantId} ${code}`;
  const forgetWhere = (isGone: (key: string, entry: Entry) => boolean) => {
    for (const [key, entry] of codes) if (isGone(key, entry)) codes.delete(key);
  };

  return {
    /** Good as long as `isStill` says so; the code before it ends. Throws FaultError RATE_LIMIT. */
    add({ tenantId, userId }: Owner, isStill: IsStill): { code: string; expiresAt: number } {
      const owner = { tenantId, userId };
      const name = `codes ${ownerKey(owner)}`;
      check(name, codesPerPerson, 'Too many codes were asked for.');
      count(name);
      const now = clock.now();
      forgetWhere((_, entry) => entry.expiresAt <= now || ownerKey(entry.owner) === ownerKey(owner));
      let code: string;
      do code = String(randomInt(1_000_000)).padStart(6, '0');
      while (codes.has(keyOf(tenantId, code)));
      const expiresAt = now + codeMs;
      codes.set(keyOf(tenantId, code), { owner, expiresAt, isStill });
      return { code, expiresAt };
    },

    /** Whose code it is; it is good once. Throws FaultError CODE_EXPIRED, RATE_LIMIT. */
    take({ tenantId, channel, identifier }: Sender, code: string): Entry {
      const sender = `sender ${JSON.stringify([tenantId, channel, identifier])}`;
      const tenant = `tenant ${tenantId}`;
      check(sender, triesPerSender, 'Too many wrong codes.');
      check(tenant, triesPerTenant, 'Too many wrong codes.');
      const key = keyOf(tenantId, code);
      const found = codes.get(key);
      codes.delete(key);
      if (found && found.expiresAt > clock.now() && found.isStill()) {
        counts.delete(sender);
        return found;
      }
      count(sender);
      count(tenant);
      if (recent(tenant).length >= triesPerTenant) forgetWhere((_, { owner }) => owner.tenantId === tenantId);
      throw new FaultError('CODE_EXPIRED', 'This code is not right, or is too old.', {
        next: 'Ask for a new one where you are signed in.',
      });
    },
  };
};
