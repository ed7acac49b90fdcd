export interface Clock {
  hour: number;
  minute: number;
  index: number;
  length: number;
}

const clock =
  /(?<![\p{L}\p{N}.])(?:(?<at>at|um|gegen|@)\s*)?(?:(?<hour>\d{1,2})(?:[:.](?<minute>[0-5]\d))?\s*(?<half>[ap]\.?\s?m\.?(?![\p{L}])|uhr)?|(?<word>noon|midday|midnight|mittags?|mitternachts?))(?![\p{L}\p{N}:])/giu;

const partsOfDay: [RegExp, number][] = [
  [/(?<!\p{L})(?:mornings?|morgens?|vormittags?)(?!\p{L})/iu, 8],
  [/(?<!\p{L})(?:afternoons?|nachmittags?)(?!\p{L})/iu, 15],
  [/(?<!\p{L})(?:evenings?|abends?)(?!\p{L})/iu, 18],
  [/(?<!\p{L})(?:nights?|nachts?)(?!\p{L})/iu, 21],
];

/** The first time of day in a text; a bare number counts only after `at`, `um`, `gegen`. */
export const findClock = (text: string): Clock | null => {
  for (const match of text.matchAll(clock)) {
    const { at, hour, minute, half, word } = match.groups!;
    if (word === undefined && at === undefined && minute === undefined && half === undefined) continue;
    const value =
      word === undefined ? toHour(Number(hour), half) : /^mid(?:night)|^mitternacht/i.test(word) ? 0 : 12;
    if (value > 23) continue;
    return { hour: value, minute: Number(minute ?? 0), index: match.index, length: match[0].length };
  }
  return null;
};

/** The hour that stands for a part of the day: 8, 15, 18, 21. */
export const hourOfPart = (text: string): number | null =>
  partsOfDay.find(([pattern]) => pattern.test(text))?.[1] ?? null;

const toHour = (hour: number, half: string | undefined): number => {
  if (half === undefined || /^uhr/i.test(half)) return hour === 24 ? 0 : hour;
  if (hour > 12) return hour;
  return (hour % 12) + (/^p/i.test(half) ? 12 : 0);
};

export const clockText = (hour: number, minute: number): string =>
  `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
