import type { Clock } from '@reeve/core';
import { sql } from 'kysely';
import type { Committer } from '../sqlite/committer.ts';
import type { Db, SqliteHandle } from '../sqlite/handle.ts';

/** How long what was said may wait for being indexed, when nobody searches: many events then cost as much as one. */
const delayMs = 2_000;
/** Events that one write indexes: others must get their turn between. */
const batch = 500;

export interface Indexer {
  /** Indexes what was committed since, before long. */
  wake(): void;
  /** Resolves when everything that was committed before is indexed, or cannot be because the disk fails. */
  catchUp(): Promise<void>;
  stop(): void;
}

/**
 * Keeps the index of what was said up to date behind the turns: inside one it would cost 61 µs a message, in batches it
 * costs 4. Which events are in it is written down beside it, in the same transactions.
 */
export const createIndexer = (
  { raw }: SqliteHandle,
  committer: Pick<Committer, 'write'>,
  clock: Clock,
): Indexer => {
  const readState = raw.prepare<[], { through: number; last: number }>(
    'SELECT through, (SELECT coalesce(max(id), 0) FROM events) AS last FROM search_state',
  );
  const add = raw.prepare<[number, number]>(
    'INSERT INTO search_index (rowid, title, text) SELECT id, title, text FROM search_source WHERE id > ? AND id <= ?',
  );
  const saveState = raw.prepare<[number]>('UPDATE search_state SET through = ?');
  /** Whether there is more. */
  const step = async (): Promise<boolean> => {
    const { through, last } = readState.get()!;
    const next = Math.min(last, through + batch);
    if (next <= through) return false;
    add.run(through, next);
    saveState.run(next);
    return next < last;
  };

  let running: Promise<void> | null = null;
  let stopTimer: (() => void) | undefined;
  const run = (isLazy: boolean): Promise<void> =>
    (running ??= (async () => {
      // A disk that fails is told of by whoever writes what matters; the index can catch up later.
      try {
        while (await committer.write(step, { isLazy }));
      } catch {}
      running = null;
    })());

  return {
    wake() {
      stopTimer ??= clock.at(clock.now() + delayMs, () => {
        stopTimer = undefined;
        void run(true);
      });
    },
    async catchUp() {
      // One that is under way may have begun before the last event.
      await running;
      const { through, last } = readState.get()!;
      if (through < last) await run(false);
    },
    stop() {
      stopTimer?.();
    },
  };
};

/** Inside a write, while its events are still there: takes what a session said out of the index. */
export const removeFromIndex = async (db: Db, sessionId: string): Promise<void> => {
  await sql`DELETE FROM search_index WHERE rowid IN (
    SELECT id FROM search_source WHERE session_id = ${sessionId} AND id <= (SELECT through FROM search_state))`.execute(
    db,
  );
};

/** Inside a write: empties the index, so that nothing is taken out of it while the journal is played again. */
export const emptyIndex = ({ raw }: Pick<SqliteHandle, 'raw'>): void => {
  raw.exec(
    "INSERT INTO search_index (search_index) VALUES ('delete-all'); UPDATE search_state SET through = 0;",
  );
};

/** Inside a write: builds the index anew from the journal. */
export const rebuildIndex = ({ raw }: Pick<SqliteHandle, 'raw'>): void => {
  raw.exec(`
    INSERT INTO search_index (search_index) VALUES ('rebuild');
    UPDATE search_state SET through = (SELECT coalesce(max(id), 0) FROM events);`);
};
