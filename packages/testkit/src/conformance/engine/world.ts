import { setImmediate as macrotask } from 'node:timers/promises';
import type { Clock, Engine, RunCtx, RunFn, RunRecord, RunState } from '@reeve/core';
import { createFakeClock, type FakeClock } from '../../fake-clock.ts';

export interface EngineOpenOptions<State> {
  clock: Clock;
  state: State;
  concurrency: number;
  laneLimit: number;
}

export interface EngineProcess {
  engine: Engine;
  /** An abrupt end: nothing is drained, and what is not durable at the moment of the call is lost. The next `open` on the state recovers. */
  kill(): Promise<void>;
  /** After `drain`. */
  close(): Promise<void>;
}

/** How an adapter is put under test. */
export interface EngineHost<State> {
  /** An empty place for what the engine keeps. */
  createState(): Promise<State>;
  removeState(state: State): Promise<void>;
  open(options: EngineOpenOptions<State>): Promise<EngineProcess>;
}

export interface BootOptions {
  functions: Record<string, RunFn>;
  concurrency?: number;
  laneLimit?: number;
  /** Registers and leaves `engine.start()` to the case. */
  isStarted?: boolean;
}

/** One life of the process that the engine runs in. */
export interface Life {
  engine: Engine;
  kill(): Promise<void>;
  /** Drains and closes. */
  stop(): Promise<void>;
}

/** What a case gets: time, and processes that come and go over one state. */
export interface World {
  clock: FakeClock;
  boot(options: BootOptions): Promise<Life>;
  settle(): Promise<void>;
  close(): Promise<void>;
}

export const createWorld = async <State>(
  host: EngineHost<State>,
  settle: () => Promise<void>,
): Promise<World> => {
  const clock = createFakeClock(undefined, settle);
  const state = await host.createState();
  const lives = new Set<Life>();
  return {
    clock,
    settle,
    async boot({ functions, concurrency = 100, laneLimit = 100, isStarted = true }) {
      const mortal = createMortalClock(clock);
      let isAlive = true;
      const { engine, ...process } = await host.open({ clock: mortal.clock, state, concurrency, laneLimit });
      for (const [name, fn] of Object.entries(functions))
        engine.register(
          name,
          mortalRun(fn, () => isAlive),
        );
      const life: Life = {
        engine,
        async kill() {
          isAlive = false;
          lives.delete(life);
          mortal.stop();
          await process.kill();
        },
        async stop() {
          lives.delete(life);
          await engine.drain(0).finally(() => clock.advance(0));
          isAlive = false;
          await process.close();
        },
      };
      lives.add(life);
      if (isStarted) await engine.start();
      return life;
    },
    async close() {
      for (const life of [...lives]) await life.kill();
      await host.removeState(state);
    },
  };
};

/** Timers die with their process. */
const createMortalClock = (clock: Clock): { clock: Clock; stop(): void } => {
  const timers = new Set<() => void>();
  let isStopped = false;
  return {
    clock: {
      now: clock.now,
      at(atMs, fn) {
        if (isStopped) return () => {};
        const cancel = clock.at(atMs, () => {
          timers.delete(cancel);
          fn();
        });
        timers.add(cancel);
        return () => {
          timers.delete(cancel);
          cancel();
        };
      },
    },
    stop() {
      isStopped = true;
      for (const cancel of timers) cancel();
    },
  };
};

/** So do the functions: nothing that a run does or awaits goes on once its process is dead. */
const mortalRun = (fn: RunFn, isAlive: () => boolean): RunFn => {
  const living = async <T>(act: () => Promise<T>): Promise<T> => {
    const never = new Promise<never>(() => {});
    if (!isAlive()) return never;
    try {
      const value = await act();
      return isAlive() ? value : never;
    } catch (error) {
      if (!isAlive()) return never;
      throw error;
    }
  };
  return (ctx, input) => {
    const guarded: RunCtx = {
      runId: ctx.runId,
      lane: ctx.lane,
      attempt: ctx.attempt,
      signal: ctx.signal,
      isCancelled: () => ctx.isCancelled(),
      hold: (write, options) => ctx.hold(write, options),
      step: (name, act) => living(() => ctx.step(name, (key) => living(() => act(key)))),
      flush: () => living(() => ctx.flush()),
      waitFor: (name, timeoutMs) => living(() => ctx.waitFor(name, timeoutMs)),
      sleep: (ms) => living(() => ctx.sleep(ms)),
    };
    return living(() => fn(guarded, input));
  };
};

/** No case may hang on a condition: this bounds the whole wait in real time, and asserts nothing. */
const patienceMs = 30_000;

/** Resolves once `condition` holds, turn by turn of the event loop. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  const end = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`this never came true: ${condition}`);
    await macrotask();
  }
};

const endStates: RunState[] = ['done', 'failed', 'cancelled'];

/** The record of a run once it has ended. */
export const ended = async (engine: Engine, runId: string): Promise<RunRecord> => {
  let record: RunRecord | null = null;
  await until(async () => {
    record = await engine.get(runId);
    return record !== null && endStates.includes(record.state);
  });
  return record!;
};

export const reaches = (engine: Engine, runId: string, state: RunState): Promise<void> =>
  until(async () => (await engine.get(runId))?.state === state);

/** A run of `fn` in `lane`, with nothing to say. */
export const runOf = (runId: string, lane = 'lane', fn = 'work') => ({ runId, lane, fn, input: null });

/** Rejects with the signal's reason once it aborts: what a long task does. */
export const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export const createRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export const hour = 3_600_000;
export const day = 24 * hour;
