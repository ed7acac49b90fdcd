import { type DurableEventType, isDurable, type OverviewItem, type RunOutcome } from '@reeve/protocol';
import { type Actor, type Owner, ownerKey } from '../gate/actor.ts';
import type { EventBus } from '../ports/bus.ts';
import type { Store } from '../ports/store.ts';
import { createActivities } from './activities.ts';

/** Sessions whose state is told at the beginning; whoever shows more asks for the list. */
const snapshotSize = 50;
/** Events of a session in which the end of its last run is looked for. */
const tailLength = 20;

/** What changes how a session looks in a list. Steps of a run do not. */
const telling: ReadonlySet<DurableEventType> = new Set([
  'session.created',
  'session.renamed',
  'session.configured',
  'session.deleted',
  'message.received',
  'command.answered',
  'run.started',
  'run.finished',
  'notification.posted',
]);

/**
 * What becomes of an actor's sessions, as it happens. Facts of the same session that come together are told once.
 * Ends when `signal` aborts.
 */
export const createOverview = ({ store, bus }: { store: Store; bus: EventBus }) => {
  const activities = createActivities(bus);
  const watching = new Map<string, number>();
  const watch = (owner: Owner, change: 1 | -1) => {
    const key = ownerKey(owner);
    const count = (watching.get(key) ?? 0) + change;
    if (count === 0) watching.delete(key);
    else watching.set(key, count);
  };
  async function* stream(actor: Actor, signal: AbortSignal): AsyncGenerator<OverviewItem> {
    const changed = new Map<string, RunOutcome | null | undefined>();
    const deleted = new Set<string>();
    const read = new Map<string, number>();
    /** Sessions whose answer does something else, which is not told yet. */
    const progressed = new Set<string>();
    const known = new Set<string>();
    let wake: (() => void) | undefined;
    const unsubscribe = bus.subscribe('*', (item) => {
      if (!isDurable(item) || !telling.has(item.type)) return;
      if (item.type === 'session.deleted') deleted.add(item.sessionId);
      else if (item.type === 'run.finished') changed.set(item.sessionId, item.data.outcome);
      else if (item.type === 'message.received') changed.set(item.sessionId, null);
      else if (!changed.has(item.sessionId)) changed.set(item.sessionId, undefined);
      wake?.();
    });
    const unsubscribeActivities = activities.subscribe((sessionId) => {
      progressed.add(sessionId);
      wake?.();
    });
    const unsubscribeMarks = bus.subscribeMarks(({ reader, sessionId, seq }) => {
      if (reader.userId !== actor.userId || reader.tenantId !== actor.tenantId) return;
      read.set(sessionId, seq);
      wake?.();
    });
    const stop = () => wake?.();
    signal.addEventListener('abort', stop, { once: true });
    watch(actor, 1);
    const state = async (
      id: string,
      outcome: RunOutcome | null | undefined,
    ): Promise<OverviewItem | null> => {
      const session = await store.session(actor, id);
      if (!session) return null;
      known.add(id);
      const lastOutcome = outcome !== undefined ? outcome : await lastOutcomeOf(store, id, session.lastSeq);
      const readSeq = (await store.readMarks(actor, [id])).get(id) ?? 0;
      return { type: 'session.changed', session, lastOutcome, readSeq };
    };
    try {
      const { sessions } = await store.sessions(actor, { limit: snapshotSize });
      for (const { id } of sessions) {
        const item = await state(id, undefined);
        if (item) yield item;
        if (activities.of(id)) progressed.add(id);
      }
      yield { type: 'ready' };
      while (!signal.aborted) {
        for (const [id, outcome] of [...changed]) {
          changed.delete(id);
          const item = deleted.has(id) ? null : await state(id, outcome);
          if (item) yield item;
        }
        for (const sessionId of [...deleted]) {
          deleted.delete(sessionId);
          if (known.delete(sessionId)) yield { type: 'session.deleted', sessionId };
        }
        for (const [sessionId, readSeq] of [...read]) {
          read.delete(sessionId);
          yield { type: 'session.read', sessionId, readSeq };
        }
        for (const sessionId of [...progressed]) {
          progressed.delete(sessionId);
          const activity = activities.of(sessionId);
          // Of somebody else's session nothing is known.
          if (activity && known.has(sessionId)) yield { type: 'session.progressed', sessionId, activity };
        }
        if ([changed, deleted, read, progressed].some(({ size }) => size > 0) || signal.aborted) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      watch(actor, -1);
      unsubscribe();
      unsubscribeMarks();
      unsubscribeActivities();
      signal.removeEventListener('abort', stop);
    }
  }
  return {
    stream,
    /** Whether somebody has their list of sessions open, and so sees what is asked in any of them. */
    isWatched: (owner: Owner): boolean => watching.has(ownerKey(owner)),
  };
};

/** Null when it runs again since, or its end lies further back. */
const lastOutcomeOf = async (store: Store, id: string, lastSeq: number): Promise<RunOutcome | null> => {
  const tail = await store.events(id, Math.max(0, lastSeq - tailLength), tailLength);
  const last = tail.findLast(({ type }) => type === 'run.finished' || type === 'message.received');
  return last?.type === 'run.finished' ? last.data.outcome : null;
};
