import type { Clock, Owner } from '@reeve/core';
import type { Holds } from '../credentials/sessions.ts';
import type { IsStill } from '../revocations.ts';
import { digest, newSecret } from '../secrets.ts';

const ticketMs = 5 * 60_000;
const triesPerTicket = 5;

/** What the first factor proved, and whether it still does. */
interface FirstFactor {
  owner: Owner;
  isStill: IsStill;
  holds: Holds;
}

/** Sign-ins that wait for their second factor: in memory, for minutes. */
export const createPendingSignIns = (clock: Clock) => {
  const pending = new Map<string, { first: FirstFactor; expiresAt: number; tries: number }>();
  return {
    add(first: FirstFactor): string {
      const now = clock.now();
      for (const [known, { expiresAt }] of pending) if (expiresAt <= now) pending.delete(known);
      const ticket = newSecret('rv2_');
      pending.set(digest(ticket), { first, expiresAt: now + ticketMs, tries: 0 });
      return ticket;
    },
    /** Whose sign-in it is, for one more try; null when there is none. */
    tryOnce(ticket: string): FirstFactor | null {
      const found = pending.get(digest(ticket));
      if (!found || found.expiresAt <= clock.now() || found.tries >= triesPerTicket) return null;
      if (!found.first.isStill()) return null;
      found.tries += 1;
      return found.first;
    },
    /** False when another request used it up first. */
    take: (ticket: string): boolean => pending.delete(digest(ticket)),
  };
};
