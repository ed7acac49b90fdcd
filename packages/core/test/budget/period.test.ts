import fc from 'fast-check';
import { expect, test } from 'vitest';
import { periodOf } from '../../src/budget/period.ts';
import { createCalendar } from '../../src/calendar.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];
const instants = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) });

test('F197 a period holds its instant, begins at midnight, and the next one begins where it ends', () => {
  fc.assert(
    fc.property(
      instants,
      fc.constantFrom(...zones),
      fc.constantFrom('day', 'week', 'month'),
      (at, zone, period) => {
        const wallTime = createCalendar(zone);
        const { from, to } = periodOf(period, at, zone);
        expect(from).toBeLessThanOrEqual(at);
        expect(to).toBeGreaterThan(at);
        expect(wallTime(from)).toMatchObject({ hour: 0, minute: 0 });
        if (period === 'week') expect(wallTime(from).weekday).toBe(1);
        if (period === 'month') expect(wallTime(from).day).toBe(1);
        expect(periodOf(period, to, zone).from).toBe(to);
        expect(periodOf(period, to - 1, zone)).toEqual({ from, to });
      },
    ),
  );
});

test('F197 a day on which the clocks change is as long as it is', () => {
  const hours = ({ from, to }: { from: number; to: number }) => (to - from) / 3_600_000;
  expect(hours(periodOf('day', Date.UTC(2026, 2, 29, 12), 'Europe/Berlin'))).toBe(23);
  expect(hours(periodOf('day', Date.UTC(2026, 9, 25, 12), 'Europe/Berlin'))).toBe(25);
});
