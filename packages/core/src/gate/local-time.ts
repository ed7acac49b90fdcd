import { createCalendar, type WallTime } from '../calendar.ts';
import type { Clock } from '../ports/clock.ts';

export type LocalTime = Pick<WallTime, 'hour' | 'minute' | 'weekday'>;

const minuteMs = 60_000;

/** The time on the household's wall, looked up once a minute: that costs more than the decision that needs it. */
export const createLocalTime = (clock: Clock, timeZone: () => string): (() => LocalTime) => {
  let known: { minute: number; zone: string; time: LocalTime } | undefined;
  let calendar: { zone: string; wallTime: (at: number) => WallTime } | undefined;
  return () => {
    const minute = Math.floor(clock.now() / minuteMs);
    const zone = timeZone();
    if (known?.minute === minute && known.zone === zone) return known.time;
    if (calendar?.zone !== zone) calendar = { zone, wallTime: createCalendar(zone) };
    const time = calendar.wallTime(minute * minuteMs);
    known = { minute, zone, time };
    return time;
  };
};
