import type { Clock, Owner } from '@reeve/core';
import { digest, newSecret } from '../secrets.ts';

const ticketMs = 5 * 60_000;
const triesPerTicket = 5;

/** Sign-ins that wait for their second factor: in memory, for minutes. */
export const createPendingSignIns = (clock: Clock) => {
  const pending = new Map<string, { owner: Owner; expiresAt: number; tries: number }>();
  return {
    add(owner: Owner): string {
      const now = clock.now();
      for (const [known, { expiresAt }] of pending) if (expiresAt <= now) pending.delete(known);
      const ticket = newSecret('rv2_');
      pending.set(digest(ticket), { owner, expiresAt: now + ticketMs, tries: 0 });
      return ticket;
    },
    /** Whose sign-in it is, for one more try; null when there is none. */
    tryOnce(ticket: string): Owner | null {
      const found = pending.get(digest(ticket));
      if (!found || found.expiresAt <= clock.now() || found.tries >= triesPerTicket) return null;
      found.tries += 1;
      return found.owner;
    },
    /** False when another request used it up first. */
    take: (ticket: string): boolean => pending.delete(digest(ticket)),
  };
};
