/** What a text can be about that is not for everybody. */
export type UnsafeCategory = 'violence' | 'sexual' | 'drugs' | 'self-harm' | 'weapons' | 'gambling' | 'hate';

/** `moderate` is for everybody whose filter is on; `strict` is added for children. */
export type RuleLevel = 'moderate' | 'strict';

/** All patterns are for text as `normalise` makes it. */
export interface Rule {
  category: UnsafeCategory;
  level: RuleLevel;
  pattern: RegExp;
}

/** Words between the parts of a pattern: few, so that two thoughts of one sentence are not taken for one. */
const usualGap = 5;

/** Any of these words, whole. Parts may hold the syntax of regular expressions. */
export const anyOf = (...words: string[]): RegExp => new RegExp(`\\b(?:${words.join('|')})\\b`);

/** One of the first near one of the second, in this order. (Not named `then`: a module that exports that is taken for a promise.) */
export const inOrder = (first: string, second: string, gap = usualGap): RegExp =>
  new RegExp(`\\b(?:${first})\\b(?:[^a-z0-9]+[a-z0-9']+){0,${gap}}?[^a-z0-9]+(?:${second})\\b`);

/** One of the first near one of the second, in any order. */
export const near = (first: string, second: string, gap = usualGap): RegExp =>
  new RegExp(`${inOrder(first, second, gap).source}|${inOrder(second, first, gap).source}`);
