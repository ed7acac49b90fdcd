import { setImmediate as macrotask } from 'node:timers/promises';
import type { RunFn } from '@reeve/core';
import { expect } from 'vitest';
import { ended, hour, reaches, runOf, until, type World } from './world.ts';

/** Runs that stay in their step until they are let go, and what was seen of them. */
const createDesk = () => {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gate = (runId: string) => {
    const known = gates.get(runId) ?? Promise.withResolvers<void>();
    gates.set(runId, known);
    return known;
  };
  const started: string[] = [];
  const work: RunFn = async ({ runId, step }) => {
    started.push(runId);
    await step('work', () => gate(runId).promise.then(() => null));
    return runId;
  };
  return { work, started, finish: (runId: string) => gate(runId).resolve() };
};

const busy = { fault: { code: 'BUSY' } };

export const laneCases = {
  'F303 runs of a lane never overlap and keep the order of enqueueing': async ({ boot }: World) => {
    const log: string[] = [];
    const work: RunFn = async ({ runId, step }) => {
      for (const name of ['a', 'b']) {
        await step(name, async () => {
          log.push(`${runId} ${name}`);
          await macrotask();
          return null;
        });
      }
      log.push(`${runId} end`);
      return null;
    };
    const { engine } = await boot({ functions: { work } });
    const ids = Array.from({ length: 20 }, (_, index) => `run_${index}`);
    await Promise.all(ids.map((id) => engine.enqueue(runOf(id))));
    await ended(engine, 'run_19');
    expect(log).toEqual(ids.flatMap((id) => [`${id} a`, `${id} b`, `${id} end`]));
  },

  'F303 lanes run in parallel up to the concurrency': async ({ boot, settle }: World) => {
    const { work, started, finish } = createDesk();
    const { engine } = await boot({ functions: { work }, concurrency: 3 });
    for (const lane of ['a', 'b', 'c', 'd', 'e']) await engine.enqueue(runOf(lane, lane));
    await until(() => started.length === 3);
    await settle();
    expect(started).toEqual(['a', 'b', 'c']);
    finish('b');
    await until(() => started.length === 4);
    await settle();
    expect(started).toEqual(['a', 'b', 'c', 'd']);
    for (const lane of ['a', 'c', 'd', 'e']) finish(lane);
    await ended(engine, 'e');
  },

  'a run enqueued twice runs once': async ({ boot, settle }: World) => {
    const { work, started, finish } = createDesk();
    const { engine } = await boot({ functions: { work } });
    await Promise.all([engine.enqueue(runOf('one')), engine.enqueue(runOf('one'))]);
    await engine.enqueue({ ...runOf('one', 'another lane'), input: 'other' });
    finish('one');
    expect(await ended(engine, 'one')).toMatchObject({ lane: 'lane', state: 'done' });
    await settle();
    expect(started).toEqual(['one']);
  },

  'a run enqueued again after its end, or after a kill, does not run again': async ({
    boot,
    settle,
  }: World) => {
    const { work, started, finish } = createDesk();
    finish('one');
    const first = await boot({ functions: { work } });
    await first.engine.enqueue(runOf('one'));
    await ended(first.engine, 'one');
    await first.engine.enqueue(runOf('one'));
    await first.kill();
    const { engine } = await boot({ functions: { work } });
    await engine.enqueue(runOf('one'));
    await settle();
    expect(started).toEqual(['one']);
    expect(await engine.get('one')).toEqual({
      runId: 'one',
      lane: 'lane',
      fn: 'work',
      state: 'done',
      result: 'one',
    });
  },

  'F303 over the lane limit enqueue throws BUSY and drops nothing': async ({ boot }: World) => {
    const { work, started, finish } = createDesk();
    const { engine } = await boot({ functions: { work }, laneLimit: 2 });
    await engine.enqueue(runOf('r1'));
    await reaches(engine, 'r1', 'running');
    await engine.enqueue(runOf('r2'));
    await engine.enqueue(runOf('r3'));
    await expect(engine.enqueue(runOf('r4'))).rejects.toMatchObject(busy);
    expect(await engine.get('r4')).toBeNull();
    await engine.enqueue(runOf('r3'));
    await engine.enqueue(runOf('elsewhere', 'other'));
    finish('r1');
    await ended(engine, 'r1');
    await engine.enqueue(runOf('r4'));
    for (const id of ['r2', 'r3', 'r4', 'elsewhere']) finish(id);
    await ended(engine, 'r4');
    await ended(engine, 'elsewhere');
    expect(started.filter((id) => id !== 'elsewhere')).toEqual(['r1', 'r2', 'r3', 'r4']);
  },

  'F303 of many enqueues at once the lane takes as many as it may hold': async ({ boot }: World) => {
    const { work, finish } = createDesk();
    const { engine } = await boot({ functions: { work }, laneLimit: 5 });
    await engine.enqueue(runOf('first'));
    await reaches(engine, 'first', 'running');
    const ids = Array.from({ length: 12 }, (_, index) => `run_${index}`);
    const outcomes = await Promise.allSettled(ids.map((id) => engine.enqueue(runOf(id))));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(busy);
    const taken = (await engine.pending('lane')).map(({ runId }) => runId).slice(1);
    for (const id of ['first', ...ids]) finish(id);
    for (const id of taken) expect(await ended(engine, id)).toMatchObject({ state: 'done' });
  },

  'a run that throws ends failed with the message, and its lane goes on': async ({ boot }: World) => {
    const fails: RunFn = async () => {
      throw new Error('the kettle is cold');
    };
    const { engine } = await boot({ functions: { fails, work: async () => 'warm' } });
    await engine.enqueue(runOf('bad', 'lane', 'fails'));
    await engine.enqueue(runOf('good'));
    expect(await ended(engine, 'bad')).toEqual({
      runId: 'bad',
      lane: 'lane',
      fn: 'fails',
      state: 'failed',
      error: 'the kettle is cold',
    });
    expect(await ended(engine, 'good')).toMatchObject({ state: 'done', result: 'warm' });
  },

  'input and result are what JSON can hold': async ({ boot }: World) => {
    const input = { text: 'Grüße 👋\u0000', list: [1, -0.5, null, true], nested: { deep: [[]] } };
    const { engine } = await boot({ functions: { work: async (_, given) => ({ given }) } });
    await engine.enqueue({ ...runOf('one'), input });
    expect((await ended(engine, 'one')).result).toEqual({ given: input });
  },

  'a run enqueued before start waits for it, and survives a kill before it': async ({
    boot,
    settle,
  }: World) => {
    const { work, started, finish } = createDesk();
    const first = await boot({ functions: { work }, isStarted: false });
    await first.engine.enqueue(runOf('one'));
    await settle();
    expect(started).toEqual([]);
    await first.kill();
    const { engine } = await boot({ functions: { work } });
    finish('one');
    expect(await ended(engine, 'one')).toMatchObject({ state: 'done' });
  },

  'a run enqueued while the engine starts stands behind those of before, once': async ({
    boot,
    settle,
  }: World) => {
    const { work, started, finish } = createDesk();
    const first = await boot({ functions: { work }, isStarted: false });
    await first.engine.enqueue(runOf('old'));
    await first.kill();
    const { engine } = await boot({ functions: { work }, isStarted: false });
    const enqueued = engine.enqueue(runOf('before'));
    await Promise.all([engine.start(), engine.enqueue(runOf('during')), enqueued]);
    for (const id of ['old', 'before', 'during']) finish(id);
    for (const id of ['old', 'before', 'during']) await ended(engine, id);
    await settle();
    expect(started).toEqual(['old', 'before', 'during']);
    expect(await engine.stats()).toMatchObject({ running: 0, queued: 0 });
  },

  'a delayed run starts at its time': async ({ boot, clock, settle }: World) => {
    const { work, started, finish } = createDesk();
    const { engine } = await boot({ functions: { work } });
    await engine.enqueue({ ...runOf('later'), delayMs: hour });
    await engine.enqueue(runOf('now'));
    finish('now');
    finish('later');
    await ended(engine, 'now');
    await clock.advance(hour - 1);
    await settle();
    expect(started).toEqual(['now']);
    await clock.advance(1);
    await ended(engine, 'later');
    expect(started).toEqual(['now', 'later']);
  },

  'the delay of a run goes on while the process is down': async ({ boot, clock }: World) => {
    const { work, finish } = createDesk();
    const first = await boot({ functions: { work } });
    await first.engine.enqueue({ ...runOf('short', 'a'), delayMs: hour });
    await first.engine.enqueue({ ...runOf('long', 'b'), delayMs: 3 * hour });
    await first.kill();
    await clock.advance(2 * hour);
    const { engine } = await boot({ functions: { work } });
    finish('short');
    finish('long');
    await ended(engine, 'short');
    expect(await engine.get('long')).toMatchObject({ state: 'queued' });
    await clock.advance(hour);
    await ended(engine, 'long');
  },

  'get and pending tell how far runs are': async ({ boot }: World) => {
    const { work, finish } = createDesk();
    const waits: RunFn = ({ waitFor }) => waitFor('go', hour);
    const { engine } = await boot({ functions: { work, waits } });
    expect(await engine.get('nobody')).toBeNull();
    expect(await engine.pending('lane')).toEqual([]);
    await engine.enqueue(runOf('r1', 'lane', 'waits'));
    await engine.enqueue(runOf('r2'));
    await engine.enqueue(runOf('r3'));
    await engine.enqueue(runOf('elsewhere', 'other'));
    await reaches(engine, 'r1', 'waiting');
    const states = async () => (await engine.pending('lane')).map(({ runId, state }) => `${runId} ${state}`);
    expect(await states()).toEqual(['r1 waiting', 'r2 queued', 'r3 queued']);
    await engine.signal('r1', 'go', 'gone', 'first');
    expect(await ended(engine, 'r1')).toMatchObject({ state: 'done', result: 'gone' });
    await reaches(engine, 'r2', 'running');
    expect(await states()).toEqual(['r2 running', 'r3 queued']);
    finish('r2');
    finish('r3');
    await ended(engine, 'r3');
    expect(await states()).toEqual([]);
    finish('elsewhere');
    await ended(engine, 'elsewhere');
  },

  'F303 stats count what runs, waits and stands in line': async ({ boot }: World) => {
    const { work, finish } = createDesk();
    const waits: RunFn = ({ waitFor }) => waitFor('go', hour);
    const { engine } = await boot({ functions: { work, waits } });
    expect(await engine.stats()).toEqual({ running: 0, queued: 0, waiting: 0, schedules: 0 });
    await engine.enqueue(runOf('r1', 'a'));
    await engine.enqueue(runOf('r2', 'a'));
    await engine.enqueue(runOf('r3', 'a'));
    await engine.enqueue(runOf('r4', 'b', 'waits'));
    await engine.schedule({
      id: 'daily',
      cron: '0 8 * * *',
      timeZone: 'UTC',
      lane: 'c',
      fn: 'work',
      input: {},
    });
    await reaches(engine, 'r1', 'running');
    await reaches(engine, 'r4', 'waiting');
    expect(await engine.stats()).toEqual({ running: 1, queued: 2, waiting: 1, schedules: 1 });
    for (const id of ['r1', 'r2', 'r3']) finish(id);
    await ended(engine, 'r3');
    await engine.cancel('r4');
    await ended(engine, 'r4');
    await until(async () => (await engine.stats()).running === 0);
    expect(await engine.stats()).toEqual({ running: 0, queued: 0, waiting: 0, schedules: 1 });
  },
};
