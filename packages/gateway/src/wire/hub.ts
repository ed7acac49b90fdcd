import { type EventBus, homeTenant, type Log, type Owner, ownerKey, type Store } from '@reeve/core';
import type { StreamItem } from '@reeve/protocol';
import type { Connection } from './connection.ts';
import { createLiveRun, fragment, needsAll, type RunResult, textOf } from './live-run.ts';
import { type Named, type SessionNames, wireIdOf } from './names.ts';
import { createNarrator, runOf } from './narrate.ts';
import { presentMessage, sessionFacts } from './present.ts';
import type { RunNames } from './run-names.ts';
import { createWatchedSessions, type WatchedSession } from './watched.ts';

/**
 * Turns what happens in sessions into events for the sockets that may and want to hear of it. A frame is made once,
 * however many get it. Durable facts are never left out; fragments may be, for a client that does not keep up: the
 * next one it gets says all that it missed.
 */
export interface Hub {
  /** Makes ready for what a request is about to start; the result ends that, at the end of `runId` when one is given. */
  follow(connection: Connection, owner: Owner, named: Named): (runId?: string) => void;
  /** Sends the messages behind `after` first, each once, then all that happens. Resolves when that is done, to the last place sent. */
  subscribe(connection: Connection, owner: Owner, named: Named, after?: number): Promise<number>;
  unsubscribe(connection: Connection, sessionId: string): void;
  subscribeAll(connection: Connection): void;
  unsubscribeAll(connection: Connection): void;
  /** Calls back at the end of a run that is going on; false when it is not, or not known. */
  onEnd(sessionId: string, runId: string, then: (result: RunResult) => void): boolean;
  /** The clients' names of what runs in a session. */
  activeRunIds(sessionId: string): string[];
  leave(connection: Connection): void;
  close(): void;
}

const page = 500;

export const createHub = (deps: {
  bus: EventBus;
  store: Store;
  names: SessionNames;
  runNames: RunNames;
  log: Log;
  now: () => number;
}): Hub => {
  const { store, names, runNames, now } = deps;
  const watched = createWatchedSessions(now);
  const { everything, forgetIdle, watch } = watched;
  const narrate = createNarrator({ watched, runNames, store, now });

  /** Looks up what is not known yet, then goes on with what came meanwhile, in order. */
  const catchUp = async (session: WatchedSession): Promise<void> => {
    try {
      for (;;) {
        const item = session.pending![0];
        if (!item) break;
        // Somebody may have named the owner by following the session meanwhile.
        if (session.owner === '' && !(await findOwner(session, item)) && session.owner === '') {
          watched.drop(session);
          return;
        }
        const runId = unknownRunOf(session, item);
        if (runId !== null) await findRun(session, runId);
        session.pending!.shift();
        narrate(session, item);
      }
    } catch (error) {
      deps.log.error({ sessionId: session.sessionId, err: error }, 'events of a session could not be told');
    }
    session.pending = null;
    forgetIdle(session);
  };

  const findOwner = async (session: WatchedSession, item: StreamItem): Promise<boolean> => {
    for (const [key, [connection]] of everything) {
      const owner = connection!.principal.actor;
      const isOwners =
        item.type === 'session.created'
          ? key === ownerKey({ tenantId: item.data.tenantId ?? homeTenant, userId: item.data.owner })
          : (await store.session(owner, session.sessionId)) !== null;
      if (!isOwners) continue;
      session.key = await names.keyOf(owner, session.sessionId);
      session.owner = key;
      return true;
    }
    return false;
  };

  const findRun = async (session: WatchedSession, runId: string) => {
    const turn = await store.turn(runId);
    if (!turn || turn.state === 'ended') return;
    const [event] = await store.events(session.sessionId, turn.seq - 1, 1);
    const key = event?.type === 'message.received' ? event.data.idempotencyKey : '';
    session.runs.set(runId, createLiveRun(runId, wireIdOf(key, runId), event?.at ?? now(), false));
  };

  const stopListening = deps.bus.subscribe('*', (item) => {
    let session = watched.get(item.sessionId);
    if (!session) {
      if (everything.size === 0) return;
      session = watch(item.sessionId, '', '');
    }
    const isUnknown = session.owner === '' || unknownRunOf(session, item) !== null;
    if (session.pending) session.pending.push(item);
    else if (isUnknown) {
      session.pending = [item];
      void catchUp(session);
    } else narrate(session, item);
  });

  const release = (session: WatchedSession, connection: Connection) => {
    const left = (session.starters.get(connection) ?? 0) - 1;
    if (left > 0) session.starters.set(connection, left);
    else session.starters.delete(connection);
    forgetIdle(session);
  };

  const onEnd: Hub['onEnd'] = (sessionId, runId, then) => {
    const run = watched.get(sessionId)?.runs.get(runId);
    run?.onEnd.push(then);
    return run !== undefined;
  };

  const unsubscribeAll = (connection: Connection) => {
    const owner = ownerKey(connection.principal.actor);
    const all = everything.get(owner);
    if (all?.delete(connection) && all.size === 0) everything.delete(owner);
  };

  return {
    onEnd,
    follow(connection, owner, named) {
      const session = watch(named.sessionId, ownerKey(owner), named.key);
      session.starters.set(connection, (session.starters.get(connection) ?? 0) + 1);
      const done = () => release(session, connection);
      const stop = (runId?: string): void => {
        if (runId !== undefined && session.pending) setImmediate(stop, runId);
        else if (runId === undefined || !onEnd(named.sessionId, runId, done)) done();
      };
      return stop;
    },

    async subscribe(connection, owner, named, after) {
      const session = watch(named.sessionId, ownerKey(owner), named.key);
      session.subscribers.add(connection);
      const letGo = connection.hold(named.sessionId);
      let last = after ?? 0;
      try {
        for (let isMore = after !== undefined; isMore; ) {
          const messages = await store.messages(named.sessionId, { after: last, limit: page });
          for (const message of await runNames.show(messages)) {
            const shown = {
              ...sessionFacts(named),
              message: presentMessage(message),
              messageId: message.id,
              messageSeq: message.seq,
            };
            connection.event('session.message', JSON.stringify(shown));
            last = message.seq;
          }
          isMore = messages.length === page;
        }
      } finally {
        letGo(last);
      }
      for (const run of session.runs.values()) {
        if (textOf(run) === '' || run.live === null) continue;
        const { agent, chat } = fragment(run, session, needsAll, connection.protocol, now());
        connection.deliver(session.sessionId, 'agent', agent);
        connection.deliver(session.sessionId, 'chat', chat);
        run.behind.delete(connection);
      }
      return last;
    },

    unsubscribe(connection, sessionId) {
      const session = watched.get(sessionId);
      if (session?.subscribers.delete(connection)) forgetIdle(session);
    },
    subscribeAll(connection) {
      const owner = ownerKey(connection.principal.actor);
      everything.set(owner, (everything.get(owner) ?? new Set()).add(connection));
    },
    unsubscribeAll,
    activeRunIds: (sessionId) => [...(watched.get(sessionId)?.runs.values() ?? [])].map((run) => run.wireId),
    leave(connection) {
      unsubscribeAll(connection);
      for (const session of watched.all()) {
        session.subscribers.delete(connection);
        session.starters.delete(connection);
        for (const run of session.runs.values()) run.behind.delete(connection);
        forgetIdle(session);
      }
    },
    close: stopListening,
  };
};

/** Items that tell of a run which must have begun before. */
const unknownRunOf = (session: WatchedSession, item: StreamItem): string | null => {
  if (item.type === 'message.received' || item.type === 'command.received') return null;
  const runId = runOf(item);
  return runId === null || runId === '' || session.runs.has(runId) ? null : runId;
};
