import { coverage, type Word } from './words.ts';

/** A quote is at most this long, in UTF-16 code units. */
const maxQuote = 400;

/** The paragraph of a passage that holds most of the words, cut at a word's end. Later paragraphs win only when better. */
export const quoteOf = (text: string, words: readonly Word[]): string => {
  const paragraphs = text
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  let best = paragraphs[0] ?? '';
  for (const paragraph of paragraphs)
    if (coverage(words, paragraph) > coverage(words, best)) best = paragraph;
  return best.length <= maxQuote ? best : `${best.slice(0, maxQuote).replace(/\s+\S*$/, '')} …`;
};
