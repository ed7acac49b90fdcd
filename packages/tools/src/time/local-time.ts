import { Temporal } from 'temporal-polyfill';

/** An instant as ISO 8601 with the zone's offset at that time, to the second: `2026-05-03T09:00:00+02:00`. */
export const isoIn = (ms: number, timeZone: string): string =>
  zonedAt(ms, timeZone).toString({ timeZoneName: 'never', smallestUnit: 'second' });

export const zonedAt = (ms: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);

export interface Moment {
  at: Temporal.ZonedDateTime;
  /** False when only a date was given; `at` is then the start of that day. */
  hasTime: boolean;
}

/**
 * Reads `2026-05-03`, `2026-05-03T09:00`, `09:00` (today in `timeZone`) or a date-time with offset.
 * A local time that a clock change skips moves forward by the gap; one that comes twice means the first.
 * Null when the text is none of these.
 */
export const readMoment = (text: string, timeZone: string, now: number): Moment | null => {
  const value = text.trim();
  try {
    if (/[T ].*(?:Z|[+-]\d\d:?\d\d)$/i.test(value)) {
      return { at: Temporal.Instant.from(value).toZonedDateTimeISO(timeZone), hasTime: true };
    }
    if (/^\d{1,2}:\d{2}(?::\d{2})?$/.test(value)) {
      const time = Temporal.PlainTime.from(
        value.padStart(value.length === 4 || value.length === 7 ? value.length + 1 : 0, '0'),
      );
      return {
        at: zonedAt(now, timeZone).toPlainDate().toZonedDateTime({ timeZone, plainTime: time }),
        hasTime: true,
      };
    }
    const hasTime = /[T ]\d/i.test(value);
    return { at: Temporal.PlainDateTime.from(value).toZonedDateTime(timeZone), hasTime };
  } catch {
    return null;
  }
};
