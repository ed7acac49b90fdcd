import { isHandle } from './handle.ts';
import type { Span } from './known-values.ts';

export const redactedMark = '[redacted]';

export const hidden = (start: number, end: number): Span => ({ start, end, replacement: redactedMark });

const saysNothing = /^(?:null|true|false|undefined|none|nil|unset|empty|\*+|x{3,}|\.{3}|…)$/i;
const longestHidden = 24;
const hiddenBefore = /^(?:\w{1,12} )?\[(?:secret:|redacted)/;

/** Whether what begins here was hidden before. */
export const isHiddenAt = (text: string, at: number): boolean =>
  hiddenBefore.test(text.slice(at, at + longestHidden));

/** Nothing to hide: no value, or a reference. */
export const isShown = (value: string): boolean =>
  value === '' || saysNothing.test(value) || isHandle(value) || isHiddenAt(value, 0);

/** The end of what a quote opened, at whatever depth of escaping; the end of the text when it is never closed. */
export const quotedEnd = (text: string, start: number, quote: string, slashes: number): number => {
  for (let index = start, before = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\\') before += 1;
    else {
      const isEnd = slashes === 0 ? before % 2 === 0 : before <= slashes;
      if (character === quote && isEnd) return index - Math.min(before, slashes);
      before = 0;
    }
  }
  return text.length;
};

/** What ends a value that stands in no quotes. */
export const endsPlain = new Set([
  ' ',
  '\t',
  '\n',
  '\r',
  ',',
  ';',
  '&',
  '"',
  "'",
  '`',
  ')',
  ']',
  '}',
  '<',
  '>',
  '|',
  '\\',
]);
