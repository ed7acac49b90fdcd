import type { Clock } from '../ports/clock.ts';

/** Hour 0-23, minute 0-59, weekday 1 (Monday) - 7 in the household's time zone. */
export interface LocalTime {
  hour: number;
  minute: number;
  weekday: number;
}

const minuteMs = 60_000;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Looked up once a minute: `Intl` costs more than the decision that needs it. */
export const createLocalTime = (clock: Clock, timeZone: () => string): (() => LocalTime) => {
  let known: { minute: number; zone: string; time: LocalTime } | undefined;
  let format: { zone: string; value: Intl.DateTimeFormat } | undefined;
  return () => {
    const minute = Math.floor(clock.now() / minuteMs);
    const zone = timeZone();
    if (known?.minute === minute && known.zone === zone) return known.time;
    if (format?.zone !== zone)
      format = {
        zone,
        value: new Intl.DateTimeFormat('en-GB', {
          timeZone: zone,
          hour: 'numeric',
          minute: 'numeric',
          weekday: 'short',
          hourCycle: 'h23',
        }),
      };
    const parts = Object.fromEntries(
      format.value.formatToParts(minute * minuteMs).map(({ type, value }) => [type, value]),
    );
    const time = {
      hour: Number(parts.hour),
      minute: Number(parts.minute),
      weekday: weekdays.indexOf(parts.weekday!) + 1,
    };
    known = { minute, zone, time };
    return time;
  };
};
