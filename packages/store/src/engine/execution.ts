import type { Clock, Log, RunFn, RunState } from '@reeve/core';
import { FaultError, isFaultError, type Json } from '@reeve/protocol';
import type { Committer } from '../sqlite/committer.ts';
import type { Db } from '../sqlite/handle.ts';
import { endRunRow, forgetJournal, openRun, selectSteps, setAttempt } from './queries.ts';
import { createRunContext, type RunJournal } from './run-context.ts';

/** A run of which the function is being executed. */
export interface Live {
  abort: AbortController;
  isCancelled: boolean;
}

/** Why a run is aborted that goes on at the next start. */
export class Drained extends Error {}

interface Outcome {
  state: RunState;
  result?: Json;
  error?: string;
}

/** Resolves once the run ended or the engine drains; a failing disk is waited out, with growing pauses. */
export type Execute = (runId: string, current: Live) => Promise<void>;

export const createExecute = (deps: {
  db: Db;
  /** Sees what is durable. */
  committed: Db;
  committer: Committer;
  clock: Clock;
  log: Log;
  functions: ReadonlyMap<string, RunFn>;
  journal: RunJournal;
  isDraining: () => boolean;
}): Execute => {
  const { db, committed, committer, clock, log, functions, journal } = deps;

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
      await forgetJournal(db, runId, hasSteps);
      return true;
    });

  /** One execution of a run's function, from the journal on. Rejects when it could not be journalled. */
  const executeOnce = async (runId: string, current: Live): Promise<void> => {
    const row = await openRun(committed, runId);
    if (!row) return;
    const fn = functions.get(row.fn);
    if (!fn) {
      await end(runId, { state: 'failed', error: `no function ${row.fn}` });
      return;
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
      journal,
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
        return;
      }
      outcome = failure(error);
    }
    // Queued behind the run's own writes, so that one fsync makes all durable; what does not go with them is awaited.
    if (await end(runId, outcome, unsettled(), hasSteps())) return;
    await settle().catch((error: unknown) => {
      outcome = failure(error);
    });
    await end(runId, outcome);
  };

  return async (runId, current) => {
    let pauseMs = 100;
    for (;;) {
      try {
        await executeOnce(runId, current);
        break;
      } catch (error) {
        log.error({ runId, err: error }, 'the run could not be journalled; it will be tried again');
      }
      if (deps.isDraining()) break;
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
  };
};
