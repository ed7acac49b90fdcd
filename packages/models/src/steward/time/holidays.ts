import { phrase } from '../phrase.ts';

/** Month and day, or days after Easter Sunday. */
const holidays: [RegExp, { month: number; day: number } | { afterEaster: number }][] = [
  [phrase`\b(?:christmas eve|heiligabend|heilig abend)\b`, { month: 12, day: 24 }],
  [phrase`\b(?:boxing day)\b`, { month: 12, day: 26 }],
  [phrase`\b(?:christmas|xmas|weihnachten|weihnachtstag)\b`, { month: 12, day: 25 }],
  [phrase`\b(?:new year's eve|silvester)\b`, { month: 12, day: 31 }],
  [phrase`\b(?:new year's day|new year's|new year|neujahr)\b`, { month: 1, day: 1 }],
  [phrase`\b(?:valentine's(?: day)?|valentinstag)\b`, { month: 2, day: 14 }],
  [phrase`\b(?:halloween)\b`, { month: 10, day: 31 }],
  [phrase`\b(?:nikolaus|nikolaustag)\b`, { month: 12, day: 6 }],
  [phrase`\b(?:good friday|karfreitag)\b`, { afterEaster: -2 }],
  [phrase`\b(?:easter monday|ostermontag)\b`, { afterEaster: 1 }],
  [phrase`\b(?:easter|ostern|ostersonntag)\b`, { afterEaster: 0 }],
  [phrase`\b(?:pentecost|pfingsten|pfingstsonntag)\b`, { afterEaster: 49 }],
];

/** The day (UTC midnight) of a holiday named in `text` in the given year, or null. */
export const holidayIn = (text: string, year: number): number | null => {
  const found = holidays.find(([pattern]) => pattern.test(text))?.[1];
  if (found === undefined) return null;
  return 'afterEaster' in found
    ? easter(year) + found.afterEaster * 86_400_000
    : Date.UTC(year, found.month - 1, found.day);
};

/** Easter Sunday by the anonymous Gregorian algorithm (Meeus, Jones, Butcher). */
const easter = (year: number): number => {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return Date.UTC(year, Math.floor(f / 31) - 1, (f % 31) + 1);
};
