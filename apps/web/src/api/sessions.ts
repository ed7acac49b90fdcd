import { isTransient } from '@reeve/client';
import type { Activity, OverviewItem, RunOutcome, Session } from '@reeve/protocol';
import { useEffect, useMemo } from 'react';
import { createStore, useStore } from '../lib/store.ts';
import { refreshPending } from './approvals.ts';
import { client, faultOf } from './client.ts';
import { connection, waitToRetry, whileVisible } from './connection.ts';

export interface SessionList {
  byId: ReadonlyMap<string, Session>;
  /** How the last run of a session ended, where that is known. */
  outcomes: ReadonlyMap<string, RunOutcome>;
  /** How far each session was read, on whichever device. */
  readSeqs: ReadonlyMap<string, number>;
  /** What the running answer of a session does. */
  activities: ReadonlyMap<string, Activity>;
  nextCursor: string | null;
  state: 'loading' | 'ready' | 'failed';
}

/** Every session that was heard of, kept up to date by the overview stream. */
export const sessionList = createStore<SessionList>({
  byId: new Map(),
  outcomes: new Map(),
  readSeqs: new Map(),
  activities: new Map(),
  nextCursor: null,
  state: 'loading',
});

const withEntry = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V | null | undefined): ReadonlyMap<K, V> => {
  if (map.get(key) === (value ?? undefined)) return map;
  const changed = new Map(map);
  if (value === null || value === undefined) changed.delete(key);
  else changed.set(key, value);
  return changed;
};

/** Marks never go back, in whatever order news of them arrive. */
const noteRead = (id: string, seq: number): void =>
  sessionList.set((list) =>
    seq <= (list.readSeqs.get(id) ?? 0) ? list : { ...list, readSeqs: withEntry(list.readSeqs, id, seq) },
  );

export const isUnread = ({ id, newsSeq }: Session, { readSeqs }: Pick<SessionList, 'readSeqs'>): boolean =>
  newsSeq > (readSeqs.get(id) ?? 0);

/** Tells the gateway what was read, and it all other pages. When it cannot be told now, whoever reads on tells it again. */
export const markRead = (id: string, seq: number): void =>
  void client.sessions.markRead({ id, seq }).then(({ readSeq }) => noteRead(id, readSeq), faultOf);

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
  for (const [id, seq] of Object.entries(page.readSeqs)) noteRead(id, seq);
  upsert(page.sessions);
  sessionList.set((list) => ({ ...list, nextCursor: page.nextCursor, state: 'ready' }));
};

/** A session tells that it began to ask, or that it asks no more. */
const isAbout = (item: OverviewItem): boolean => {
  const wasAsking = (id: string) => sessionList.get().activities.get(id)?.phase === 'asking';
  if (item.type === 'session.progressed')
    return item.activity.phase === 'asking' || wasAsking(item.sessionId);
  return item.type === 'session.changed' && !item.session.isRunning && wasAsking(item.session.id);
};

const apply = (item: OverviewItem): void => {
  if (isAbout(item)) void refreshPending();
  switch (item.type) {
    case 'ready':
      connection.set('live');
      break;
    case 'session.deleted':
      forget(item.sessionId);
      break;
    case 'session.read':
      noteRead(item.sessionId, item.readSeq);
      break;
    case 'session.progressed':
      sessionList.set((list) => ({
        ...list,
        activities: withEntry(list.activities, item.sessionId, item.activity),
      }));
      break;
    case 'session.changed': {
      const { session, lastOutcome, readSeq } = item;
      noteRead(session.id, readSeq);
      upsert([session]);
      sessionList.set((list) => ({
        ...list,
        outcomes: withEntry(list.outcomes, session.id, lastOutcome),
        activities: session.isRunning ? list.activities : withEntry(list.activities, session.id, null),
      }));
    }
  }
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
