import { englishOneToTen, germanTwoToTen } from '../numbers/small-words.ts';
import { phrase } from '../phrase.ts';

const numbers: Record<string, number> = {
  a: 1,
  an: 1,
  ...englishOneToTen,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  'forty-five': 45,
  sixty: 60,
  ninety: 90,
  einer: 1,
  einem: 1,
  eine: 1,
  ein: 1,
  ...germanTwoToTen,
  fünfzehn: 15,
  fuenfzehn: 15,
  zwanzig: 20,
  dreißig: 30,
  dreissig: 30,
  anderthalb: 1.5,
  eineinhalb: 1.5,
};
const amount = String.raw`\d+(?:[.,]\d+)?|${Object.keys(numbers)
  .sort((a, b) => b.length - a.length)
  .join('|')}`;
const unit = `seconds?|secs?|s|sekunden?|minutes?|mins?|min|m|minuten?|hours?|hrs?|h|stunden?|std`;
const part = String.raw`(?:${amount})\s*(?:${unit})(?![\p{L}\p{N}])`;

const span = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?<lead>in|nach|after|for|auf|von|für|fuer)\s+(?<span>half\s+an\s+hour|einer\s+halben\s+stunde|eine\s+halbe\s+stunde|(?:a\s+)?quarter\s+of\s+an\s+hour|einer\s+viertelstunde|an\s+hour\s+and\s+a\s+half|${part}(?:\s*(?:,|and|und)?\s*${part})?)`,
  'iu',
);

export interface Span {
  seconds: number;
  index: number;
  length: number;
}

/** The first exact span of time in a text: `in 20 minutes`, `in einer halben Stunde`, `in 1 hour and 15 minutes`. Days and longer depend on the calendar and are none. */
export const findSpan = (text: string): Span | null => {
  const match = span.exec(text);
  if (match === null) return null;
  const seconds = Math.round(secondsOf(match.groups!['span']!.toLowerCase()));
  return seconds < 1 ? null : { seconds, index: match.index, length: match[0].length };
};

const secondsOf = (text: string): number => {
  if (/hour and a half/.test(text.replace(/\s+/g, ' '))) return 5400;
  if (phrase`^(?:half|eine[r]? halbe)`.test(text)) return 1800;
  if (/quarter|viertelstunde/.test(text)) return 900;
  let total = 0;
  for (const match of text.matchAll(
    new RegExp(String.raw`(?<amount>${amount})\s*(?<unit>${unit})(?![\p{L}\p{N}])`, 'giu'),
  )) {
    const { amount: count, unit: name } = match.groups!;
    total +=
      (numbers[count!] ?? Number(count!.replace(',', '.'))) *
      (/^s(?!td|tund)/.test(name!) ? 1 : /^m/.test(name!) ? 60 : 3600);
  }
  return total;
};
