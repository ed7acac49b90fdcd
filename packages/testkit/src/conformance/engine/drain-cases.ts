import type { RunFn } from '@reeve/core';
import { expect } from 'vitest';
import { aborted, ended, hour, reaches, runOf, type World } from './world.ts';

export const drainCases = {
  'drain lets running runs end and starts no other': async ({ boot }: World) => {
    const gate = Promise.withResolvers<null>();
    const started: string[] = [];
    const work: RunFn = async ({ runId, step }) => {
      started.push(runId);
      return step('short', () => gate.promise);
    };
    const { engine, stop } = await boot({ functions: { work } });
    await engine.enqueue(runOf('r1'));
    await engine.enqueue(runOf('r2'));
    await reaches(engine, 'r1', 'running');
    const drained = engine.drain(hour);
    gate.resolve(null);
    await drained;
    expect(await engine.get('r1')).toMatchObject({ state: 'done' });
    expect(await engine.get('r2')).toMatchObject({ state: 'queued' });
    await stop();
    const second = await boot({ functions: { work } });
    expect(await ended(second.engine, 'r2')).toMatchObject({ state: 'done' });
    expect(started).toEqual(['r1', 'r2']);
  },

  'drain aborts what takes too long, and the next start goes on with it': async ({
    boot,
    clock,
    settle,
  }: World) => {
    const calls: string[] = [];
    const cancelled: boolean[] = [];
    let isLong = true;
    const work: RunFn = async ({ step, signal, isCancelled }) => {
      await step('first', async () => calls.push('first'));
      await step('long', async () => {
        calls.push('long');
        if (isLong) await aborted(signal).finally(() => cancelled.push(isCancelled()));
        return null;
      });
      return 'whole';
    };
    const { engine, stop } = await boot({ functions: { work } });
    await engine.enqueue(runOf('r1'));
    await reaches(engine, 'r1', 'running');
    await settle();
    let isDrained = false;
    const drained = engine.drain(10_000).then(() => (isDrained = true));
    await clock.advance(9_999);
    expect(isDrained).toBe(false);
    await clock.advance(1);
    await drained;
    expect(cancelled).toEqual([false]);
    await stop();
    isLong = false;
    const second = await boot({ functions: { work } });
    expect(await ended(second.engine, 'r1')).toMatchObject({ state: 'done', result: 'whole' });
    expect(calls).toEqual(['first', 'long', 'long']);
  },

  'drain does not wait for waiting runs; they go on after the next start': async ({ boot, clock }: World) => {
    const waits: RunFn = ({ waitFor }) => waitFor('approval', 2 * hour);
    const sleeps: RunFn = async ({ sleep }) => {
      await sleep(2 * hour);
      return 'slept';
    };
    const functions = { waits, sleeps };
    const { engine, stop } = await boot({ functions });
    await engine.enqueue(runOf('waits', 'a', 'waits'));
    await engine.enqueue(runOf('sleeps', 'b', 'sleeps'));
    await reaches(engine, 'waits', 'waiting');
    await reaches(engine, 'sleeps', 'waiting');
    await engine.drain(hour);
    await stop();
    await clock.advance(hour);
    const second = await boot({ functions });
    await reaches(second.engine, 'waits', 'waiting');
    await second.engine.signal('waits', 'approval', 'yes', 'key');
    expect((await ended(second.engine, 'waits')).result).toBe('yes');
    await clock.advance(hour);
    expect((await ended(second.engine, 'sleeps')).result).toBe('slept');
  },
};
