import type { Language } from './language.ts';

const locales: Record<Language, string> = { en: 'en-GB', de: 'de-DE' };

/** `3 May 2026`, `3. Mai 2026`: the day of an ISO date-time in the given zone. */
export const formatDay = (iso: string, timeZone: string, language: Language): string =>
  formatter(language, { day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(Date.parse(iso));

/** `Sunday 3 May 2026` for a calendar date `2026-05-03`. */
export const formatDate = (date: string, language: Language): string =>
  formatter(language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
    .format(Date.parse(`${date}T00:00:00Z`))
    .replace(/^(\w+),? /, language === 'en' ? '$1 ' : '$1, ');

/** Day and time of an ISO date-time: `Monday 4 May 2026 at 09:00`, `Montag, 4. Mai 2026 um 09:00 Uhr`. */
export const formatMoment = (iso: string, timeZone: string, language: Language): string => {
  const at = Date.parse(iso);
  const date = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at);
  return language === 'en'
    ? `${formatDate(date, language)} at ${time}`
    : `${formatDate(date, language)} um ${time} Uhr`;
};

/** A decimal text with the language's separators; one with an exponent stays as it is. */
export const formatNumber = (decimal: string, language: Language): string => {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal);
  if (match === null) return decimal;
  const [, sign = '', whole = '', fraction = ''] = match;
  const [group, point] = language === 'en' ? [',', '.'] : ['.', ','];
  const grouped = whole.length > 3 ? whole.replace(/\B(?=(?:\d{3})+$)/g, group) : whole;
  const shown = fraction.slice(0, 12).replace(/0+$/, '');
  return `${sign}${grouped}${shown === '' ? '' : `${point}${shown}`}`;
};

export const weekdayName = (day: number, language: Language): string =>
  // 4 January 2026 is a Sunday, and cron counts from Sunday.
  formatter(language, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 0, 4 + (day % 7)));

export const monthName = (month: number, language: Language): string =>
  formatter(language, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, month - 1, 1));

const formatter = (language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locales[language], options);
