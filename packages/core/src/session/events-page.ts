import { type DurableEvent, FaultError } from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { Store } from '../ports/store.ts';

export interface EventsPage {
  events: DurableEvent[];
  lastSeq: number;
  hasMore: boolean;
}

/**
 * What happened in a session, a page at a time from the newest backwards; a page is in order. Sequence numbers have
 * no gaps, so the page before `before` is known by counting. Throws FaultError NOT_FOUND for a session that is not
 * the actor's.
 */
export const eventsPage = async (
  store: Store,
  actor: Actor,
  id: string,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<EventsPage> => {
  const session = await store.session(actor, id);
  if (!session) throw new FaultError('NOT_FOUND', 'There is no such session.');
  const end = Math.min(before ?? Number.MAX_SAFE_INTEGER, session.lastSeq + 1);
  const after = Math.max(0, end - 1 - limit);
  const events = await store.events(id, after, end - 1 - after);
  return { events: events.map(withoutContinuation), lastSeq: session.lastSeq, hasMore: after > 0 };
};

/** What a provider needs to go on is long and nobody's to read. */
const withoutContinuation = (event: DurableEvent): DurableEvent => {
  if (event.type !== 'model.answered' || event.data.continuation === undefined) return event;
  const { continuation: _continuation, ...data } = event.data;
  return { ...event, data };
};
