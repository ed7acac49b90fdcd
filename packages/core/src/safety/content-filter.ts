import { normalise } from './normalise.ts';
import type { Rule, UnsafeCategory } from './pattern.ts';
import { refusalFor } from './refusals.ts';
import { germanRules } from './rules-de.ts';
import { englishRules } from './rules-en.ts';

export type FilterLevel = 'off' | 'moderate' | 'strict';

/** Looks at one answer while it is being written. Nothing is handed out before it was looked at. */
export interface ContentFilter {
  /** What may be shown now. Empty once something unsafe came. */
  push(delta: string): string;
  /** What was still held back. */
  end(): string;
  /** What it was about; null while all is well. Once set, the whole answer is to be replaced by {@link refusal}. */
  readonly blocked: UnsafeCategory | null;
  readonly refusal: string;
}

/** A sentence without an end is looked at after this many characters, together with what comes next. */
const longestSentence = 400;
/** What was let through and is looked at again with what follows: an end of a sentence hides nothing. */
const overlap = 240;

const rules: readonly Rule[] = [...englishRules, ...germanRules];

/** What a text is about that is not for this level; null when nothing is. */
export const findUnsafe = (text: string, level: FilterLevel): UnsafeCategory | null => {
  if (level === 'off') return null;
  const plain = normalise(text);
  const found = rules.find(
    (rule) => (rule.level === 'moderate' || level === 'strict') && rule.pattern.test(plain),
  );
  return found?.category ?? null;
};

/**
 * Filter of one answer for a person whose filter is on. `language` (BCP 47) is that of the friendly refusal. Lists of
 * words are no understanding: this is the last of several safeguards and not the first.
 */
export const createContentFilter = (level: FilterLevel, language: string | null): ContentFilter => {
  let held = '';
  let shown = '';
  let blocked: UnsafeCategory | null = null;

  const release = (text: string): string => {
    blocked = findUnsafe(shown + text, level);
    if (blocked) return '';
    shown = (shown + text).slice(-overlap);
    return text;
  };
  return {
    push(delta) {
      if (blocked) return '';
      if (level === 'off') return delta;
      held += delta;
      const end = endOfSentences(held);
      if (end === 0) return '';
      const whole = held.slice(0, end);
      const safe = release(whole);
      held = blocked ? '' : held.slice(end);
      return safe;
    },
    end() {
      const rest = held;
      held = '';
      return blocked || rest === '' ? '' : level === 'off' ? rest : release(rest);
    },
    get blocked() {
      return blocked;
    },
    get refusal() {
      return refusalFor(language, blocked === 'self-harm');
    },
  };
};

/** Where the last whole sentence or line ends; 0 when none does. */
const endOfSentences = (text: string): number => {
  const ends = [...text.matchAll(/[.!?…:;]["'”’»)\]]*(?=\s)|\n/g)];
  const last = ends.at(-1);
  if (last) return last.index + last[0].length;
  if (text.length < longestSentence) return 0;
  const space = text.lastIndexOf(' ');
  return space > 0 ? space : text.length;
};
