import { isTransient } from '@reeve/client';
import type { OverviewItem, RunOutcome, Session } from '@reeve/protocol';
import { useEffect, useMemo } from 'react';
import { createStoredStore } from '../lib/storage.ts';
import { createStore, useStore } from '../lib/store.ts';
import { client, faultOf } from './client.ts';
import { connection, waitToRetry, whileVisible } from './connection.ts';

export interface SessionList {
  byId: ReadonlyMap<string, Session>;
  /** How the last run of a session ended, where that is known. */
  outcomes: ReadonlyMap<string, RunOutcome>;
  nextCursor: string | null;
  state: 'loading' | 'ready' | 'failed';
}

/** Every session that was heard of, kept up to date by the overview stream. */
export const sessionList = createStore<SessionList>({
  byId: new Map(),
  outcomes: new Map(),
  nextCursor: null,
  state: 'loading',
});

/** How far each session was read; a session that was never opened here counts as read when the page first saw it. */
export const seen = createStoredStore<Record<string, number>>('seen', {});
export const markSeen = (id: string, seq: number): void => {
  if ((seen.get()[id] ?? -1) < seq) seen.set((value) => ({ ...value, [id]: seq }));
};
const beginSeen = (sessions: readonly Session[]) => {
  const fresh = sessions.filter(({ id }) => seen.get()[id] === undefined);
  if (fresh.length > 0)
    seen.set((value) => ({ ...Object.fromEntries(fresh.map(({ id, lastSeq }) => [id, lastSeq])), ...value }));
};

export const upsert = (sessions: readonly Session[]): void =>
  sessionList.set((list) => {
    const byId = new Map(list.byId);
    for (const session of sessions) byId.set(session.id, session);
    return { ...list, byId };
  });

export const forget = (id: string): void =>
  sessionList.set((list) => {
    const byId = new Map(list.byId);
    byId.delete(id);
    return { ...list, byId };
  });

/** Sessions under deletion: hidden at once, deleted when it can no longer be undone. */
export const hidden = createStore<ReadonlySet<string>>(new Set());

export const loadMore = async (): Promise<void> => {
  const { nextCursor } = sessionList.get();
  const page = await client.sessions.list({ limit: 60, ...(nextCursor !== null && { cursor: nextCursor }) });
  beginSeen(page.sessions);
  upsert(page.sessions);
  sessionList.set((list) => ({ ...list, nextCursor: page.nextCursor, state: 'ready' }));
};

const apply = (item: OverviewItem): void => {
  if (item.type === 'ready') {
    connection.set('live');
    return;
  }
  if (item.type === 'session.deleted') {
    forget(item.sessionId);
    return;
  }
  upsert([item.session]);
  sessionList.set((list) => {
    const outcomes = new Map(list.outcomes);
    if (item.lastOutcome === null) outcomes.delete(item.session.id);
    else outcomes.set(item.session.id, item.lastOutcome);
    return { ...list, outcomes };
  });
};

/** Follows all sessions as long as the page is looked at, over as many connections as it takes. */
export const followSessions = (): (() => void) =>
  whileVisible(async (signal) => {
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        if (sessionList.get().state !== 'ready') await loadMore();
        for await (const item of await client.overview.stream(undefined, { signal })) {
          attempt = 0;
          apply(item);
        }
      } catch (error) {
        if (signal.aborted) return;
        const fault = faultOf(error);
        if (sessionList.get().state === 'loading') sessionList.set((list) => ({ ...list, state: 'failed' }));
        if (!isTransient(fault)) return connection.set('lost');
      }
      if (signal.aborted) return;
      connection.set('lost');
      await waitToRetry(Math.min(5_000, 500 * 2 ** Math.min(attempt, 4)), signal);
    }
  });

export const useSessions = (): SessionList & { sorted: Session[] } => {
  const list = useStore(sessionList);
  const gone = useStore(hidden);
  const sorted = useMemo(
    () =>
      [...list.byId.values()]
        .filter(({ id, channel }) => !gone.has(id) && channel !== 'direct')
        .sort((a, b) => b.updatedAt - a.updatedAt),
    [list.byId, gone],
  );
  return { ...list, sorted };
};

/** One session; asked for when the list does not hold it. */
export const useSession = (id: string | null): Session | null => {
  const { byId } = useStore(sessionList);
  const session = id === null ? null : (byId.get(id) ?? null);
  useEffect(() => {
    if (id !== null && session === null)
      client.sessions.get({ id }).then((found) => upsert([found]), faultOf);
  }, [id, session]);
  return session;
};
