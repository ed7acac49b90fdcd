import type { SqliteHandle } from './handle.ts';
import { isStorageError, storageFault } from './handle.ts';

interface Job {
  run(): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  stage: 'queued' | 'written' | 'failed';
  value?: unknown;
  error?: unknown;
}

export interface Committer {
  /** Runs `fn` inside the next transaction; resolves once that is durable. */
  write<T>(fn: () => Promise<T>, options?: { isLazy?: boolean }): Promise<T>;
  /** Inside a write: whether an earlier write is durable, or becomes so together with this one. False for a promise of anything else. */
  joins(write: Promise<unknown>): boolean;
  /** Called inside each transaction, right before it is made durable. */
  beforeCommit(listener: () => Promise<void>): void;
  /** Called after each durable transaction, before its writers' promises resolve. */
  onCommitted(listener: () => void): void;
  /** Called when a transaction was lost. */
  onLost(listener: () => void): void;
  state(): { state: 'ok' | 'failing'; lastError: string | null };
  /** Commits what waits and takes no more. */
  close(): Promise<void>;
}

/** Writers of one event-loop turn share a transaction, so one fsync serves them all; this bounds how many. */
const batchLimit = 1_000;
const lazyDelayMs = 200;

/**
 * The single writer. Every job of a batch runs in a savepoint of its own: one that throws takes back only its own
 * writes. When the disk fails, the whole batch is rejected with DATABASE_ERROR and nothing of it remains.
 */
export const createCommitter = (
  handle: SqliteHandle,
  log: (message: string, code: string) => void,
): Committer => {
  const statement = (sql: string) => handle.raw.prepare(sql);
  const begin = statement('BEGIN IMMEDIATE');
  const commit = statement('COMMIT');
  const savepoint = statement('SAVEPOINT job');
  const release = statement('RELEASE job');
  const rollbackJob = statement('ROLLBACK TO job');

  const queue: Job[] = [];
  const jobs = new WeakMap<Promise<unknown>, Job>();
  let isScheduled = false;
  let isRunning = false;
  let isClosed = false;
  let lazyTimer: NodeJS.Timeout | undefined;
  let lastError: string | null = null;
  const beforeListeners: (() => Promise<void>)[] = [];
  const committedListeners: (() => void)[] = [];
  const lostListeners: (() => void)[] = [];
  let idle: (() => void)[] = [];

  const runJob = async (job: Job) => {
    savepoint.run();
    try {
      job.value = await job.run();
      job.stage = 'written';
    } catch (error) {
      if (isStorageError(error) || !handle.raw.inTransaction) throw error;
      rollbackJob.run();
      job.stage = 'failed';
      job.error = error;
    }
    release.run();
  };

  const runBatch = async (): Promise<void> => {
    clearTimeout(lazyTimer);
    lazyTimer = undefined;
    const batch: Job[] = [];
    try {
      begin.run();
      // Writes that a job's own continuation adds join the same transaction.
      while (queue.length > 0 && batch.length < batchLimit) {
        const job = queue.shift()!;
        batch.push(job);
        await runJob(job);
      }
      for (const listener of beforeListeners) await listener();
      commit.run();
    } catch (error) {
      if (handle.raw.inTransaction) handle.raw.exec('ROLLBACK');
      if (batch.length === 0) batch.push(...queue.splice(0, batchLimit));
      const isStorage = isStorageError(error);
      lastError = isStorage ? error.code : String(error);
      log(`the database could not be written: ${lastError}`, lastError);
      for (const listener of lostListeners) listener();
      const reason = isStorage ? storageFault(error) : error;
      for (const job of batch) {
        job.reject(job.stage === 'failed' ? job.error : reason);
        job.stage = 'failed';
      }
      return;
    }
    lastError = null;
    for (const listener of committedListeners) listener();
    for (const job of batch) {
      if (job.stage === 'failed') job.reject(job.error);
      else job.resolve(job.value);
    }
  };

  const flush = async () => {
    isScheduled = false;
    if (isRunning) return;
    isRunning = true;
    try {
      while (queue.length > 0) await runBatch();
    } finally {
      isRunning = false;
      for (const resolve of idle) resolve();
      idle = [];
    }
  };

  const schedule = () => {
    if (isScheduled || isRunning) return;
    isScheduled = true;
    setImmediate(flush);
  };

  const onLazyTimer = () => {
    lazyTimer = undefined;
    schedule();
  };

  return {
    write<T>(fn: () => Promise<T>, options?: { isLazy?: boolean }): Promise<T> {
      if (isClosed) return Promise.reject(new Error('the store is closed'));
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const job: Job = { run: fn, resolve: resolve as (value: unknown) => void, reject, stage: 'queued' };
      queue.push(job);
      jobs.set(promise, job);
      if (options?.isLazy) lazyTimer ??= setTimeout(onLazyTimer, lazyDelayMs);
      else schedule();
      return promise;
    },
    joins: (write) => jobs.get(write)?.stage === 'written',
    beforeCommit: (listener) => void beforeListeners.push(listener),
    onCommitted: (listener) => void committedListeners.push(listener),
    onLost: (listener) => void lostListeners.push(listener),
    state: () => ({ state: lastError === null ? 'ok' : 'failing', lastError }),
    async close() {
      clearTimeout(lazyTimer);
      if (queue.length > 0 || isRunning) {
        const done = new Promise<void>((resolve) => idle.push(resolve));
        schedule();
        await done;
      }
      isClosed = true;
    },
  };
};
