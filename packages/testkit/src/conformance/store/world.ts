import type { Artifacts, Store, StoreReads } from '@reeve/core';
import type { DurableEvent, NewEvent } from '@reeve/protocol';
import type { FakeClock } from '../../fake-clock.ts';

/** Changes behind the store's back, straight in its tables. Each returns the way back. */
export interface Tamper {
  event(
    sessionId: string,
    seq: number,
    change: { at?: number; type?: string; data?: string },
  ): Promise<() => Promise<void>>;
  removeEvent(sessionId: string, seq: number): Promise<() => Promise<void>>;
  /** Changes the text of a message in the view of messages. */
  messageText(sessionId: string, messageId: string, text: string): Promise<() => Promise<void>>;
  removeMessage(sessionId: string, messageId: string): Promise<() => Promise<void>>;
}

export interface StoreProcess {
  store: Store;
  artifacts: Artifacts;
  tamper: Tamper;
  close(): Promise<void>;
}

/** What a case gets: a store and the time it goes by. */
export interface StoreWorld extends StoreProcess {
  clock: FakeClock;
  /** Closes and opens again on the same state; read the store anew from the world. */
  reopen(): Promise<void>;
}

/** Appends events to a session in one write. */
export const add = (store: Store, sessionId: string, ...events: NewEvent[]): Promise<DurableEvent[]> =>
  store.write(async (tx) => {
    const added: DurableEvent[] = [];
    for (const event of events) added.push(await tx.append(sessionId, event));
    return added;
  });

export const seqs = (events: readonly { seq: number }[]): number[] => events.map(({ seq }) => seq);
export const idsOf = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id);

export const allEvents = (store: StoreReads, sessionId: string): Promise<DurableEvent[]> =>
  store.events(sessionId, 0, 10_000);
