import type { StreamItem } from '@reeve/protocol';
import type { Owner } from '../gate/actor.ts';

/** How far a person has read a session. */
export interface ReadMark {
  reader: Owner;
  sessionId: string;
  seq: number;
}

/**
 * Live events of sessions. Best effort and in order per session; a listener must not throw and must not block.
 * Durable events arrive only after they are durable; whoever missed one reads the journal.
 */
export interface EventBus {
  publish(item: StreamItem): void;
  /** A session's items, or with `*` those of every session. Returns the way out. */
  subscribe(sessionId: string, listener: (item: StreamItem) => void): () => void;
  /** How many listen to a session. */
  listeners(sessionId: string): number;
  /** A mark that moved; told like an item, and only once it is durable. */
  publishMark(mark: ReadMark): void;
  subscribeMarks(listener: (mark: ReadMark) => void): () => void;
}
