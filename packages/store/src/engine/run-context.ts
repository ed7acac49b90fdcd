import type { Clock, RunCtx } from '@reeve/core';
import type { Json } from '@reeve/protocol';
import type { Signals } from './signals.ts';

/** The rows of runs, and what wakes them. */
export interface RunJournal {
  saveSteps(runId: string, steps: readonly (readonly [name: string, result: Json])[]): Promise<void>;
  readSignal: Signals['read'];
  onSignal: Signals['on'];
  /** Parked or not, for the statistics. */
  setWaiting(runId: string, isWaiting: boolean): void;
}

export interface LiveRun {
  ctx: RunCtx;
  /** Writes of the run that may not be durable yet. */
  unsettled(): Promise<unknown>[];
  /** Whether rows of steps may have to be removed when it ends. */
  hasSteps(): boolean;
  /** Resolves when all writes of the run are durable; rejects when one was lost. */
  settle(): Promise<void>;
}

export const createRunContext = (
  run: {
    runId: string;
    lane: string;
    attempt: number;
    steps: Map<string, Json>;
    signal: AbortSignal;
    isCancelled: () => boolean;
  },
  journal: RunJournal,
  clock: Clock,
): LiveRun => {
  const { runId, steps, signal } = run;
  let writes: Promise<unknown>[] = [];
  const lazyWrites: Promise<unknown>[] = [];
  let sleeps = 0;
  let newSteps: (readonly [string, Json])[] = [];
  let hasSteps = steps.size > 0;

  const hold = (write: Promise<unknown>, options?: { isLazy?: boolean }) => {
    // Whoever settles hears of a failure; until then it must not count as unhandled.
    write.catch(() => {});
    (options?.isLazy ? lazyWrites : writes).push(write);
  };
  /** Results go out when something is about to rest on them; those of a run that ends first never have to. */
  const writeSteps = () => {
    if (newSteps.length === 0) return;
    hold(journal.saveSteps(runId, newSteps));
    newSteps = [];
    hasSteps = true;
  };
  const settle = async () => {
    writeSteps();
    while (writes.length > 0) {
      const waiting = writes;
      writes = [];
      await Promise.all(waiting);
    }
  };
  const settleAll = async () => {
    await settle();
    await Promise.all(lazyWrites);
  };

  const record = <T>(name: string, result: T): T => {
    steps.set(name, result as Json);
    newSteps.push([name, result as Json]);
    return result;
  };

  /** Waits until `deadline` or for `bell`; rejects when the run is aborted. */
  const park = async (deadline: number, bell?: Promise<void>): Promise<void> => {
    const over = Promise.withResolvers<void>();
    const aborted = () => over.reject(signal.reason);
    journal.setWaiting(runId, true);
    signal.addEventListener('abort', aborted, { once: true });
    const stop = clock.at(deadline, over.resolve);
    void bell?.then(over.resolve);
    try {
      await over.promise;
    } finally {
      stop();
      signal.removeEventListener('abort', aborted);
      journal.setWaiting(runId, false);
    }
  };

  const deadlineOf = async (name: string, ms: number): Promise<number> => {
    const deadline =
      (steps.get(`${name}#deadline`) as number | undefined) ?? record(`${name}#deadline`, clock.now() + ms);
    await settle();
    return deadline;
  };

  const ctx: RunCtx = {
    runId,
    lane: run.lane,
    attempt: run.attempt,
    signal,
    isCancelled: run.isCancelled,
    hold,
    flush: settleAll,

    async step<T>(name: string, fn: (key: string) => Promise<T>): Promise<T> {
      if (steps.has(name)) return steps.get(name) as T;
      signal.throwIfAborted();
      await settle();
      signal.throwIfAborted();
      return record(name, await fn(`${runId}/${name}`));
    },

    async waitFor<T extends Json>(name: string, timeoutMs: number): Promise<T | null> {
      const result = `${name}#result`;
      if (steps.has(result)) return steps.get(result) as T | null;
      const deadline = await deadlineOf(name, timeoutMs);
      for (;;) {
        signal.throwIfAborted();
        // Listens before it looks, so that a signal in between is not missed.
        const bell = Promise.withResolvers<void>();
        const stop = journal.onSignal(runId, name, bell.resolve);
        try {
          const found = await journal.readSignal(runId, name);
          if (found) return record(result, found.payload as T);
          if (clock.now() >= deadline) return record(result, null);
          signal.throwIfAborted();
          await park(deadline, bell.promise);
        } finally {
          stop();
        }
      }
    },

    async sleep(ms: number): Promise<void> {
      // The n-th sleep of a run is always the same one, since step order is fixed.
      sleeps += 1;
      const name = `sleep ${sleeps}`;
      const deadline = await deadlineOf(name, ms);
      while (clock.now() < deadline) {
        signal.throwIfAborted();
        await park(deadline);
      }
    },
  };
  return { ctx, hasSteps: () => hasSteps, unsettled: () => [...writes, ...lazyWrites], settle: settleAll };
};
