import type { ChannelLink } from '@reeve/protocol';
import type { Actor, Owner } from '../gate/actor.ts';
import type { Principal } from './identity.ts';

/**
 * Somebody on a chat channel, as its adapter proved it: by the channel's own signature or session. Never made from what
 * a client says of itself.
 */
export interface Sender {
  /** Whose channel it is. */
  tenantId: string;
  /** Name of the adapter, such as `telegram`. */
  channel: string;
  /** What the channel calls that person for ever, such as a user id. */
  identifier: string;
  /** How the person is called there. */
  name?: string;
}

/** What channel adapters ask about senders. */
export interface Senders {
  /** Whose messages these are; null for somebody unknown where such are refused. Asks no disk for those it knows lately. */
  resolve(sender: Sender): Promise<Owner | null>;
  /**
   * Makes the sender known as the person who was given the code. Throws FaultError CODE_EXPIRED, RATE_LIMIT after five
   * wrong codes.
   */
  confirm(sender: Sender, code: string): Promise<Owner>;
}

/** Who is who on which channel (F093). */
export interface ChannelLinks extends Senders {
  /**
   * Six digits, good once, for five minutes, as long as nobody ends the actor's sign-ins, or the one in `by`. Throws
   * FaultError RATE_LIMIT, PERMISSION_DENIED for guests.
   */
  newCode(actor: Actor, by?: Principal): { code: string; expiresAt: number };
  list(owner: Owner): Promise<ChannelLink[]>;
  /** By an admin. Throws FaultError NOT_FOUND. */
  link(actor: Actor, userId: string, sender: Pick<Sender, 'channel' | 'identifier'>): Promise<ChannelLink>;
  /** Of `owner`, by themselves or an admin. Throws FaultError NOT_FOUND. */
  unlink(actor: Actor, owner: Owner, id: string): Promise<void>;
}

/** A way in and out beside the gateway. Started with Reeve; `start` must not throw. */
export interface Channel {
  readonly name: string;
  start(senders: Senders): void;
}

/** The code in a message such as `LINK 482916`; null when it is none. */
export const linkCodeIn = (text: string): string | null =>
  /^\s*\/?link[\s:]+(\d{3})[\s-]?(\d{3})\s*$/i.exec(text)?.slice(1).join('') ?? null;
