import { setImmediate as macrotask } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createFakeClock, createTestIds, settle, testEpoch } from '../src/fake-clock.ts';

test('timers fire in order of their due times, each at its own time', async () => {
  const clock = createFakeClock();
  const fired: [string, number][] = [];
  const at = (name: string, ms: number) =>
    clock.at(testEpoch + ms, () => fired.push([name, clock.now() - testEpoch]));
  at('late', 30);
  at('early', 10);
  at('same time, later set', 10);
  at('too late', 41);
  const cancel = at('cancelled', 20);
  cancel();
  await clock.advance(40);
  expect(fired).toEqual([
    ['early', 10],
    ['same time, later set', 10],
    ['late', 30],
  ]);
  expect([clock.now(), clock.pending()]).toEqual([testEpoch + 40, 1]);
});

test('what a timer starts settles before the next one, and may set one on the way', async () => {
  const clock = createFakeClock(0);
  const fired: number[] = [];
  const tick = async () => {
    fired.push(clock.now());
    for (let turn = 0; turn < 5; turn += 1) await macrotask();
    clock.at(clock.now() + 10, tick);
  };
  clock.at(10, tick);
  await clock.advance(35);
  expect(fired).toEqual([10, 20, 30]);
});

test('what is due already fires by itself, and not within the call', async () => {
  const clock = createFakeClock(100);
  let fired = 0;
  clock.at(100, () => (fired += 1));
  const cancel = clock.at(50, () => (fired += 1));
  cancel();
  expect(fired).toBe(0);
  await settle();
  expect([fired, clock.pending()]).toEqual([1, 0]);
});

test('ids sort by creation and differ across prefixes', () => {
  const newId = createTestIds();
  expect([newId('ses_'), newId('msg_'), newId('ses_')]).toEqual(['ses_000001', 'msg_000002', 'ses_000003']);
});
