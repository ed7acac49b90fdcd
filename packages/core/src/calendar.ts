/** Date and time on the wall of a time zone. */
export interface WallTime {
  year: number;
  /** 1-12. */
  month: number;
  day: number;
  /** 1 (Monday) - 7. */
  weekday: number;
  hour: number;
  minute: number;
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Reads instants in a time zone; made once for it, since `Intl` takes long to make a format. */
export const createCalendar = (timeZone: string): ((at: number) => WallTime) => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return {
      year: Number(parts.year),
      month: Number(parts.month),
      day: Number(parts.day),
      weekday: weekdays.indexOf(parts.weekday!) + 1,
      hour: Number(parts.hour),
      minute: Number(parts.minute),
    };
  };
};
