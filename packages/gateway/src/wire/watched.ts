import type { StreamItem } from '@reeve/protocol';
import type { Connection } from './connection.ts';
import type { LiveRun } from './live-run.ts';
import { sessionFacts } from './present.ts';

/** A session that somebody watches or that is answering. */
export interface WatchedSession {
  readonly sessionId: string;
  /** {@link ownerKey}; '' while it is not known. */
  owner: string;
  key: string;
  /** Connections that asked for everything here. */
  subscribers: Set<Connection>;
  /** Connections that wait for a run of theirs, and for how many. */
  starters: Map<Connection, number>;
  runs: Map<string, LiveRun>;
  /** What came while something about the session had to be looked up. */
  pending: StreamItem[] | null;
}

/** Who watches what. Sessions that nobody watches and where nothing runs are not kept. */
export interface WatchedSessions {
  get(sessionId: string): WatchedSession | undefined;
  all(): Iterable<WatchedSession>;
  watch(sessionId: string, owner: string, key: string): WatchedSession;
  drop(session: WatchedSession): void;
  forgetIdle(session: WatchedSession): void;
  /** Owners with connections that want to hear of all their sessions, and these. */
  everything: Map<string, Set<Connection>>;
  /** Whoever hears of a session at all: those who asked for it, and those who wait for a run of theirs. */
  watchersOf(session: WatchedSession): Iterable<Connection>;
  isWatched(session: WatchedSession): boolean;
  /** An event for all who watch; `payload` is JSON. */
  tell(session: WatchedSession, name: string, payload: string): void;
  /** An event for those who asked for the session; made only when there is one. `seq` is its place in the journal. */
  tellSubscribers(session: WatchedSession, name: string, make: () => object, seq?: number): void;
  tellChange(session: WatchedSession, change: object): void;
}

export const createWatchedSessions = (now: () => number): WatchedSessions => {
  const sessions = new Map<string, WatchedSession>();
  /** Connections that want to hear of every session of their owner. */
  const everything = new Map<string, Set<Connection>>();

  const watch = (sessionId: string, owner: string, key: string): WatchedSession => {
    const known = sessions.get(sessionId);
    if (known && known.owner === '' && owner !== '') Object.assign(known, { owner, key });
    if (known) return known;
    const session: WatchedSession = {
      sessionId,
      owner,
      key,
      subscribers: new Set(),
      starters: new Map(),
      runs: new Map(),
      pending: null,
    };
    sessions.set(sessionId, session);
    return session;
  };
  const forgetIdle = (session: WatchedSession) => {
    const isIdle =
      session.runs.size === 0 &&
      session.starters.size === 0 &&
      session.subscribers.size === 0 &&
      session.pending === null;
    if (isIdle) sessions.delete(session.sessionId);
  };

  const subscribersOf = (session: WatchedSession): Iterable<Connection> => {
    const all = everything.get(session.owner);
    if (!all) return session.subscribers;
    return session.subscribers.size === 0 ? all : new Set([...session.subscribers, ...all]);
  };
  const watchersOf = (session: WatchedSession): Iterable<Connection> => {
    if (session.starters.size === 0) return subscribersOf(session);
    if (session.subscribers.size === 0 && !everything.has(session.owner)) return session.starters.keys();
    return new Set([...session.starters.keys(), ...subscribersOf(session)]);
  };
  const tell = (session: WatchedSession, name: string, payload: string) => {
    for (const connection of watchersOf(session)) connection.deliver(session.sessionId, name, payload);
  };
  const tellSubscribers = (session: WatchedSession, name: string, make: () => object, seq?: number) => {
    let payload: string | undefined;
    for (const connection of subscribersOf(session)) {
      payload ??= JSON.stringify(make());
      connection.deliver(session.sessionId, name, payload, seq);
    }
  };
  const tellChange = (session: WatchedSession, change: object) =>
    tellSubscribers(session, 'sessions.changed', () => ({
      ...sessionFacts(session),
      ...change,
      ts: now(),
      hasActiveRun: session.runs.size > 0,
      activeRunIds: [...session.runs.values()].map((run) => run.wireId),
    }));
  return {
    get: (sessionId) => sessions.get(sessionId),
    all: () => sessions.values(),
    watch,
    drop: (session) => void sessions.delete(session.sessionId),
    forgetIdle,
    everything,
    watchersOf,
    isWatched(session) {
      for (const _connection of watchersOf(session)) return true;
      return false;
    },
    tell,
    tellSubscribers,
    tellChange,
  };
};
