import type { Json } from '@reeve/protocol';

export type RunState = 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'cancelled';

export interface RunCtx {
  readonly runId: string;
  readonly lane: string;
  /** 1 on the first execution, higher after a crash or a storage failure. */
  readonly attempt: number;
  /** Aborts when the run is cancelled or the engine drains. */
  readonly signal: AbortSignal;
  /** True when the run itself was cancelled (and not the engine drained). */
  isCancelled(): boolean;
  /**
   * Runs `fn` and journals its result under `name`; on a later execution the journalled result is returned and
   * `fn` is not called. Every earlier result of the run is durable before `fn` is called, so an effect never
   * precedes the facts it rests on; the result itself may be written together with what follows it, and is
   * durable before the next `fn`, before the run's end is visible, and before `flush` resolves.
   * At-least-once only for the step in flight at a crash: pass `key` on as idempotency key.
   * What `fn` throws passes through and is not journalled. `T` must be what JSON can hold.
   */
  step<T>(name: string, fn: (key: string) => Promise<T>): Promise<T>;
  /**
   * Names a write of the application that belongs to this run: later steps and the run's end wait for it, the
   * caller need not. With `isLazy` only the run's end does.
   */
  hold(write: Promise<unknown>, options?: { isLazy?: boolean }): void;
  /** Resolves when everything the run wrote so far is durable. */
  flush(): Promise<void>;
  /** A durable wait for `signal(runId, name, …)`; null after `timeoutMs`. Survives restarts; the clock goes on while the process is down. */
  waitFor<T extends Json>(name: string, timeoutMs: number): Promise<T | null>;
  /** A durable timer. */
  sleep(ms: number): Promise<void>;
}

/** A run function must branch only on its input and on step results, and name its steps alike on each execution. */
export type RunFn = (ctx: RunCtx, input: Json) => Promise<Json>;

export interface RunRecord {
  runId: string;
  lane: string;
  fn: string;
  state: RunState;
  result?: Json;
  error?: string;
}

export interface Enqueue {
  runId: string;
  lane: string;
  fn: string;
  input: Json;
  delayMs?: number;
}

export interface Schedule {
  id: string;
  /** Five or six fields, croner syntax. */
  cron: string;
  /** IANA time zone. */
  timeZone: string;
  lane: string;
  fn: string;
  input: Json;
}

export interface EngineStats {
  running: number;
  queued: number;
  waiting: number;
  schedules: number;
}

/**
 * Durable execution. One run at a time per lane, in order of enqueueing; lanes in parallel up to `concurrency`.
 *
 * A run whose function throws ends `failed` with the message. A run interrupted by a crash or by a storage failure
 * is executed again from its journal; unfinished runs of different lanes resume in parallel at start.
 * `enqueue` is a no-op for a known runId, and throws FaultError BUSY when the lane holds `laneLimit` waiting runs.
 * `signal` and `cancel` are idempotent; neither throws for an unknown or ended run.
 * `cancel` resolves true when the run had not ended: a queued run never starts, a running one gets its signal.
 */
export interface Engine {
  register(name: string, fn: RunFn): void;
  start(): Promise<void>;
  /** Stops taking runs, waits up to `ms` for running ones, then aborts them; they resume at the next start. */
  drain(ms: number): Promise<void>;
  enqueue(run: Enqueue): Promise<void>;
  signal(runId: string, name: string, payload: Json, idem: string): Promise<void>;
  cancel(runId: string): Promise<boolean>;
  get(runId: string): Promise<RunRecord | null>;
  /** Runs of a lane that have not ended, in order. */
  pending(lane: string): Promise<RunRecord[]>;
  /** Creates or replaces by id. Each due time fires once, also across restarts; times missed while down fire once, late, if the last is under 24 h old. */
  schedule(schedule: Schedule): Promise<void>;
  unschedule(id: string): Promise<void>;
  /** The next due time of a schedule, Unix ms. */
  nextAt(id: string): Promise<number | null>;
  stats(): Promise<EngineStats>;
}
