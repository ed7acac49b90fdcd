import { setImmediate as macrotask } from 'node:timers/promises';
import type { RunFn, Schedule } from '@reeve/core';
import { expect } from 'vitest';
import type { FakeClock } from '../../fake-clock.ts';
import { day, hour, until, type World } from './world.ts';

const hourly: Schedule = {
  id: 'tick',
  cron: '0 * * * *',
  timeZone: 'UTC',
  lane: 'lane',
  fn: 'tick',
  input: {},
};
const daily = (cron: string, timeZone: string): Schedule => ({ ...hourly, cron, timeZone });

/** A function that notes when it ran, by run id, so that a run executed twice counts once. */
const createBell = (clock: FakeClock) => {
  const rung = new Map<string, number>();
  const tick: RunFn = ({ runId, step }) =>
    step('ring', async () => {
      if (!rung.has(runId)) rung.set(runId, clock.now());
      return null;
    });
  return {
    functions: { tick },
    times: () => [...rung.values()],
    days: () => [...rung.values()].map((at) => new Date(at).toISOString().slice(0, 16)),
  };
};

const advanceTo = (clock: FakeClock, time: string) => clock.advance(Date.parse(time) - clock.now());

export const scheduleCases = {
  'F168 a schedule fires at each due time, once': async ({ boot, clock }: World) => {
    const { functions, times } = createBell(clock);
    const { engine } = await boot({ functions });
    const start = clock.now();
    expect(await engine.nextAt('tick')).toBeNull();
    await engine.schedule(hourly);
    expect(await engine.nextAt('tick')).toBe(start + hour);
    await clock.advance(hour - 1);
    expect(times()).toEqual([]);
    await clock.advance(2 * hour + 1);
    await until(() => times().length === 3);
    expect(times()).toEqual([start + hour, start + 2 * hour, start + 3 * hour]);
    expect(await engine.nextAt('tick')).toBe(start + 4 * hour);
  },

  'F168 a cron text may have six fields, seconds first': async ({ boot, clock }: World) => {
    const { functions, times } = createBell(clock);
    const { engine } = await boot({ functions });
    const start = clock.now();
    await engine.schedule({ ...hourly, cron: '*/20 * * * * *' });
    await clock.advance(60_000);
    await until(() => times().length === 3);
    expect(times()).toEqual([start + 20_000, start + 40_000, start + 60_000]);
  },

  'a due run gets the input of the schedule, in its lane': async ({ boot, clock }: World) => {
    const seen: unknown[] = [];
    const tick: RunFn = async ({ lane }, input) => {
      seen.push(lane, input);
      return null;
    };
    const { engine } = await boot({ functions: { tick } });
    await engine.schedule({ ...hourly, lane: 'reminders', input: { reminderId: 'rem_1' } });
    await clock.advance(hour);
    await until(() => seen.length === 2);
    expect(seen).toEqual(['reminders', expect.objectContaining({ reminderId: 'rem_1' })]);
  },

  'F168 schedules keep local time across the change to summer time and back': async ({
    boot,
    clock,
  }: World) => {
    const { functions, days } = createBell(clock);
    const { engine } = await boot({ functions });
    await advanceTo(clock, '2026-03-28T00:00:00Z');
    await engine.schedule(daily('0 8 * * *', 'Europe/Berlin'));
    await advanceTo(clock, '2026-03-31T00:00:00Z');
    await until(() => days().length === 3);
    expect(days()).toEqual(['2026-03-28T07:00', '2026-03-29T06:00', '2026-03-30T06:00']);
    await engine.unschedule('tick');
    await advanceTo(clock, '2026-10-24T00:00:00Z');
    await engine.schedule(daily('0 8 * * *', 'Europe/Berlin'));
    await advanceTo(clock, '2026-10-27T00:00:00Z');
    await until(() => days().length === 6);
    expect(days().slice(3)).toEqual(['2026-10-24T06:00', '2026-10-25T07:00', '2026-10-26T07:00']);
  },

  'F168 an hour that comes twice or not at all gives one due time a night': async ({
    boot,
    clock,
  }: World) => {
    const { functions, days } = createBell(clock);
    const { engine } = await boot({ functions });
    for (const [from, to, nights] of [
      ['2026-03-27T12:00:00Z', '2026-03-30T12:00:00Z', ['2026-03-28', '2026-03-29', '2026-03-30']],
      ['2026-10-23T12:00:00Z', '2026-10-26T12:00:00Z', ['2026-10-24', '2026-10-25', '2026-10-26']],
    ] as const) {
      const before = days().length;
      await advanceTo(clock, from);
      await engine.schedule(daily('30 2 * * *', 'Europe/Berlin'));
      await advanceTo(clock, to);
      await until(() => days().length >= before + nights.length);
      expect(
        days()
          .slice(before)
          .map((time) => time.slice(0, 10)),
      ).toEqual(nights);
      await engine.unschedule('tick');
    }
  },

  'F174 a due time fires once, whenever a kill comes': async ({ boot, clock }: World) => {
    const { functions, times } = createBell(clock);
    const start = clock.now();
    let life = await boot({ functions });
    await life.engine.schedule(hourly);
    for (let fired = 1; fired <= 12; fired += 1) {
      await clock.advance(hour - 1);
      const moving = clock.advance(1);
      for (let turn = 1; turn < fired; turn += 1) await macrotask();
      await life.kill();
      await moving;
      life = await boot({ functions });
      await until(() => times().length >= fired);
      expect(times()).toHaveLength(fired);
    }
    expect(await life.engine.nextAt('tick')).toBe(start + 13 * hour);
  },

  'F174 times missed while down fire once, late': async ({ boot, clock, settle }: World) => {
    const { functions, times } = createBell(clock);
    const start = clock.now();
    const first = await boot({ functions });
    await first.engine.schedule(hourly);
    await first.kill();
    await clock.advance(5.5 * hour);
    const { engine } = await boot({ functions });
    await until(() => times().length > 0);
    await settle();
    expect(times()).toEqual([start + 5.5 * hour]);
    expect(await engine.nextAt('tick')).toBe(start + 6 * hour);
    await clock.advance(0.5 * hour);
    await until(() => times().length === 2);
    expect(times()[1]).toBe(start + 6 * hour);
  },

  'F174 after a week the last missed time still fires when it is under a day old': async ({
    boot,
    clock,
    settle,
  }: World) => {
    const { functions, times } = createBell(clock);
    const first = await boot({ functions });
    await first.engine.schedule(daily('0 8 * * *', 'UTC'));
    await first.kill();
    await clock.advance(7 * day);
    await boot({ functions });
    await until(() => times().length > 0);
    await settle();
    expect(times()).toEqual([clock.now()]);
  },

  'F174 a missed time of a day ago or more does not fire': async ({ boot, clock, settle }: World) => {
    const { functions, times } = createBell(clock);
    const start = clock.now();
    const first = await boot({ functions });
    // Noon of each Monday; the clock starts on a Monday at nine.
    await first.engine.schedule({ ...hourly, cron: '0 12 * * 1' });
    await first.kill();
    await clock.advance(3 * hour + day);
    const { engine } = await boot({ functions });
    await settle();
    expect(times()).toEqual([]);
    await until(async () => (await engine.nextAt('tick')) === start + 3 * hour + 7 * day);
    await clock.advance(6 * day);
    await until(() => times().length > 0);
    expect(times()).toEqual([start + 3 * hour + 7 * day]);
  },

  'an unscheduled id fires no more, also after a kill': async ({ boot, clock, settle }: World) => {
    const { functions, times } = createBell(clock);
    const first = await boot({ functions });
    await first.engine.schedule(hourly);
    await first.engine.schedule({ ...hourly, id: 'other', cron: '0 0 1 1 *' });
    await first.engine.unschedule('tick');
    await first.engine.unschedule('nothing');
    expect(await first.engine.nextAt('tick')).toBeNull();
    expect(await first.engine.stats()).toMatchObject({ schedules: 1 });
    await clock.advance(2 * hour);
    await first.kill();
    await boot({ functions });
    await clock.advance(2 * hour);
    await settle();
    expect(times()).toEqual([]);
  },

  'a schedule set again under its id replaces the one before': async ({ boot, clock, settle }: World) => {
    const { functions, times } = createBell(clock);
    const { engine } = await boot({ functions });
    const start = clock.now();
    await engine.schedule(hourly);
    await engine.schedule({ ...hourly, cron: '30 * * * *' });
    expect(await engine.stats()).toMatchObject({ schedules: 1 });
    await clock.advance(2 * hour);
    await until(() => times().length === 2);
    await settle();
    expect(times()).toEqual([start + 0.5 * hour, start + 1.5 * hour]);
  },
};
