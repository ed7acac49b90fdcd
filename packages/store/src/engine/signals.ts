import type { Json } from '@reeve/protocol';
import { sql } from 'kysely';
import type { Committer } from '../sqlite/committer.ts';
import type { Db } from '../sqlite/handle.ts';
import { openRun } from './queries.ts';

/** What is sent to runs: kept until they end, and told at once to those that wait for it. */
export interface Signals {
  /** The payload of the first signal of this name, if one has come. */
  read(runId: string, name: string): Promise<{ payload: Json } | null>;
  /** Calls back on each signal of this name from now on. */
  on(runId: string, name: string, wake: () => void): () => void;
  send(runId: string, name: string, payload: Json, idem: string): Promise<void>;
}

export const createSignals = (deps: { db: Db; committed: Db; committer: Committer }): Signals => {
  const { db, committed, committer } = deps;
  const wakers = new Map<string, Set<() => void>>();
  return {
    async read(runId, name) {
      const row = await committed
        .selectFrom('engine_signals')
        .select('payload_json')
        .where('run_id', '=', runId)
        .where('name', '=', name)
        .orderBy(sql`rowid`)
        .limit(1)
        .executeTakeFirst();
      return row ? { payload: JSON.parse(row.payload_json) as Json } : null;
    },
    on(runId, name, wake) {
      const key = `${runId}/${name}`;
      const set = wakers.get(key) ?? new Set();
      wakers.set(key, set.add(wake));
      return () => {
        set.delete(wake);
        if (set.size === 0) wakers.delete(key);
      };
    },
    async send(runId, name, payload, idem) {
      await committer.write(async () => {
        if (!(await openRun(db, runId))) return;
        await db
          .insertInto('engine_signals')
          .values({ run_id: runId, name, idem, payload_json: JSON.stringify(payload) })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      });
      for (const wake of [...(wakers.get(`${runId}/${name}`) ?? [])]) wake();
    },
  };
};
