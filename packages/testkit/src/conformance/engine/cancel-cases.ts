import type { RunFn } from '@reeve/core';
import { expect } from 'vitest';
import { aborted, ended, hour, reaches, runOf, type World } from './world.ts';

/** Long work that heeds its signal. */
const long: RunFn = ({ step, signal }) => step('long', () => aborted(signal));
const short: RunFn = async () => 'short';
const functions = { work: long, short };

export const cancelCases = {
  'a cancelled queued run never starts': async ({ boot, settle }: World) => {
    const started: string[] = [];
    const work: RunFn = (ctx, input) => {
      started.push(ctx.runId);
      return long(ctx, input);
    };
    const { engine } = await boot({ functions: { work, short } });
    await engine.enqueue(runOf('r1'));
    await engine.enqueue(runOf('r2'));
    await engine.enqueue(runOf('r3', 'lane', 'short'));
    await reaches(engine, 'r1', 'running');
    expect(await engine.cancel('r2')).toBe(true);
    expect(await engine.get('r2')).toMatchObject({ state: 'cancelled' });
    expect((await engine.pending('lane')).map(({ runId }) => runId)).toEqual(['r1', 'r3']);
    expect(await engine.cancel('r1')).toBe(true);
    expect(await ended(engine, 'r3')).toMatchObject({ state: 'done' });
    await settle();
    expect(started).toEqual(['r1']);
  },

  'a cancelled queued run stays cancelled after a kill': async ({ boot, settle }: World) => {
    let starts = 0;
    const count: RunFn = async () => (starts += 1);
    const first = await boot({ functions: { ...functions, count } });
    await first.engine.enqueue(runOf('r1'));
    await first.engine.enqueue(runOf('r2', 'lane', 'count'));
    await reaches(first.engine, 'r1', 'running');
    await first.engine.cancel('r2');
    await first.kill();
    const { engine } = await boot({ functions: { ...functions, work: short, count } });
    await ended(engine, 'r1');
    await settle();
    expect(await engine.get('r2')).toMatchObject({ state: 'cancelled' });
    expect(starts).toBe(0);
  },

  'cancel aborts the signal of a running run, which ends cancelled': async ({ boot }: World) => {
    const seen: unknown[] = [];
    const work: RunFn = async (ctx, input) => {
      seen.push(ctx.isCancelled());
      await long(ctx, input).catch(() => seen.push(ctx.isCancelled(), ctx.signal.aborted));
      return 'half a result';
    };
    const { engine } = await boot({ functions: { work, short } });
    await engine.enqueue(runOf('r1'));
    await engine.enqueue(runOf('r2', 'lane', 'short'));
    await reaches(engine, 'r1', 'running');
    expect(await engine.cancel('r1')).toBe(true);
    expect(await ended(engine, 'r1')).toMatchObject({ state: 'cancelled' });
    expect(seen).toEqual([false, true, true]);
    expect(await ended(engine, 'r2')).toMatchObject({ state: 'done' });
  },

  'a running run that throws on cancel ends cancelled and not failed': async ({ boot }: World) => {
    const { engine } = await boot({ functions });
    await engine.enqueue(runOf('r1'));
    await reaches(engine, 'r1', 'running');
    await engine.cancel('r1');
    const record = await ended(engine, 'r1');
    expect(record).toMatchObject({ state: 'cancelled' });
    expect(record).not.toHaveProperty('error');
  },

  'a cancelled run takes no further step': async ({ boot }: World) => {
    const calls: string[] = [];
    const work: RunFn = async (ctx, input) => {
      await long(ctx, input).catch(() => null);
      await ctx.step('after', async () => calls.push('after'));
      return null;
    };
    const { engine } = await boot({ functions: { work } });
    await engine.enqueue(runOf('r1'));
    await reaches(engine, 'r1', 'running');
    await engine.cancel('r1');
    expect(await ended(engine, 'r1')).toMatchObject({ state: 'cancelled' });
    expect(calls).toEqual([]);
  },

  'waiting and sleeping runs can be cancelled': async ({ boot }: World) => {
    const waits: RunFn = ({ waitFor }) => waitFor('approval', hour);
    const sleeps: RunFn = async ({ sleep }) => {
      await sleep(hour);
      return null;
    };
    const { engine } = await boot({ functions: { waits, sleeps } });
    await engine.enqueue(runOf('waits', 'a', 'waits'));
    await engine.enqueue(runOf('sleeps', 'b', 'sleeps'));
    for (const id of ['waits', 'sleeps']) {
      await reaches(engine, id, 'waiting');
      expect(await engine.cancel(id)).toBe(true);
      expect(await ended(engine, id)).toMatchObject({ state: 'cancelled' });
    }
    expect(await engine.stats()).toMatchObject({ waiting: 0 });
  },

  'a delayed run can be cancelled': async ({ boot, clock, settle }: World) => {
    let starts = 0;
    const { engine } = await boot({ functions: { work: async () => (starts += 1) } });
    await engine.enqueue({ ...runOf('r1'), delayMs: hour });
    expect(await engine.cancel('r1')).toBe(true);
    await clock.advance(hour);
    await settle();
    expect(await engine.get('r1')).toMatchObject({ state: 'cancelled' });
    expect(starts).toBe(0);
  },

  'cancel of an ended or unknown run is false and changes nothing': async ({ boot }: World) => {
    const { engine } = await boot({ functions });
    expect(await engine.cancel('nobody')).toBe(false);
    await engine.enqueue(runOf('done', 'lane', 'short'));
    await ended(engine, 'done');
    expect(await engine.cancel('done')).toBe(false);
    expect(await engine.get('done')).toMatchObject({ state: 'done', result: 'short' });
    await engine.enqueue(runOf('r1'));
    await reaches(engine, 'r1', 'running');
    await Promise.all([engine.cancel('r1'), engine.cancel('r1')]);
    expect(await ended(engine, 'r1')).toMatchObject({ state: 'cancelled' });
    expect(await engine.cancel('r1')).toBe(false);
  },

  'a cancel outlives a kill before the run could end': async ({ boot }: World) => {
    const deaf: RunFn = ({ step }) => step('deaf', () => new Promise<null>(() => {}));
    const first = await boot({ functions: { work: deaf } });
    await first.engine.enqueue(runOf('r1'));
    await reaches(first.engine, 'r1', 'running');
    expect(await first.engine.cancel('r1')).toBe(true);
    await first.kill();
    const { engine } = await boot({ functions });
    expect(await ended(engine, 'r1')).toMatchObject({ state: 'cancelled' });
  },
};
