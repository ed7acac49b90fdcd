import type { Component, ParsedResult } from 'chrono-node';
import type { Language } from '../language.ts';
import { phraseOf } from '../phrase.ts';
import { normaliseTimes } from './clock-words.ts';
import { holidayIn } from './holidays.ts';
import { dayMs, hourMs, wallDay, wallNow } from './wall.ts';

export interface Reference {
  now: number;
  timeZone: string;
  spoken: Language;
}

/** A date or time found in a text. */
export interface Found {
  /** Wall clock, see `wallNow`; or the instant, when the text names a zone of its own. */
  wall: number;
  instant: number | null;
  hasDate: boolean;
  hasTime: boolean;
  index: number;
  length: number;
}

export const normalise = (text: string, reference: Reference): string => {
  const today = wallNow(reference.now, reference.timeZone);
  return normaliseTimes(nextWeek(text, today, reference.spoken), new Date(today).getUTCFullYear());
};

const weekday =
  '(?<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch)';
const dayOfNextWeek = phraseOf(String.raw`\b(?:next week|nächste woche)(?: on| am)? ${weekday}\b`);
const dayStarts = [/^mo/i, /^(?:tu|di)/i, /^(?:we|mi)/i, /^(?:th|do)/i, /^fr/i, /^sa/i, /^(?:su|so)/i];

/** `next week Wednesday` as a date: chrono would take the Wednesday of this week. Weeks begin on Monday. */
const nextWeek = (text: string, today: number, spoken: Language): string =>
  text.replace(dayOfNextWeek, (...match) => {
    const { day } = match.at(-1) as { day: string };
    const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * dayMs;
    const date = new Date(monday + (7 + dayStarts.findIndex((start) => start.test(day))) * dayMs);
    const [year, month, number] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    return spoken === 'de' ? `am ${number}.${month}.${year}` : `on ${month}/${number}/${year}`;
  });

/**
 * Dates and times in a text, read by chrono in the language of the text first, then in the other. chrono knows only
 * fixed offsets, so it reads wall-clock time, and the tools find the instant with the zone's rules.
 */
export const findDates = async (text: string, reference: Reference, isForward = true): Promise<Found[]> => {
  const order: Language[] =
    reference.spoken === 'de' || /\d\.\s?\d{1,2}\./.test(text) ? ['de', 'en'] : ['en', 'de'];
  const wall = wallNow(reference.now, reference.timeZone);
  const offset = Math.round((wall - reference.now) / 60_000);
  for (const language of order) {
    const chrono = language === 'en' ? await import('chrono-node/en') : await import('chrono-node/de');
    const results = chrono.parse(
      text,
      { instant: new Date(reference.now), timezone: offset },
      { forwardDate: isForward },
    );
    const found = results.filter(isMeant).map((result) => toFound(result, wall));
    if (found.length > 0) return found;
  }
  return [];
};

/** Short words alone (`may`, `so`, `fr`) are hardly ever dates. */
const isMeant = (result: ParsedResult): boolean => !/^\p{L}{1,3}\.?$/u.test(result.text.trim());

const partOfDay =
  /(?<!\p{L})(?:morning|noon|midday|afternoon|evening|tonight|night|midnight|vormittags?|mittags?|nachmittags?|abends?|nachts?|mitternacht|(?:heute|am|gestern|\w+tag) morgen|morgens)(?!\p{L})/iu;
const bareHour =
  /(?:^|(?<=[\s,]))(?:at|um|gegen|@)\s*([1-9]|1[0-2])(?![\d:.]|\s*(?:[ap]\.?m|uhr|o'?clock))/iu;

const toFound = (result: ParsedResult, now: number): Found => {
  const { start, index, text } = result;
  const get = (component: Component) => start.get(component) ?? 0;
  const isCertain = (...components: Component[]) =>
    components.some((component) => start.isCertain(component));
  const hasDate = isCertain('day', 'weekday', 'month');
  const hasPart = !isCertain('hour') && partOfDay.test(text);
  const hour = hasPart && get('hour') === 6 ? 8 : get('hour');
  const wall = Date.UTC(get('year'), get('month') - 1, get('day'), hour, get('minute'));
  return {
    wall:
      bareHour.test(text) && !partOfDay.test(text)
        ? likelyHour(wall, now, hasDate)
        : upcoming(wall, now, hasDate),
    instant: start.isCertain('timezoneOffset') ? result.date().getTime() : null,
    hasDate,
    hasTime: isCertain('hour') || hasPart,
    index,
    length: text.length,
  };
};

/** A time without a day is the next one; chrono takes the present minute for one to come. */
const upcoming = (wall: number, now: number, hasDate: boolean): number =>
  !hasDate && wall <= now ? wall + dayMs : wall;

/** `at 5` without morning or evening: the next time a clock shows five; on another day, one to five are in the afternoon. */
const likelyHour = (wall: number, now: number, hasDate: boolean): number => {
  const hour = new Date(wall).getUTCHours();
  const midnight = wall - hour * hourMs - new Date(wall).getUTCMinutes() * 60_000;
  const today = now - (now % dayMs);
  const later = [hour, hour + 12].filter((each) => each < 24).map((each) => today + each * hourMs);
  const next = later.find((each) => each > now);
  if ((!hasDate || midnight === today) && next !== undefined) return next;
  return hour >= 1 && hour <= 5 ? midnight + (hour + 12) * hourMs : wall;
};

const filler = /^(?:the|on|of|der|den|dem|das|am|zum|dieses|jahr|this|year|until|bis|,|\s)*$/iu;

/** A text that is a date and nothing else, as `2026-12-24`; `direction` settles the year that is not said. Null when it is none. */
export const readDate = async (
  text: string,
  reference: Reference,
  direction: 'next' | 'last' = 'next',
): Promise<string | null> => {
  const today = wallNow(reference.now, reference.timeZone);
  const holiday = nearestHoliday(text, today, direction);
  if (holiday !== null) return wallDay(holiday);
  const iso = /^\d{4}-\d\d-\d\d$/.exec(text.trim());
  if (iso !== null) return Number.isNaN(Date.parse(iso[0])) ? null : iso[0];
  const normal = normalise(text, reference);
  const [found] = await findDates(normal, reference, direction === 'next');
  if (found === undefined || !found.hasDate) return null;
  if (!filler.test(normal.slice(0, found.index) + normal.slice(found.index + found.length))) return null;
  // chrono moves a day of this year that has begun to the next year; today is meant as today.
  const isToday = !/\d{4}/.test(normal) && wallDay(found.wall).slice(4) === wallDay(today).slice(4);
  return wallDay(isToday ? today : found.wall);
};

const nearestHoliday = (text: string, today: number, direction: 'next' | 'last'): number | null => {
  const said = /\b(?:19|20)\d\d\b/.exec(text)?.[0];
  if (said !== undefined) return holidayIn(text, Number(said));
  const year = new Date(today).getUTCFullYear();
  const start = today - (today % dayMs);
  const days = [year - 1, year, year + 1].flatMap((each) => holidayIn(text, each) ?? []);
  return (
    (direction === 'next' ? days.find((day) => day >= start) : days.findLast((day) => day <= start)) ?? null
  );
};
