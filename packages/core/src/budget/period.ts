import type { Budget } from '@reeve/protocol';
import { createCalendar } from '../calendar.ts';

/** Begin and end of the period that an instant lies in. */
export const periodOf = (
  period: Budget['period'],
  at: number,
  timeZone: string,
): { from: number; to: number } => {
  const wallTime = createCalendar(timeZone);

  /** The instant at which a day begins; months and days beyond their range are counted on. */
  const begin = (year: number, month: number, day: number): number => {
    const wanted = Date.UTC(year, month - 1, day);
    let found = wanted;
    // Twice, since the offset may differ between the guess and the truth.
    for (let round = 0; round < 2; round += 1) {
      const wall = wallTime(found);
      found += wanted - Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
    }
    return found;
  };

  const { year, month, day, weekday } = wallTime(at);
  if (period === 'month') return { from: begin(year, month, 1), to: begin(year, month + 1, 1) };
  const first = period === 'week' ? day - weekday + 1 : day;
  return { from: begin(year, month, first), to: begin(year, month, first + (period === 'week' ? 7 : 1)) };
};
