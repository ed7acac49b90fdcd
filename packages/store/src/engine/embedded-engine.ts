import type { Clock, Engine, Enqueue, Log, RunFn, RunRecord, RunState } from '@reeve/core';
import { FaultError, isFaultError, type Json } from '@reeve/protocol';
import { type Selectable, sql } from 'kysely';
import type { Committer } from '../sqlite/committer.ts';
import type { Db, SqliteHandle } from '../sqlite/handle.ts';
import type { Schema } from '../sqlite/schema.ts';
import { createLanes } from './lanes.ts';
import {
  countOpenRuns,
  deleteSignals,
  deleteSteps,
  endRunRow,
  insertRunRow,
  insertStep,
  selectOpenRun,
  selectSteps,
  setAttempt,
} from './queries.ts';
import { createRunContext, type RunJournal } from './run-context.ts';
import { createScheduler } from './schedules.ts';

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

interface Outcome {
  state: RunState;
  result?: Json;
  error?: string;
}

interface Live {
  abort: AbortController;
  isCancelled: boolean;
}

class Drained extends Error {}

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
  const { writer, committed, committer, clock, log } = options;
  const { db } = writer;
  const functions = new Map<string, RunFn>();
  const live = new Map<string, Live>();
  const waiting = new Set<string>();
  const delayed = new Map<string, () => void>();
  const wakers = new Map<string, Set<() => void>>();
  const executions = new Set<Promise<void>>();
  let state: 'new' | 'started' | 'draining' = 'new';

  const openRun = async (db: Db, runId: string) => (await selectOpenRun(db, { runId }))[0];

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

  const forgetJournal = async (runId: string, hasSteps = true) => {
    if (hasSteps) await deleteSteps(db, { runId });
    await deleteSignals(db, { runId });
  };

  /** Resolves to false, and ends nothing, when one of the `held` writes would not be durable with or before the end. */
  const end = (
    runId: string,
    outcome: Outcome,
    held: Promise<unknown>[] = [],
    hasSteps = true,
  ): Promise<boolean> =>
    committer.write(async () => {
      if (!held.every(committer.joins)) return false;
      await endRunRow(db, {
        runId,
        state: outcome.state,
        result: outcome.result === undefined ? null : JSON.stringify(outcome.result),
        error: outcome.error ?? null,
        at: clock.now(),
      });
      await forgetJournal(runId, hasSteps);
      return true;
    });

  const journalOf = (runId: string): RunJournal => ({
    saveSteps: (id, steps) =>
      committer.write(async () => {
        for (const [name, result] of steps)
          await insertStep(db, { runId: id, name, result: JSON.stringify(result) });
      }),
    async readSignal(id, name) {
      const row = await committed
        .selectFrom('engine_signals')
        .select('payload_json')
        .where('run_id', '=', id)
        .where('name', '=', name)
        .orderBy(sql`rowid`)
        .limit(1)
        .executeTakeFirst();
      return row ? { payload: JSON.parse(row.payload_json) as Json } : null;
    },
    onSignal(id, name, wake) {
      const key = `${id}/${name}`;
      const set = wakers.get(key) ?? new Set();
      wakers.set(key, set.add(wake));
      return () => {
        set.delete(wake);
        if (set.size === 0) wakers.delete(key);
      };
    },
    setWaiting(isWaiting) {
      if (isWaiting) {
        waiting.add(runId);
        lanes.park();
      } else {
        waiting.delete(runId);
        lanes.resume();
      }
    },
  });

  /** One execution of a run's function, from the journal on. Resolves to whether the run ended. */
  const executeOnce = async (runId: string, current: Live): Promise<boolean> => {
    const row = await openRun(committed, runId);
    if (!row) return true;
    const fn = functions.get(row.fn);
    if (!fn) {
      await end(runId, { state: 'failed', error: `no function ${row.fn}` });
      return true;
    }
    if (row.is_cancelled) current.isCancelled = true;
    if (current.isCancelled) current.abort.abort(new FaultError('TIMEOUT', 'cancelled'));
    const attempt = row.attempt + 1;
    // On the first attempt, too: the disk may have lost the count and kept what came after it.
    const rows = await selectSteps(committed, { runId });
    const steps = new Map(rows.map((step) => [step.name, JSON.parse(step.result_json) as Json]));
    const { ctx, hasSteps, unsettled, settle } = createRunContext(
      {
        runId,
        lane: row.lane,
        attempt,
        steps,
        signal: current.abort.signal,
        isCancelled: () => current.isCancelled,
      },
      journalOf(runId),
      clock,
    );
    // Rides with the first write of the run itself.
    ctx.hold(
      committer.write(() => setAttempt(db, { runId, attempt }), { isLazy: true }),
      { isLazy: true },
    );
    const failure = (error: unknown): Outcome => {
      if (isFaultError(error) && error.fault.code === 'DATABASE_ERROR') throw error;
      if (current.isCancelled) return { state: 'cancelled' };
      log.error({ runId, fn: row.fn, err: error }, 'run failed');
      return { state: 'failed', error: error instanceof Error ? error.message : String(error) };
    };
    let outcome: Outcome;
    try {
      outcome = { state: 'done', result: await fn(ctx, JSON.parse(row.input_json) as Json) };
      if (current.isCancelled) outcome.state = 'cancelled';
    } catch (error) {
      if (current.abort.signal.reason instanceof Drained) {
        // What was done stays done: the next start goes on behind it. If the disk fails, it goes on before.
        await settle().catch(() => {});
        return false;
      }
      outcome = failure(error);
    }
    // Queued behind the run's own writes, so that one fsync makes all durable; what does not go with them is awaited.
    if (await end(runId, outcome, unsettled(), hasSteps())) return true;
    await settle().catch((error: unknown) => {
      outcome = failure(error);
    });
    return end(runId, outcome);
  };

  /** Until the run ended or the engine drains; a failing disk is waited out, with growing pauses. */
  const execute = async (lane: string, runId: string): Promise<void> => {
    const current: Live = { abort: new AbortController(), isCancelled: false };
    live.set(runId, current);
    let pauseMs = 100;
    for (;;) {
      try {
        await executeOnce(runId, current);
        break;
      } catch (error) {
        log.error({ runId, err: error }, 'the run could not be journalled; it will be tried again');
      }
      if (state === 'draining') break;
      await new Promise<void>((resolve) => {
        const stop = clock.at(clock.now() + pauseMs, resolve);
        const giveUp = () => {
          stop();
          resolve();
        };
        current.abort.signal.addEventListener('abort', giveUp, { once: true });
      });
      pauseMs = Math.min(pauseMs * 2, 10_000);
      if (!current.isCancelled && current.abort.signal.aborted) break;
    }
    live.delete(runId);
    if (state !== 'draining') lanes.free(lane);
  };

  const lanes = createLanes(options.concurrency, (lane, runId) => {
    const execution = execute(lane, runId).finally(() => executions.delete(execution));
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

    async signal(runId, name, payload, idem) {
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
        if (!isActive) await forgetJournal(runId);
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
