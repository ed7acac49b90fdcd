import type { RunFn } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import { expect } from 'vitest';
import { ended, runOf, until, type World } from './world.ts';

export const stepCases = {
  'finished steps are not run again after a kill, their results are': async ({ boot }: World) => {
    const calls: string[] = [];
    const results: unknown[] = [];
    const reached = Promise.withResolvers<void>();
    const last = Promise.withResolvers<void>();
    const work: RunFn = async ({ step }) => {
      const one = await step('one', async () => {
        calls.push('one');
        return { text: 'Grüße 👋', list: [1, null] };
      });
      const two = await step('two', async () => {
        calls.push('two');
        return null;
      });
      results.push([one, two]);
      await step('three', async () => {
        calls.push('three');
        reached.resolve();
        await last.promise;
        return 3;
      });
      return 'end';
    };
    const first = await boot({ functions: { work } });
    await first.engine.enqueue(runOf('one'));
    await reached.promise;
    await first.kill();
    last.resolve();
    const { engine } = await boot({ functions: { work } });
    expect(await ended(engine, 'one')).toMatchObject({ state: 'done', result: 'end' });
    expect(calls).toEqual(['one', 'two', 'three', 'three']);
    expect(results).toEqual([
      [{ text: 'Grüße 👋', list: [1, null] }, null],
      [{ text: 'Grüße 👋', list: [1, null] }, null],
    ]);
  },

  'the step in flight at a kill runs again under the same key': async ({ boot }: World) => {
    const keys: string[] = [];
    let isHanging = true;
    const work: RunFn = async ({ step }) => {
      await step('pay', async (key) => {
        keys.push(key);
        if (isHanging) await new Promise(() => {});
        return null;
      });
      return null;
    };
    const first = await boot({ functions: { work } });
    await first.engine.enqueue(runOf('one', 'a'));
    await first.engine.enqueue(runOf('two', 'b'));
    await until(() => keys.length === 2);
    await first.kill();
    isHanging = false;
    const { engine } = await boot({ functions: { work } });
    await ended(engine, 'one');
    await ended(engine, 'two');
    expect(keys.slice(2).sort()).toEqual(keys.slice(0, 2).sort());
    expect(new Set(keys).size).toBe(2);
  },

  'each step has a key of its own': async ({ boot }: World) => {
    const keys: string[] = [];
    const work: RunFn = async ({ step }) => {
      for (const name of ['a', 'b'])
        await step(name, async (key) => {
          keys.push(key);
          return null;
        });
      return null;
    };
    const { engine } = await boot({ functions: { work } });
    await engine.enqueue(runOf('one'));
    await engine.enqueue(runOf('two'));
    await ended(engine, 'two');
    expect(new Set(keys).size).toBe(4);
  },

  'what a step throws passes through and is not journalled': async ({ boot }: World) => {
    let calls = 0;
    const work: RunFn = async ({ step }) => {
      const flaky = () =>
        step('flaky', async () => {
          calls += 1;
          if (calls === 1) throw new TypeError('not yet');
          return calls;
        });
      await expect(flaky()).rejects.toThrow(new TypeError('not yet'));
      return flaky();
    };
    const { engine } = await boot({ functions: { work } });
    await engine.enqueue(runOf('one'));
    expect(await ended(engine, 'one')).toMatchObject({ state: 'done', result: 2 });
  },

  'held writes come before a later step, and before the end is visible': async ({ boot, settle }: World) => {
    const log: string[] = [];
    const early = Promise.withResolvers<void>();
    const late = Promise.withResolvers<void>();
    const work: RunFn = async ({ step, hold }) => {
      await step('one', async () => {
        log.push('one');
        return null;
      });
      hold(early.promise);
      await step('two', async () => {
        log.push('two');
        return null;
      });
      hold(late.promise);
      log.push('returns');
      return null;
    };
    const { engine } = await boot({ functions: { work } });
    await engine.enqueue(runOf('run'));
    await until(() => log.length === 1);
    await settle();
    expect(log).toEqual(['one']);
    early.resolve();
    await until(() => log.length === 3);
    await settle();
    expect(log).toEqual(['one', 'two', 'returns']);
    expect(await engine.pending('lane')).toHaveLength(1);
    late.resolve();
    expect(await ended(engine, 'run')).toMatchObject({ state: 'done' });
  },

  'a lazily held write comes before the end, and no step waits for it': async ({ boot, settle }: World) => {
    const lazy = Promise.withResolvers<void>();
    let hasStepped = false;
    const work: RunFn = async ({ step, hold }) => {
      hold(lazy.promise, { isLazy: true });
      await step('one', async () => (hasStepped = true));
      return null;
    };
    const { engine } = await boot({ functions: { work } });
    await engine.enqueue(runOf('run'));
    await until(() => hasStepped);
    await settle();
    expect(await engine.pending('lane')).toHaveLength(1);
    lazy.resolve();
    expect(await ended(engine, 'run')).toMatchObject({ state: 'done' });
  },

  'after flush a kill loses nothing': async ({ boot }: World) => {
    let calls = 0;
    let isFlushed = false;
    let isHanging = true;
    const work: RunFn = async ({ step, flush }) => {
      const result = await step('one', async () => (calls += 1));
      await flush();
      isFlushed = true;
      if (isHanging) await new Promise(() => {});
      return result;
    };
    const first = await boot({ functions: { work } });
    await first.engine.enqueue(runOf('run'));
    await until(() => isFlushed);
    await first.kill();
    isHanging = false;
    const { engine } = await boot({ functions: { work } });
    expect(await ended(engine, 'run')).toMatchObject({ state: 'done', result: 1 });
    expect(calls).toBe(1);
  },

  'an end that was seen survives a kill': async ({ boot, settle }: World) => {
    let executions = 0;
    const work: RunFn = async ({ step }) => {
      executions += 1;
      return step('one', async () => 'seen');
    };
    const first = await boot({ functions: { work } });
    await first.engine.enqueue(runOf('run'));
    await ended(first.engine, 'run');
    await first.kill();
    const { engine } = await boot({ functions: { work } });
    expect(await engine.get('run')).toMatchObject({ state: 'done', result: 'seen' });
    await settle();
    expect(executions).toBe(1);
  },

  'attempt counts the executions that left a trace': async ({ boot }: World) => {
    const attempts: number[] = [];
    const work: RunFn = async ({ step, attempt, flush }) => {
      await step('one', async () => null);
      await flush();
      attempts.push(attempt);
      await step('two', async () => {
        if (attempts.length < 3) await new Promise(() => {});
        return null;
      });
      return null;
    };
    for (const attempt of [1, 2]) {
      const { engine, kill } = await boot({ functions: { work } });
      await engine.enqueue(runOf('run'));
      await until(() => attempts.length === attempt);
      await kill();
    }
    const { engine } = await boot({ functions: { work } });
    await ended(engine, 'run');
    expect(attempts).toEqual([1, 2, 3]);
  },

  'a run that a storage failure stopped is executed again from its journal': async ({
    boot,
    clock,
  }: World) => {
    const log: string[] = [];
    const work: RunFn = async ({ step, hold, attempt }) => {
      log.push(`attempt ${attempt}`);
      await step('one', async () => {
        log.push('one');
        return null;
      });
      await step('two', async () => {
        log.push('two');
        return null;
      });
      if (attempt === 1) hold(Promise.reject(new FaultError('DATABASE_ERROR')));
      await step('three', async () => {
        log.push('three');
        return null;
      });
      return 'in the end';
    };
    const { engine } = await boot({ functions: { work } });
    await engine.enqueue(runOf('run'));
    await until(() => log.length === 3);
    await clock.advance(60_000);
    expect(await ended(engine, 'run')).toMatchObject({ state: 'done', result: 'in the end' });
    expect(log).toEqual(['attempt 1', 'one', 'two', 'attempt 2', 'three']);
  },

  'a run does not end when a held write was lost; it is executed again': async ({ boot, clock }: World) => {
    const attempts: number[] = [];
    const work: RunFn = async ({ hold, step, attempt }) => {
      await step('one', async () => null);
      attempts.push(attempt);
      if (attempt === 1) hold(Promise.reject(new FaultError('DATABASE_ERROR')));
      return 'end';
    };
    const { engine } = await boot({ functions: { work } });
    await engine.enqueue(runOf('run'));
    await until(() => attempts.length === 1);
    await clock.advance(60_000);
    expect(await ended(engine, 'run')).toMatchObject({ state: 'done', result: 'end' });
    expect(attempts).toEqual([1, 2]);
  },

  'a run fails when a held write failed for any other reason': async ({ boot }: World) => {
    const work: RunFn = async ({ hold }) => {
      hold(Promise.reject(new Error('no such row')));
      return 'end';
    };
    const { engine } = await boot({ functions: { work } });
    await engine.enqueue(runOf('run'));
    expect(await ended(engine, 'run')).toMatchObject({ state: 'failed', error: 'no such row' });
  },
};
