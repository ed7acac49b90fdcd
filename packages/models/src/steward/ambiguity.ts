import type { Turn } from './conversation.ts';
import { phrase } from './phrase.ts';

/** More than this is no choice any more. */
const mostLines = 10;

/** A numbered choice and the question that ends it, as the steward writes them and `pickedLine` reads them. */
export const askWhich = (items: readonly string[], question: string): string =>
  [...items.slice(0, mostLines).map((item, index) => `${index + 1}. ${item}`), question].join('\n');

const ordinals = [
  phrase`^(?:(?:the )?(?:first|1st)|one|(?:die|das|den) erste[nr]?|eins?)(?: one)?$`,
  phrase`^(?:(?:the )?(?:second|2nd)|two|(?:die|das|den) zweite[nr]?|zwei)(?: one)?$`,
  phrase`^(?:(?:the )?(?:third|3rd)|three|(?:die|das|den) dritte[nr]?|drei)(?: one)?$`,
  phrase`^(?:(?:the )?(?:fourth|4th)|four|(?:die|das|den) vierte[nr]?|vier)(?: one)?$`,
  phrase`^(?:(?:the )?(?:fifth|5th)|five|(?:die|das|den) fünfte[nr]?|fünf)(?: one)?$`,
];

/**
 * The line that `text` picks from the choice in the answer before it, when that answer ended with one of
 * `questions`; null when it picks none. The transcript is the only memory of the choice.
 */
export const pickedLine = (
  text: string,
  previous: Turn | undefined,
  questions: readonly string[],
): string | null => {
  if (
    previous === undefined ||
    !questions.some((question) => previous.assistant.trimEnd().endsWith(question))
  )
    return null;
  const lines = previous.assistant.split('\n').flatMap((line) => /^\d+\. (.+)$/.exec(line)?.[1] ?? []);
  const number = /^(?:(?:number|no|nr|nummer)\.? ?|#)?(\d{1,2})\.?$/i.exec(text)?.[1];
  const index =
    number === undefined ? ordinals.findIndex((ordinal) => ordinal.test(text)) : Number(number) - 1;
  if (index >= 0) return lines[index] ?? null;
  const wanted = text.toLowerCase();
  const named = wanted.length < 3 ? [] : lines.filter((line) => line.toLowerCase().includes(wanted));
  return named.length === 1 ? named[0]! : null;
};
