import type { Clock, Engine, Enqueue, Log, RunFn, RunRecord, RunState } from '@reeve/core';
import { FaultError, type Json } from '@reeve/protocol';
import { type Selectable, sql } from 'kysely';
import type { Committer } from '../sqlite/committer.ts';
import type { Db, SqliteHandle } from '../sqlite/handle.ts';
import type { Schema } from '../sqlite/schema.ts';
import { createExecute, Drained, type Live } from './execution.ts';
import { createLanes } from './lanes.ts';
import { countOpenRuns, forgetJournal, insertRunRow, insertStep, openRun } from './queries.ts';
import { createScheduler } from './schedules.ts';
import { createSignals } from './signals.ts';

export interface EmbeddedEngineOptions {
  writer: SqliteHandle;
  /** Sees what is durable. */
  committed: Db;
  committer: Committer;
  clock: Clock;
  log: Log;
  concurrency: number;
  laneLimit: number;
}

/** Ended runs are kept this long, so that a late duplicate of an enqueue is still known. */
const keepEndedMs = 7 * 24 * 60 * 60 * 1000;

const toRecord = (
  row: Selectable<Schema['engine_runs']>,
  isActive: boolean,
  isWaiting: boolean,
): RunRecord => ({
  runId: row.run_id,
  lane: row.lane,
  fn: row.fn,
  state:
    row.ended_at !== null ? (row.state as RunState) : isWaiting ? 'waiting' : isActive ? 'running' : 'queued',
  ...(row.result_json !== null && { result: JSON.parse(row.result_json) as Json }),
  ...(row.error !== null && { error: row.error }),
});

/** The Engine port for one process on SQLite: promise lanes over a journal of steps, and nothing distributed. */
export const createEmbeddedEngine = (options: EmbeddedEngineOptions): Engine => {
  const { writer, committed, committer, clock } = options;
  const { db } = writer;
  const functions = new Map<string, RunFn>();
  const live = new Map<string, Live>();
  const waiting = new Set<string>();
  const delayed = new Map<string, () => void>();
  const executions = new Set<Promise<void>>();
  let state: 'new' | 'started' | 'draining' = 'new';

  const makeReady = (lane: string, runId: string, dueAt: number) => {
    if (state !== 'started') return;
    if (dueAt <= clock.now()) return lanes.push(lane, runId);
    delayed.set(
      runId,
      clock.at(dueAt, () => {
        delayed.delete(runId);
        makeReady(lane, runId, dueAt);
      }),
    );
  };

  /** Inside a write. Returns what to do once that is durable. */
  const insertRun = async (tx: Db, run: Enqueue): Promise<() => void> => {
    const dueAt = clock.now() + (run.delayMs ?? 0);
    const inserted = await insertRunRow(tx, {
      run_id: run.runId,
      lane: run.lane,
      fn: run.fn,
      input_json: JSON.stringify(run.input),
      due_at: dueAt,
    });
    if (inserted.length === 0) return () => {};
    return () => makeReady(run.lane, run.runId, dueAt);
  };

  const signals = createSignals({ db, committed, committer });
  const execute = createExecute({
    ...options,
    db,
    functions,
    isDraining: () => state === 'draining',
    journal: {
      saveSteps: (runId, steps) =>
        committer.write(async () => {
          for (const [name, result] of steps)
            await insertStep(db, { runId, name, result: JSON.stringify(result) });
        }),
      readSignal: signals.read,
      onSignal: signals.on,
      setWaiting(runId, isWaiting) {
        if (isWaiting) {
          waiting.add(runId);
          lanes.park();
        } else {
          waiting.delete(runId);
          lanes.resume();
        }
      },
    },
  });
  const work = async (lane: string, runId: string): Promise<void> => {
    const current: Live = { abort: new AbortController(), isCancelled: false };
    live.set(runId, current);
    await execute(runId, current);
    live.delete(runId);
    if (state !== 'draining') lanes.free(lane);
  };

  const lanes = createLanes(options.concurrency, (lane, runId) => {
    const execution = work(lane, runId).finally(() => executions.delete(execution));
    executions.add(execution);
  });

  const scheduler = createScheduler(db, committer, clock, (tx, run) => insertRun(tx, run));

  return {
    register: (name, fn) => void functions.set(name, fn),

    async start() {
      const open = await committer.write(async () => {
        await db
          .deleteFrom('engine_runs')
          .where('ended_at', '<', clock.now() - keepEndedMs)
          .execute();
        return db
          .selectFrom('engine_runs')
          .select(['run_id', 'lane', 'due_at'])
          .where('ended_at', 'is', null)
          .orderBy('id')
          .execute();
      });
      if (state === 'draining') return;
      // Whoever enqueued before that write is among them, whoever enqueues after it stands behind them.
      state = 'started';
      for (const run of open) makeReady(run.lane, run.run_id, run.due_at);
      await scheduler.start();
    },

    async drain(ms) {
      state = 'draining';
      scheduler.stop();
      for (const cancel of delayed.values()) cancel();
      delayed.clear();
      const parked = [...live].filter(([runId]) => waiting.has(runId));
      for (const [, run] of parked) run.abort.abort(new Drained('the engine drains'));
      const all = Promise.allSettled([...executions]);
      const isDone = await new Promise<boolean>((resolve) => {
        const stop = clock.at(clock.now() + ms, () => resolve(false));
        void all.then(() => {
          stop();
          resolve(true);
        });
      });
      if (!isDone) for (const run of live.values()) run.abort.abort(new Drained('the engine drains'));
      await all;
    },

    async enqueue(run) {
      if (state === 'draining') throw new FaultError('SHUTTING_DOWN');
      const started = await committer.write(async () => {
        const [{ n }] = (await countOpenRuns(db, { lane: run.lane })) as [{ n: number }];
        // One more than the limit may be open: the one that runs does not wait.
        if (
          n > options.laneLimit &&
          !(await db
            .selectFrom('engine_runs')
            .select('id')
            .where('run_id', '=', run.runId)
            .executeTakeFirst())
        ) {
          throw new FaultError('BUSY');
        }
        return insertRun(db, run);
      });
      started();
    },

    signal: signals.send,

    async cancel(runId) {
      const row = await committer.write(async () => {
        const found = await openRun(db, runId);
        if (!found) return null;
        const isActive = live.has(runId);
        await db
          .updateTable('engine_runs')
          .set({
            is_cancelled: 1,
            ...(!isActive && { state: 'cancelled', ended_at: clock.now(), input_json: 'null' }),
          })
          .where('run_id', '=', runId)
          .execute();
        if (!isActive) await forgetJournal(db, runId);
        return found;
      });
      if (!row) return false;
      delayed.get(runId)?.();
      delayed.delete(runId);
      lanes.remove(row.lane, runId);
      const current = live.get(runId);
      if (current && !current.isCancelled) {
        current.isCancelled = true;
        current.abort.abort(new FaultError('TIMEOUT', 'cancelled'));
      }
      return true;
    },

    async get(runId) {
      const row = await committed
        .selectFrom('engine_runs')
        .selectAll()
        .where('run_id', '=', runId)
        .executeTakeFirst();
      return row ? toRecord(row, live.has(runId), waiting.has(runId)) : null;
    },

    async pending(lane) {
      const rows = await committed
        .selectFrom('engine_runs')
        .selectAll()
        .where('lane', '=', lane)
        .where('ended_at', 'is', null)
        .orderBy('id')
        .execute();
      return rows.map((row) => toRecord(row, live.has(row.run_id), waiting.has(row.run_id)));
    },

    schedule: (schedule) => scheduler.set(schedule),
    unschedule: (id) => scheduler.remove(id),

    async nextAt(id) {
      const row = await committed
        .selectFrom('schedules')
        .select('next_at')
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.next_at ?? null;
    },

    async stats() {
      const { n } = await committed
        .selectFrom('schedules')
        .select(sql<number>`count(*)`.as('n'))
        .executeTakeFirstOrThrow();
      const { running, queued } = lanes.counts();
      return { running, queued, waiting: waiting.size + delayed.size, schedules: n };
    },
  };
};
