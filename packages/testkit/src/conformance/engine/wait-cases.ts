import { setImmediate as macrotask } from 'node:timers/promises';
import type { RunFn } from '@reeve/core';
import { expect } from 'vitest';
import { day, ended, hour, reaches, runOf, until, type World } from './world.ts';

const waits: RunFn = ({ waitFor }) => waitFor('approval', day);
const functions = { work: waits };

export const waitCases = {
  'a signal ends the wait with its payload': async ({ boot }: World) => {
    const { engine } = await boot({ functions });
    await engine.enqueue(runOf('run'));
    await reaches(engine, 'run', 'waiting');
    await engine.signal('run', 'something else', 'no', 'key 0');
    await engine.signal('another run', 'approval', 'no', 'key 0');
    expect(await engine.get('run')).toMatchObject({ state: 'waiting' });
    await engine.signal('run', 'approval', { is: ['granted', 'Grüße'] }, 'key 1');
    expect(await ended(engine, 'run')).toMatchObject({ state: 'done', result: { is: ['granted', 'Grüße'] } });
  },

  'a signal that came before the wait is kept for it': async ({ boot }: World) => {
    const gate = Promise.withResolvers<null>();
    const work: RunFn = async ({ step, waitFor }) => {
      await step('first', () => gate.promise);
      return waitFor('approval', day);
    };
    const { engine } = await boot({ functions: { work } });
    await engine.enqueue(runOf('running'));
    await engine.enqueue(runOf('queued'));
    await engine.signal('running', 'approval', 1, 'key');
    await engine.signal('queued', 'approval', 2, 'key');
    gate.resolve(null);
    expect((await ended(engine, 'running')).result).toBe(1);
    expect((await ended(engine, 'queued')).result).toBe(2);
  },

  'a signal taken before a kill ends the wait after it': async ({ boot }: World) => {
    const gate = Promise.withResolvers<null>();
    const work: RunFn = async ({ step, waitFor }) => {
      await step('first', () => gate.promise);
      return waitFor('approval', day);
    };
    const first = await boot({ functions: { work } });
    await first.engine.enqueue(runOf('run'));
    await reaches(first.engine, 'run', 'running');
    await first.engine.signal('run', 'approval', 'kept', 'key');
    await first.kill();
    gate.resolve(null);
    const { engine } = await boot({ functions: { work } });
    expect((await ended(engine, 'run')).result).toBe('kept');
  },

  'a wait survives a kill, and a signal after it ends it': async ({ boot }: World) => {
    const first = await boot({ functions });
    await first.engine.enqueue(runOf('run'));
    await reaches(first.engine, 'run', 'waiting');
    await first.kill();
    const { engine } = await boot({ functions });
    await reaches(engine, 'run', 'waiting');
    await engine.signal('run', 'approval', 'late', 'key');
    expect((await ended(engine, 'run')).result).toBe('late');
  },

  'the first signal counts, and a duplicate changes nothing': async ({ boot }: World) => {
    const work: RunFn = async ({ step, waitFor }) => {
      await step('first', async () => null);
      const one = await waitFor('one', day);
      return [one, await waitFor('two', day)];
    };
    const { engine } = await boot({ functions: { work } });
    await engine.enqueue(runOf('run'));
    await engine.signal('run', 'one', 'first', 'key');
    await engine.signal('run', 'one', 'changed', 'key');
    await engine.signal('run', 'one', 'second', 'another key');
    await reaches(engine, 'run', 'waiting');
    await engine.signal('run', 'two', 'end', 'key');
    expect((await ended(engine, 'run')).result).toEqual(['first', 'end']);
  },

  'a signal to an unknown or ended run is ignored': async ({ boot }: World) => {
    const { engine } = await boot({ functions: { work: async () => 1 } });
    await engine.signal('nobody', 'approval', null, 'key');
    await engine.enqueue(runOf('run'));
    await ended(engine, 'run');
    await engine.signal('run', 'approval', null, 'key');
    expect(await engine.get('run')).toMatchObject({ state: 'done', result: 1 });
  },

  'a signal is never lost, whenever it comes': async ({ boot }: World) => {
    const first = await boot({ functions });
    const ids = Array.from({ length: 80 }, (_, index) => `run_${index}`);
    for (const id of ids) await first.engine.enqueue(runOf(id, id));
    for (const id of ids) await reaches(first.engine, id, 'waiting');
    await first.kill();
    const { engine } = await boot({ functions, isStarted: false });
    const starting = engine.start();
    const signals: Promise<void>[] = [];
    for (const [index, id] of ids.entries()) {
      signals.push(engine.signal(id, 'approval', index, 'key'));
      for (let job = 0; job < index % 17; job += 1) await null;
      if (index % 20 === 19) await macrotask();
    }
    await Promise.all([starting, ...signals]);
    for (const [index, id] of ids.entries()) expect((await ended(engine, id)).result).toBe(index);
  },

  'a wait nobody answers is null after its time': async ({ boot, clock, settle }: World) => {
    const { engine } = await boot({ functions });
    await engine.enqueue(runOf('run'));
    await reaches(engine, 'run', 'waiting');
    await clock.advance(day - 1);
    await settle();
    expect(await engine.get('run')).toMatchObject({ state: 'waiting' });
    await clock.advance(1);
    expect(await ended(engine, 'run')).toMatchObject({ state: 'done', result: null });
  },

  'the time of a wait goes on while the process is down': async ({ boot, clock }: World) => {
    const first = await boot({ functions });
    await first.engine.enqueue(runOf('run'));
    await reaches(first.engine, 'run', 'waiting');
    await clock.advance(hour);
    await first.kill();
    await clock.advance(22 * hour);
    const second = await boot({ functions });
    await reaches(second.engine, 'run', 'waiting');
    await second.kill();
    await clock.advance(hour);
    const { engine } = await boot({ functions });
    expect(await ended(engine, 'run')).toMatchObject({ state: 'done', result: null });
  },

  'a wait that is over stays over': async ({ boot, clock }: World) => {
    let isHanging = true;
    let hangs = 0;
    const work: RunFn = async ({ step, waitFor }) => {
      const answers = [await waitFor('one', hour), await waitFor('two', hour)];
      await step('then', async () => {
        hangs += 1;
        if (isHanging) await new Promise(() => {});
        return null;
      });
      return answers;
    };
    const first = await boot({ functions: { work } });
    await first.engine.enqueue(runOf('run'));
    await first.engine.signal('run', 'one', 'yes', 'key');
    await reaches(first.engine, 'run', 'waiting');
    await clock.advance(hour);
    await until(() => hangs === 1);
    await first.engine.signal('run', 'two', 'too late', 'key');
    await first.kill();
    isHanging = false;
    const { engine } = await boot({ functions: { work } });
    expect((await ended(engine, 'run')).result).toEqual(['yes', null]);
  },

  'F303 a waiting run keeps its lane': async ({ boot, settle }: World) => {
    const { engine } = await boot({ functions: { work: waits, next: async () => 'next' } });
    await engine.enqueue(runOf('run'));
    await engine.enqueue(runOf('after', 'lane', 'next'));
    await reaches(engine, 'run', 'waiting');
    await settle();
    expect(await engine.get('after')).toMatchObject({ state: 'queued' });
    await engine.signal('run', 'approval', null, 'key');
    expect(await ended(engine, 'after')).toMatchObject({ state: 'done' });
  },

  'several sleeps of a run are durable, each for its own time': async ({ boot, clock }: World) => {
    const woken: number[] = [];
    const work: RunFn = async ({ step, sleep }) => {
      await sleep(hour);
      await step('one', async () => {
        woken.push(clock.now());
        return null;
      });
      await sleep(2 * hour);
      await step('two', async () => {
        woken.push(clock.now());
        return null;
      });
      await sleep(0);
      return 'slept';
    };
    const start = clock.now();
    const first = await boot({ functions: { work } });
    await first.engine.enqueue(runOf('run'));
    await reaches(first.engine, 'run', 'waiting');
    await clock.advance(hour - 1);
    expect(woken).toEqual([]);
    await clock.advance(1);
    await until(() => woken.length === 1);
    await reaches(first.engine, 'run', 'waiting');
    await clock.advance(hour);
    await first.kill();
    const second = await boot({ functions: { work } });
    await reaches(second.engine, 'run', 'waiting');
    await clock.advance(hour);
    expect(await ended(second.engine, 'run')).toMatchObject({ state: 'done', result: 'slept' });
    expect(woken).toEqual([start + hour, start + 3 * hour]);
  },

  'a sleep that ended while the process was down is over at start': async ({ boot, clock }: World) => {
    const work: RunFn = async ({ sleep }) => {
      await sleep(hour);
      return clock.now();
    };
    const first = await boot({ functions: { work } });
    await first.engine.enqueue(runOf('run'));
    await reaches(first.engine, 'run', 'waiting');
    await first.kill();
    await clock.advance(5 * hour);
    const { engine } = await boot({ functions: { work } });
    expect((await ended(engine, 'run')).result).toBe(clock.now());
  },
};
