import type { Span } from './known-values.ts';
import { endsPlain, hidden, isHiddenAt, isShown, quotedEnd, redactedMark } from './written-values.ts';

const isQuote = (character: string | undefined): boolean => character === '"' || character === "'";

const afterSlashes = (text: string, from: number): number => {
  let at = from;
  while (text[at] === '\\') at += 1;
  return at;
};

/** In JSON that is written within a string `\n` and its like are blanks, too. */
const afterBlanks = (text: string, from: number): number => {
  for (let at = from; ; ) {
    const end = afterSlashes(text, at);
    const character = text[end] ?? '';
    if (end === at ? /^\s/.test(character) : /^[nrt]/.test(character)) at = end + 1;
    else return at;
  }
};

/** Whether a list or an object as in JSON begins: known by the quotes of its name, or of the first thing in it. */
export const opensList = (text: string, start: number, isNameQuoted: boolean): boolean => {
  const bracket = text[start];
  if (bracket !== '[' && bracket !== '{') return false;
  // Two of them are a template's.
  if (bracket === '{' && text[start + 1] === '{') return false;
  return isNameQuoted || isQuote(text[afterSlashes(text, afterBlanks(text, start + 1))]);
};

/** Longer names of fields are hidden like values. */
const longestField = 256;
/** A mark of what was hidden, with the name of a secret in it. */
const longestMark = 96;

/**
 * Every value in a list or an object that a sensitive name is given, at any depth. Names of fields, brackets and what
 * is no secret stay, so that JSON stays JSON. It ends where the bracket is closed, or where it is no JSON any more.
 */
export const valuesInBrackets = (
  text: string,
  start: number,
  nameQuote: string,
  inName: (name: string) => Span[],
): { found: Span[]; end: number } => {
  const found: Span[] = [];
  const isField = (end: number) => text[afterBlanks(text, end)] === ':';
  let depth = 0;
  for (let at = start; at < text.length; ) {
    at = afterBlanks(text, at);
    const character = text[at] ?? '';
    const quoteAt = afterSlashes(text, at);
    const quote = text[quoteAt] ?? '';
    if (character === '[' && isHiddenAt(text, at)) {
      at += Math.max(0, text.slice(at, at + longestMark).indexOf(']')) + 1;
    } else if (character === '[' || character === '{') {
      depth += 1;
      at += 1;
    } else if (character === ']' || character === '}') {
      depth -= 1;
      at += 1;
      if (depth <= 0) return { found, end: at };
    } else if (character === ',' || character === ':') {
      at += 1;
    } else if (isQuote(quote)) {
      const from = quoteAt + 1;
      const end = quotedEnd(text, from, quote, quoteAt - at);
      const value = text.slice(from, end);
      at = Math.min(text.length, end + from - at);
      if (isField(at) && value.length <= longestField)
        for (const span of inName(value))
          found.push({ ...span, start: from + span.start, end: from + span.end });
      else if (!isShown(value)) found.push(hidden(from, end));
    } else {
      let end = at;
      while (end < text.length && text[end] !== ':' && !endsPlain.has(text[end]!)) end += 1;
      const next = text[afterBlanks(text, end)] ?? ',';
      if (end === at || !',:]}'.includes(next)) return { found, end: at };
      if (next !== ':' && !isShown(text.slice(at, end)))
        found.push({ start: at, end, replacement: nameQuote + redactedMark + nameQuote });
      at = end;
    }
  }
  return { found, end: text.length };
};
