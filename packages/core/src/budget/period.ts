import type { Budget } from '@reeve/protocol';

type Period = Budget['period'];

/** Year, month (1-12), day and weekday (0 = Monday) of an instant in a time zone. */
const calendarOf = (at: number, timeZone: string) => {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      weekday: 'short',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return {
    year: Number(parts.year),
    month: Number(parts.month),
    day: Number(parts.day),
    weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts.weekday!),
  };
};

/** The instant at which a day begins in a time zone: the offset is looked up at that very midnight. */
const midnight = (year: number, month: number, day: number, timeZone: string): number => {
  const wanted = Date.UTC(year, month - 1, day);
  let at = wanted;
  // Twice, since the offset may differ between the guess and the truth.
  for (let round = 0; round < 2; round += 1) {
    const parts = Object.fromEntries(
      new Intl.DateTimeFormat('en-GB', {
        timeZone,
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        hourCycle: 'h23',
      })
        .formatToParts(at)
        .map(({ type, value }) => [type, Number(value)]),
    ) as Record<string, number>;
    at += wanted - Date.UTC(parts.year!, parts.month! - 1, parts.day!, parts.hour!, parts.minute!);
  }
  return at;
};

/** Begin and end of the period that an instant lies in. */
export const periodOf = (period: Period, at: number, timeZone: string): { from: number; to: number } => {
  const { year, month, day, weekday } = calendarOf(at, timeZone);
  const begin = (y: number, m: number, d: number) => {
    const plain = new Date(Date.UTC(y, m - 1, d));
    return midnight(plain.getUTCFullYear(), plain.getUTCMonth() + 1, plain.getUTCDate(), timeZone);
  };
  if (period === 'month') return { from: begin(year, month, 1), to: begin(year, month + 1, 1) };
  if (period === 'week')
    return { from: begin(year, month, day - weekday), to: begin(year, month, day - weekday + 7) };
  return { from: begin(year, month, day), to: begin(year, month, day + 1) };
};
