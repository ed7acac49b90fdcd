import { join } from 'node:path';
import { type Engine, silentLog } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import { createFakeClock, settle } from '@reeve/testkit/fake-clock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEmbeddedEngine } from '../src/engine/embedded-engine.ts';
import { migrate } from '../src/migrations/migrate.ts';
import { type Committer, createCommitter } from '../src/sqlite/committer.ts';
import { openHandle, type SqliteHandle } from '../src/sqlite/handle.ts';
import { createHome } from './homes.ts';

let remove: () => void;
let writer: SqliteHandle;
let committer: Committer;
beforeEach(() => {
  const created = createHome();
  ({ remove } = created);
  writer = openHandle(join(created.home, 'reeve.db'), 'writer');
  migrate(writer.raw);
  committer = createCommitter(writer, () => {});
});
afterEach(async () => {
  await committer.close();
  writer.close();
  remove();
});

const engineOn = (through: Committer): Engine =>
  createEmbeddedEngine({
    writer,
    committed: writer.db,
    committer: through,
    clock: createFakeClock(),
    log: silentLog,
    concurrency: 10,
    laneLimit: 10,
  });

const rows = (table: string) => writer.raw.prepare(`SELECT count(*) FROM ${table}`).pluck().get();

test('finished steps are not repeated when the disk lost the count of attempts alone', async () => {
  const calls: string[] = [];
  const losesLazyWrites: Committer = {
    ...committer,
    write: (fn, options) =>
      options?.isLazy ? Promise.reject(new FaultError('DATABASE_ERROR')) : committer.write(fn, options),
  };
  for (const through of [losesLazyWrites, committer]) {
    const engine = engineOn(through);
    engine.register('work', async ({ step }) => {
      await step('one', async () => calls.push('one'));
      await step('two', async () => {
        calls.push('two');
        if (through !== committer) await new Promise(() => {});
        return null;
      });
      return 'end';
    });
    await engine.start();
    await engine.enqueue({ runId: 'run', lane: 'lane', fn: 'work', input: null });
    await settle();
  }
  expect(calls).toEqual(['one', 'two', 'two']);
  expect(rows("engine_runs WHERE state = 'done'")).toBe(1);
});

test('an ended run leaves no results of steps and no signals behind, however it ended', async () => {
  const engine = engineOn(committer);
  engine.register('work', async ({ step, waitFor, lane }) => {
    await step('one', async () => 'private');
    if (lane === 'fails') throw new Error('no');
    return waitFor('approval', 1_000);
  });
  await engine.start();
  for (const lane of ['ends', 'fails', 'cancelled'])
    await engine.enqueue({ runId: lane, lane, fn: 'work', input: null });
  await settle();
  await engine.signal('ends', 'approval', 'private', 'key');
  await engine.cancel('cancelled');
  await settle();
  expect([rows('engine_steps'), rows('engine_signals'), rows('engine_runs WHERE ended_at IS NULL')]).toEqual([
    0, 0, 0,
  ]);
});

test('a run cancelled in the queue after a crash leaves nothing behind either', async () => {
  const before = engineOn(committer);
  before.register('work', async ({ step }) => {
    await step('one', async () => 'private');
    return step('two', () => new Promise<null>(() => {}));
  });
  await before.start();
  await before.enqueue({ runId: 'run', lane: 'lane', fn: 'work', input: null });
  await settle();
  await before.signal('run', 'approval', 'private', 'key');
  expect([rows('engine_steps'), rows('engine_signals')]).toEqual([1, 1]);
  const after = engineOn(committer);
  expect(await after.cancel('run')).toBe(true);
  expect([rows('engine_steps'), rows('engine_signals')]).toEqual([0, 0]);
});
