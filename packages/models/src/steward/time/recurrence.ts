import { monthName, weekdayName } from '../format.ts';
import type { Language } from '../language.ts';
import { phrase } from '../phrase.ts';
import type { Texts } from '../texts/index.ts';
import { clockText, findClock, hourOfPart } from './clock.ts';

/** What comes again and again. `cron` is null while the time of day is not known; `days` are its last three fields. */
export interface Recurrence {
  days: string;
  cron: string | null;
  /** The text without the words for the rhythm and its time. */
  rest: string;
}

const dayNames: [RegExp, number][] = [
  [/^su|^so/i, 0],
  [/^mo/i, 1],
  [/^tu|^di/i, 2],
  [/^we|^mi/i, 3],
  [/^th|^do/i, 4],
  [/^fr/i, 5],
  [/^sa/i, 6],
];
const monthNames = [
  'jan',
  'feb',
  'm[aä]e?r',
  'apr',
  'ma[iy]',
  'jun',
  'jul',
  'aug',
  'sep',
  'o[ck]t',
  'nov',
  'de[cz]',
];
const month = String.raw`(?:jan|feb|m[aä]e?r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])\p{L}*`;
const day = `(?:monday|mon|tuesday|tue|wednesday|wed|thursday|thu|friday|fri|saturday|sat|sunday|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)`;
const days = String.raw`${day}s?(?:\s*(?:,|and|&|und)\s*(?:(?:every|jeden|on)\s+)?${day}s?)*`;
const part = String.raw`(?:\s+(?:in\s+the\s+)?(?:mornings?|afternoons?|evenings?|nights?)|\s+(?:am\s+)?(?:morgens?|vormittags?|nachmittags?|abends?|mittags?))?`;
const edge = (source: string) => new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${source})(?![\p{L}\p{N}])`, 'iu');

/** Rhythms in order; the first that fits wins. `fields` makes day of month, month, weekday. */
const rhythms: { pattern: RegExp; fields: (match: RegExpExecArray) => string | null }[] = [
  {
    pattern: edge(
      String.raw`(?:(?:every|each)\s+(?:week\s?day|working\s+day|work\s?day|business\s+day)|(?:on\s+)?(?:weekdays|workdays)|(?:an\s+jedem|jeden)\s+(?:werktag|wochentag|arbeitstag)|(?:an\s+)?(?:werktagen|wochentagen|arbeitstagen)|werktags|wochentags|(?:every\s+)?(?:from\s+)?mon(?:day)?\s*(?:to|through|-|–)\s*fri(?:day)?|(?:von\s+)?montags?\s+bis\s+freitags?)${part}`,
    ),
    fields: () => '* * 1-5',
  },
  {
    pattern: edge(
      String.raw`(?:(?:every|each)\s+weekend|on\s+weekends|jedes\s+wochenende|an\s+(?:jedem\s+wochenende|wochenenden))${part}`,
    ),
    fields: () => '* * 0,6',
  },
  {
    pattern: edge(
      String.raw`(?:on\s+)?(?:the\s+)?(?<first>\d{1,2}|first)(?:st|nd|rd|th)?\s+(?:day\s+)?of\s+(?:every|each|the)\s+month|(?:every|each)\s+month\s+on\s+(?:the\s+)?(?<second>\d{1,2}|first)(?:st|nd|rd|th)?|monthly\s+on\s+(?:the\s+)?(?<third>\d{1,2}|first)(?:st|nd|rd|th)?|(?:am\s+)?(?<fourth>\d{1,2}\.|ersten)\s+(?:tag\s+)?(?:jede[sn]|eines\s+jeden)\s+monats|(?:jeden\s+monat|monatlich)\s+(?:am\s+)?(?<fifth>\d{1,2}\.?|ersten)`,
    ),
    fields: ({ groups }) => {
      const said =
        groups?.['first'] ??
        groups?.['second'] ??
        groups?.['third'] ??
        groups?.['fourth'] ??
        groups?.['fifth'] ??
        '';
      const number = /^(?:first|ersten)/i.test(said) ? 1 : Number.parseInt(said, 10);
      return number >= 1 && number <= 31 ? `${number} * *` : null;
    },
  },
  {
    pattern: edge(
      String.raw`(?:(?:every|each)\s+year|yearly|annually|jedes\s+jahr|jährlich|jaehrlich)\s+(?:on\s+|am\s+)?(?:the\s+)?(?:(?<day>\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?<month>${month})|(?<month2>${month})\s+(?<day2>\d{1,2})(?:st|nd|rd|th)?)`,
    ),
    fields: ({ groups }) => {
      const name = groups?.['month'] ?? groups?.['month2'] ?? '';
      const number = Number(groups?.['day'] ?? groups?.['day2']);
      const index = monthNames.findIndex((each) => new RegExp(`^${each}`, 'i').test(name));
      return index === -1 || number < 1 || number > 31 ? null : `${number} ${index + 1} *`;
    },
  },
  {
    pattern: edge(
      String.raw`(?:(?:every|each)\s+|jeden\s+|an\s+jedem\s+|immer\s+)(?<days>${days})${part}|(?:on\s+|immer\s+)?(?<plural>${day}s(?:\s*(?:,|and|&|und)\s*${day}s)*)${part}`,
    ),
    fields: ({ groups }) => {
      const said = (groups?.['days'] ?? groups?.['plural'] ?? '').match(new RegExp(day, 'giu')) ?? [];
      const numbers = said.map((name) => dayNames.find(([pattern]) => pattern.test(name))![1]);
      return `* * ${[...new Set(numbers)].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7)).join(',')}`;
    },
  },
  {
    pattern: edge(
      String.raw`(?:every|each)\s+(?:single\s+)?(?:day|morning|afternoon|evening|night)${part}|everyday|daily|nightly|jeden\s+(?:tag|morgen|vormittag|mittag|nachmittag|abend)${part}|jede\s+nacht|t(?:ä|ae|a)glich${part}`,
    ),
    fields: () => '* * *',
  },
];

const hourly = edge(String.raw`every\s+hour|each\s+hour|hourly|jede\s+stunde|st(?:ü|ue|u)ndlich`);
const everyHours = edge(String.raw`(?:every|alle)\s+(?<count>\d{1,2})\s*(?:hours|h|stunden|std)`);
const everyMinutes = edge(String.raw`(?:every|alle)\s+(?<count>\d{1,2})\s*(?:minutes|mins?|minuten)`);
const halfHour = edge(String.raw`every\s+half\s+(?:an\s+)?hour|(?:jede|alle)\s+halbe\s+stunde`);
/** Rhythms that five cron fields cannot say. */
const unsayable = edge(
  String.raw`(?:every|the)\s+(?:other|first|last|second|third|fourth|\d+(?:st|nd|rd|th))\s+(?:\p{L}*day|week|month|year)(?:\s+of\s+(?:the|every|each)\s+month)?|every\s+(?:\d+|two|three|four|five|six)\s+(?:days|weeks|months|years)|(?:every|each)\s+(?:week|month|year)|every\s+\d*\s*seconds?|jede[nrs]?\s+(?:erste|letzte|zweite|dritte|vierte)[nrs]?\s+\p{L}+|alle\s+(?:\d+|zwei|drei|vier|f(?:ü|ue|u)nf|sechs)\s+(?:tage|wochen|monate|jahre|sekunden)|jede\s+(?:woche|sekunde)|jeden\s+monat|jedes\s+jahr`,
);

/** The recurrence in a text; `unsayable` when there is one that cron cannot express exactly, null when there is none. */
export const findRecurrence = (text: string): Recurrence | 'unsayable' | null => {
  const short = shortRhythm(text);
  if (short !== null) return short;
  for (const { pattern, fields } of rhythms) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const found = fields(match);
    if (found === null) return 'unsayable';
    const rest = cut(text, match.index, match[0].length);
    return withTime(found, rest, match[0]);
  }
  return unsayable.test(text) ? 'unsayable' : null;
};

const shortRhythm = (text: string): Recurrence | 'unsayable' | null => {
  const made = (match: RegExpExecArray, cron: string): Recurrence => ({
    days: '* * *',
    cron,
    rest: cut(text, match.index, match[0].length),
  });
  const hour = hourly.exec(text);
  if (hour !== null) return made(hour, '0 * * * *');
  const half = halfHour.exec(text);
  if (half !== null) return made(half, '*/30 * * * *');
  const minutes = everyMinutes.exec(text);
  if (minutes !== null) {
    const count = Number(minutes.groups!['count']);
    return count > 0 && 60 % count === 0 && count < 60
      ? made(minutes, count === 1 ? '* * * * *' : `*/${count} * * * *`)
      : 'unsayable';
  }
  const hours = everyHours.exec(text);
  if (hours === null) return null;
  const count = Number(hours.groups!['count']);
  return count > 0 && 24 % count === 0 && count < 24
    ? made(hours, count === 1 ? '0 * * * *' : `0 */${count} * * *`)
    : 'unsayable';
};

/** Adds the times of day: one, or several at the same minute (`at 8am and 8pm`); five fields cannot say others. */
const withTime = (days: string, text: string, rhythm: string): Recurrence | 'unsayable' => {
  let rest = text;
  const times: { hour: number; minute: number }[] = [];
  for (let clock = findClock(rest); clock !== null && times.length < 6; ) {
    const said = rest.slice(clock.index, clock.index + clock.length);
    times.push({ hour: likely(clock.hour, rhythm, said), minute: clock.minute });
    const after = rest.slice(clock.index + clock.length);
    const next = /^\s*(?:,|and|und)\s*(?=(?:at|um)?\s*\d)/i.exec(after)?.[0];
    const before = rest.slice(0, clock.index);
    // The second of "at 8 and 9" is a time of day as well.
    rest =
      next === undefined
        ? `${before}${after}`
        : `${before}${after.slice(next.length).replace(/^(?=\d)/, 'at ')}`;
    clock = next === undefined ? null : findClock(rest);
  }
  const minutes = new Set(times.map(({ minute }) => minute));
  if (minutes.size > 1) return 'unsayable';
  const isNoon = /mittag/i.test(rhythm) && !/(?:nach|vor)mittag/i.test(rhythm);
  const part = isNoon ? 12 : hourOfPart(rhythm);
  if (times.length === 0 && part === null) return { days, cron: null, rest: rest.trim() };
  const hours = times.length === 0 ? String(part) : times.map(({ hour }) => hour).join(',');
  return { days, cron: `${times[0]?.minute ?? 0} ${hours} ${days}`, rest: rest.replace(/\s+/g, ' ').trim() };
};

/** `every evening at 8` is 20:00, and a bare `at 3` is in the afternoon. */
const likely = (hour: number, rhythm: string, said: string): number => {
  const isBare = /^(?:at|um|gegen|@)?\s*[1-9]\d?$/i.test(said);
  const partHour = hourOfPart(rhythm);
  if (hour >= 1 && hour < 12 && !/[ap]\.?m/i.test(said) && partHour !== null && partHour >= 15)
    return hour + 12;
  return isBare && hour >= 1 && hour <= 5 && partHour === null ? hour + 12 : hour;
};

const cut = (text: string, index: number, length: number): string =>
  `${text.slice(0, index)} ${text.slice(index + length)}`.replace(/\s+/g, ' ').trim();

/** The time of day in an answer to “At what time?”, where a bare number counts too. */
export const readTimeOfDay = (text: string): { hour: number; minute: number } | null => {
  const said = /^\d/.test(text) ? `at ${text}` : text;
  const clock = findClock(said);
  if (clock === null) {
    const hour = phrase`^(?:(?:in the |am )?\p{L}+)$`.test(text) ? hourOfPart(text) : null;
    return hour === null ? null : { hour, minute: 0 };
  }
  const left = said.slice(0, clock.index) + said.slice(clock.index + clock.length);
  if (!/^[\s,.!]*(?:please|bitte|then|dann|in the \p{L}+|\p{L}+s)?[\s,.!]*$/iu.test(left)) return null;
  return {
    hour: likely(clock.hour, left, said.slice(clock.index, clock.index + clock.length)),
    minute: clock.minute,
  };
};

/** A cron text in words, for the shapes that are made here; others are shown as they are. */
export const describeCron = (cron: string, t: Texts, language: Language): string => {
  const [minute = '', hour = '', dayOfMonth = '', monthNumber = '', weekdays = ''] = cron.split(/\s+/);
  if (/^(?:\*\/\d+|\*)$/.test(minute) && hour === '*') return t.rhythm.minutes(Number(minute.slice(2) || 1));
  if (minute === '0' && /^(?:\*\/\d+|\*)$/.test(hour)) return t.rhythm.hours(Number(hour.slice(2) || 1));
  if (!/^\d+$/.test(minute) || !/^\d+(?:,\d+)*$/.test(hour)) return t.rhythm.other(cron);
  const time = hour
    .split(',')
    .map((each) => clockText(Number(each), Number(minute)))
    .join(t.rhythm.and);
  if (/^\d+$/.test(dayOfMonth) && weekdays === '*') {
    if (monthNumber === '*') return t.rhythm.monthly(Number(dayOfMonth), time);
    if (/^\d+$/.test(monthNumber))
      return t.rhythm.yearly(Number(dayOfMonth), monthName(Number(monthNumber), language), time);
  }
  if (dayOfMonth !== '*' || monthNumber !== '*') return t.rhythm.other(cron);
  if (weekdays === '*') return t.rhythm.daily(time);
  if (weekdays === '1-5') return t.rhythm.weekdays(time);
  if (weekdays === '0,6') return t.rhythm.weekend(time);
  if (!/^[0-7](?:,[0-7])*$/.test(weekdays)) return t.rhythm.other(cron);
  return t.rhythm.days(
    weekdays
      .split(',')
      .map((number) => weekdayName(Number(number), language))
      .join(t.rhythm.and),
    time,
  );
};
