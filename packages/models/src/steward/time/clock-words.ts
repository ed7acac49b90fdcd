import { englishOneToTen, germanTwoToTen } from '../numbers/small-words.ts';
import { phrase } from '../phrase.ts';

const hours: Record<string, number> = {
  ...englishOneToTen,
  eleven: 11,
  twelve: 12,
  eins: 1,
  ein: 1,
  ...germanTwoToTen,
  funf: 5,
  elf: 11,
  zwölf: 12,
  zwoelf: 12,
  zwolf: 12,
};

const hour = String.raw`(?<hour>\d{1,2}|${Object.keys(hours).join('|')})(?![\p{L}\p{N}:])`;
const spoken: { pattern: RegExp; offset: number }[] = [
  { pattern: new RegExp(String.raw`half\s+past\s+${hour}`, 'giu'), offset: 30 },
  { pattern: new RegExp(String.raw`(?:a\s+)?quarter\s+past\s+${hour}`, 'giu'), offset: 15 },
  { pattern: new RegExp(String.raw`(?:a\s+)?quarter\s+to\s+${hour}`, 'giu'), offset: -15 },
  { pattern: new RegExp(String.raw`halb\s+${hour}`, 'giu'), offset: -30 },
  { pattern: new RegExp(String.raw`viertel\s+nach\s+${hour}`, 'giu'), offset: 15 },
  { pattern: new RegExp(String.raw`viertel\s+vor\s+${hour}`, 'giu'), offset: -15 },
  { pattern: new RegExp(String.raw`dreiviertel\s+${hour}`, 'giu'), offset: -15 },
];
const afterAt = new RegExp(String.raw`(?<![\p{L}\p{N}])(?<at>at|um|gegen)\s+${hour}`, 'giu');

/** Without these, clock words from one to six mean the afternoon: `half past three` is 15:30. */
const early = phrase`\b(?:morning|early|a\.?m|night|früh|morgens|nachts|vormittags?)\b`;

/**
 * Writes times that are spoken in words with digits: `halb acht` as `7:30`, `at nine` as `at 9`, and brings a few
 * German forms into one that the date parser knows.
 */
export const normaliseTimes = (text: string, thisYear: number): string => {
  let result = text;
  for (const { pattern, offset } of spoken) {
    result = result.replace(pattern, (...match) => {
      const said = (toHour(groupsOf(match)['hour']!) * 60 + offset + 720) % 720;
      const minutes = said < 60 || (said < 360 && !early.test(text)) ? said + 720 : said;
      return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
    });
  }
  return (
    result
      .replace(afterAt, (...match) => `${groupsOf(match)['at']} ${toHour(groupsOf(match)['hour']!)}`)
      .replace(/(?<!\d)(\d{1,2})\s*uhr\s*(\d{2})(?!\d)/giu, '$1:$2')
      .replace(/(?<!\d)(\d{1,2})\.(\d{2})\s*uhr/giu, '$1:$2')
      .replace(/(?<!\d)(\d{1,2})\s*o'?clock/giu, '$1:00')
      // After a comma chrono takes "morgen" for the morning.
      .replace(/,\s+(?=(?:über|ueber)?morgen(?!\p{L}))/giu, ' ')
      .replace(phrase`\b(?<day>morgen|übermorgen|heute) früh(?= um\b)`, '$<day>')
      .replace(phrase`\b(?<day>morgen|übermorgen|heute) früh\b`, '$<day> Vormittag')
      .replace(/(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.(?!\s?\d)/g, `$1.$2.${thisYear}`)
  );
};

const toHour = (word: string): number => hours[word.toLowerCase()] ?? Number(word);

const groupsOf = (match: readonly unknown[]) => match.at(-1) as Record<string, string | undefined>;
