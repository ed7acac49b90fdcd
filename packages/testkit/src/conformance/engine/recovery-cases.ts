import { setImmediate as macrotask } from 'node:timers/promises';
import type { RunFn } from '@reeve/core';
import { expect } from 'vitest';
import { createRandom, ended, runOf, until, type World } from './world.ts';

const laneCount = 60;
const runsPerLane = 5;
const stepNames = ['read', 'think', 'act'];

const lanes = Array.from({ length: laneCount }, (_, index) => `lane_${index}`);
const idsOf = (lane: string) => Array.from({ length: runsPerLane }, (_, index) => `${lane}/run_${index}`);

/** The last step of the run that stands before this one in its lane. */
const lastStepBefore = (runId: string, lane: string): string | undefined => {
  const before = idsOf(lane)[idsOf(lane).indexOf(runId) - 1];
  return before && `${before} ${stepNames.at(-1)}`;
};

/** Kills at random moments until all is done; each finished step ran once, each lane kept its order. */
const survivesKills = async ({ boot }: World, seed: number): Promise<void> => {
  const random = createRandom(seed);
  const turns = (most: number) => Math.floor(random() * most);
  /** Every call of a step function in order, and those of them whose step must be durable since something came after. */
  const calls: { step: string; lane: string }[] = [];
  const finished = new Set<string>();
  const repeated: string[] = [];

  const work: RunFn = async ({ runId, lane, step }) => {
    for (const [index, name] of stepNames.entries()) {
      await step(name, async () => {
        const id = `${runId} ${name}`;
        if (finished.has(id)) repeated.push(id);
        const before = index > 0 ? `${runId} ${stepNames[index - 1]}` : lastStepBefore(runId, lane);
        if (before !== undefined) finished.add(before);
        calls.push({ step: id, lane });
        for (let turn = turns(6); turn > 0; turn -= 1) await macrotask();
        return index;
      });
    }
    return runId;
  };

  for (let life = 1; life <= 6; life += 1) {
    const { engine, kill } = await boot({ functions: { work } });
    // Those enqueued already are known: this changes nothing for them.
    const enqueued = Promise.all(
      lanes.map(async (lane) => {
        for (const id of idsOf(lane)) await engine.enqueue(runOf(id, lane));
      }),
    );
    if (life < 6) {
      enqueued.catch(() => {});
      for (let turn = turns(18); turn > 0; turn -= 1) await macrotask();
      await kill();
      continue;
    }
    await enqueued;
    for (const lane of lanes) {
      for (const id of idsOf(lane))
        expect(await ended(engine, id)).toMatchObject({ state: 'done', result: id });
    }
  }

  expect(repeated).toEqual([]);
  for (const lane of lanes) {
    const inOrder = idsOf(lane).flatMap((id) => stepNames.map((name) => `${id} ${name}`));
    const seen = calls.filter((call) => call.lane === lane).map((call) => call.step);
    // A step in flight at a kill runs again, right after itself.
    expect(seen.filter((step, index) => step !== seen[index - 1])).toEqual(inOrder);
  }
};

export const recoveryCases = {
  'F303 interrupted runs of many lanes resume in parallel': async ({ boot }: World) => {
    const started: string[] = [];
    const gate = Promise.withResolvers<null>();
    const work: RunFn = ({ runId, step }) =>
      step('one', async () => {
        started.push(runId);
        return gate.promise;
      });
    const first = await boot({ functions: { work } });
    await Promise.all(lanes.map((lane) => first.engine.enqueue(runOf(lane, lane))));
    await until(() => started.length === laneCount);
    await first.kill();
    const { engine } = await boot({ functions: { work } });
    // All of them are under way before any may end.
    await until(() => started.length === 2 * laneCount);
    gate.resolve(null);
    for (const lane of lanes) expect(await ended(engine, lane)).toMatchObject({ state: 'done' });
    expect(started).toHaveLength(2 * laneCount);
  },

  'F303 60 lanes of 5 runs survive kills at random moments (seed 1)': (world: World) =>
    survivesKills(world, 1),
  'F303 60 lanes of 5 runs survive kills at random moments (seed 2)': (world: World) =>
    survivesKills(world, 2),
  'F303 60 lanes of 5 runs survive kills at random moments (seed 3)': (world: World) =>
    survivesKills(world, 3),
};
