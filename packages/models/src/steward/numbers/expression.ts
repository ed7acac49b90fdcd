import type { Language } from '../language.ts';
import { phrase } from '../phrase.ts';
import { germanNumber } from './german-numbers.ts';

const englishNumber =
  /(?<!\p{L})(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen)(?!\p{L})/iu;
const operatorWord =
  /(?<!\p{L})(?:plus|minus|times|multiplied|divided|over|mal|durch|geteilt|hoch|power|squared|cubed|percent|prozent|root|wurzel|half|third|quarter|double|twice|hälfte|haelfte|halfte|drittel|viertel|doppelte|mod|modulo|quadrat|factorial|fakultät)(?!\p{L})|[-+*/^%×÷·√²³!]/iu;

/** Number words as digits. compromise does it for English, where they are written apart; it is loaded only for them. */
const withDigits = async (text: string, spoken: Language): Promise<string> => {
  const german = text.replace(/\p{L}+/gu, (word) => {
    // "an eine", "ein Drittel" and "eine Hälfte" are articles.
    if (/^ein(?:e|en)?$/i.test(word)) return word;
    return germanNumber(word)?.toString() ?? word;
  });
  if (spoken === 'de' && german !== text)
    return german.replace(/(?<!\p{L})eins?(?!\p{L}|\s+(?:drittel|viertel|halb))/giu, '1');
  if (!englishNumber.test(text)) return german;
  const { default: nlp } = await import('compromise/three');
  const doc = nlp(text);
  doc.numbers().toNumber();
  return doc.text();
};

/** `2,340.5` and `2.340,5` as `2340.5`. A lone separator before three digits groups thousands in its own language only. */
export const readNumbers = (text: string, language: Language): string =>
  text.replace(/\d[\d.,']*\d|\d/g, (number) => {
    const [group, point] = language === 'de' ? ['.', ','] : [',', '.'];
    if (new RegExp(`^\\d{1,3}(?:\\${group}\\d{3})+(?:\\${point}\\d+)?$`).test(number)) {
      return number.replaceAll(group, '').replace(point, '.');
    }
    if (new RegExp(`^\\d{1,3}(?:\\${point}\\d{3}){2,}(?:\\${group}\\d+)?$`).test(number)) {
      return number.replaceAll(point, '').replace(group, '.');
    }
    return /^\d+[.,]\d+$/.test(number) ? number.replace(',', '.') : number;
  });

const operand = String.raw`(\d+(?:\.\d+)?|\([^()]*\))`;
const rewrite = (source: string) =>
  new RegExp(source.replaceAll('N', operand).replaceAll(' ', String.raw`\s*`), 'giu');

const rewrites: [RegExp, string][] = [
  [/[×✕·]|(?<=[\d)])\s*x\s*(?=[\d(])/giu, '*'],
  [/[÷:](?=\s*\d)/gu, '/'],
  [/[−–]/gu, '-'],
  [/²/gu, '^2'],
  [/³/gu, '^3'],
  [phrase`\b(?:to the power of|raised to(?: the power of)?|hoch)\b`, '^'],
  [phrase`\b(?:squared|zum quadrat|im quadrat)`, '^2'],
  [phrase`\b(?:cubed)`, '^3'],
  [/(?<!\p{L})(?:multiplied\s+by|multipliziert\s+mit|times|mal)(?!\p{L})/giu, '*'],
  [/(?<!\p{L})(?:divided\s+by|geteilt\s+durch|dividiert\s+durch|over|durch)(?!\p{L})/giu, '/'],
  [/(?<!\p{L})plus(?!\p{L})/giu, '+'],
  [/(?<!\p{L})minus(?!\p{L})/giu, '-'],
  [/(?<!\p{L})(?:modulo|mod)(?!\p{L})/giu, ' mod '],
  [rewrite(`(?:the )?(?:square root of|√|(?:die )?(?:quadrat)?wurzel (?:aus|von)|sqrt) N`), 'sqrt($1)'],
  [rewrite(`N (?:factorial|fakult(?:ä|ae|a)t)`), '$1!'],
  [rewrite(`(?:a |the |die |one )?(?:half|h(?:ä|ae|a)lfte)(?: of| von) N`), '($1/2)'],
  [rewrite(`(?:a |one |1 |ein )?(?:third|drittel)(?: of| von) N`), '($1/3)'],
  [rewrite(`(?:a |one |1 |ein )?(?:quarter|viertel)(?: of| von) N`), '($1/4)'],
  [rewrite(`(?:double|twice|das doppelte (?:von)?) N`), '(2*$1)'],
  [rewrite(`N (?:%|percent|per cent|prozent) (?:of|von|vom) N`), '($1/100*$2)'],
  // "200 + 10 %" means ten percent of the 200.
  [rewrite(`^ N ([+-]) N (?:%|percent|per cent|prozent) $`), '$1*(1$2$3/100)'],
  [rewrite(String.raw`N (?:%|percent|per cent|prozent)(?! ?[\d(])`), '($1/100)'],
];

const head = phrase`^(?:what is|what's|what are|how much is|how much are|how much does|calculate|compute|work out|solve|was ist|was sind|was ergibt|was macht|wie ?viel (?:ist|sind|macht|ergibt|gibt)|berechne|rechne(?: mir)?(?: bitte)?(?: aus)?|=)[\s:,]*`;
const tail = phrase`\s*(?:=|equals?|make|aus|ergibt|ist gleich)*\s*$`;

export interface Sum {
  /** For `calculate`. */
  expression: string;
  /** As it was asked, without the words around it. */
  asked: string;
}

/** The arithmetic in a text that is nothing else, or null. */
export const readSum = async (text: string, spoken: Language): Promise<Sum | null> => {
  const asked = text.replace(head, '').replace(tail, '').trim();
  if (asked.length > 200 || !/\d|\p{L}{2}/u.test(asked) || !operatorWord.test(asked) || isDateOrPhone(asked))
    return null;
  // Everything except letters and signs of sums rules itself out before the number words are looked at.
  if (/[^\p{L}\p{N}\s.,'()+\-*/^%×✕÷·:√²³!−–]/u.test(asked)) return null;
  let expression = readNumbers(await withDigits(asked, spoken), spoken);
  for (const [pattern, replacement] of rewrites) expression = replaceAll(expression, pattern, replacement);
  expression = expression.replace(/\s+/g, ' ').trim();
  const isSum =
    /^(?:[\d.\s()+\-*/^%!]|sqrt|cbrt|mod|pi)+$/.test(expression) &&
    /\d/.test(expression) &&
    /[-+*/^%!]|sqrt|mod/.test(expression);
  return isSum && !/^[-+]?\s*[\d.]+$|\d\s+\d|\.\./.test(expression) ? { expression, asked } : null;
};

const replaceAll = (text: string, pattern: RegExp, replacement: string): string => {
  const flags = pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`;
  return text.replace(new RegExp(pattern.source, flags), replacement);
};

const isDateOrPhone = (text: string): boolean =>
  /^\d{4}-\d{1,2}-\d{1,2}$|^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}$|^\+?0\d[\d\s/-]*$|^\+\d[\d\s/-]*$|^\d{1,2}:\d{2}$/.test(
    text,
  );
