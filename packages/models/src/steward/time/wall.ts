/**
 * Wall-clock time as milliseconds of a clock without zones: `Date.UTC` of what the clock in the zone shows.
 * Good for reckoning with days and hours as people name them; the tools turn it into instants.
 */
export const wallNow = (now: number, timeZone: string): number => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(now);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(
    value('year'),
    value('month') - 1,
    value('day'),
    value('hour'),
    value('minute'),
    value('second'),
  );
};

/** `2026-05-04T09:00` */
export const wallText = (wall: number): string => new Date(wall).toISOString().slice(0, 16);

/** `2026-05-04` */
export const wallDay = (wall: number): string => new Date(wall).toISOString().slice(0, 10);

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
