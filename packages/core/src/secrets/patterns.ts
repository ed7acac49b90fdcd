import { opensList, valuesInBrackets } from './bracketed.ts';
import type { Span } from './known-values.ts';
import { isSensitiveAt } from './sensitive-names.ts';
import { type BlockEnds, cardEnd, looksLikeKey, privateKeyEnd } from './token-shapes.ts';
import { endsPlain, hidden, isHiddenAt, isShown, quotedEnd, redactedMark } from './written-values.ts';

export interface PatternOptions {
  /** Addresses of e-mail too. */
  hasEmail?: boolean;
}

const word = 1;
const equals = 2;
const at = 3;
const backslash = 4;
const blank = 5;

const kinds = new Uint8Array(128);
const mark = (characters: string, kind: number) => {
  for (const character of characters) kinds[character.charCodeAt(0)] = kind;
};
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-', word);
mark('=:', equals);
mark('@', at);
mark('\\', backslash);
mark(' \t', blank);

const kindAt = (text: string, index: number): number => {
  const code = text.charCodeAt(index);
  return code < 128 ? kinds[code]! : 0;
};

/**
 * Where a text holds something that is a secret by its form: keys with a known beginning, JSON web tokens, private
 * keys, card numbers, passwords in addresses, credentials after Bearer and its like, and the values of names such as
 * `api_key` or `PASSWORD` in JSON, TOML, headers, queries and shell lines. One pass; nothing is looked at more often
 * than a small constant allows, whatever the text.
 */
export const findPatterns = (text: string, { hasEmail = false }: PatternOptions = {}): Span[] => {
  const spans: Span[] = [];
  const { length } = text;
  // Plain variables that no inner function holds: this loop sees every character of every log line.
  let wordStart = 0;
  let wordEnd = 0;
  let index = 0;
  const ends = { next: -1 };
  while (index < length) {
    let found: Span | null = null;
    const code = text.charCodeAt(index);
    const kind = code < 128 ? kinds[code]! : 0;
    if (kind === word) {
      wordStart = index;
      let next = 0;
      do {
        index += 1;
        next = index < length ? text.charCodeAt(index) : 0;
      } while (next < 128 && kinds[next] === word);
      wordEnd = index;
      // Shorter words are secrets by their form neither as numbers nor as keys.
      if (wordEnd - wordStart >= 4) found = secretWord(text, wordStart, wordEnd, ends);
    } else {
      if (kind === equals)
        found = urlPassword(text, index) ?? namedValue(text, wordStart, wordEnd, index, spans);
      else if (kind === blank && wordEnd === index) found = schemeCredential(text, wordStart, wordEnd);
      else if (kind === at && hasEmail) found = emailAround(text, index, spans.at(-1)?.end ?? 0);
      // Inside JSON `\n` is a line feed, and no letter of the word that follows.
      else if (kind === backslash && isEscapeLetter(text.charCodeAt(index + 1))) index += 1;
      index += 1;
    }
    if (found) {
      spans.push(found);
      index = wordStart = wordEnd = found.end;
    }
  }
  return spans;
};

const isEscapeLetter = (code: number): boolean => code === 110 || code === 114 || code === 116;
const isDigitCode = (code: number): boolean => code >= 48 && code <= 57;

/** The secret that a word is, or begins. */
const secretWord = (text: string, start: number, end: number, ends: BlockEnds): Span | null => {
  const first = text.charCodeAt(start);
  const isShort = end - start < (isDigitCode(first) ? 4 : 8);
  const secretEnd = isShort ? -1 : secretWordEnd(text, start, end, ends);
  return secretEnd < 0 ? null : hidden(start, secretEnd);
};

/** Its end; -1 for an ordinary word. */
const secretWordEnd = (text: string, start: number, end: number, ends: BlockEnds): number => {
  const first = text.charCodeAt(start);
  if (isDigitCode(first)) return first >= 50 ? cardEnd(text, start) : -1;
  if (first === 101 && text.startsWith('eyJ', start) && text[end] === '.') return tokenEnd(text, start, end);
  if (first === 45 && text.startsWith('-----BEGIN', start)) return privateKeyEnd(text, start, ends);
  if (!looksLikeKey(text, start, end)) return -1;
  return text[end] === '.' ? dottedEnd(text, end) : end;
};

/** Word characters and single dots between them, from a dot on. */
const dottedEnd = (text: string, from: number): number => {
  let end = from;
  while (text[end] === '.' && kindAt(text, end + 1) === word) {
    end += 1;
    while (end < text.length && kindAt(text, end) === word) end += 1;
  }
  return end;
};

/** A JSON web token has two or more dots: header, payload, signature. */
const tokenEnd = (text: string, start: number, firstEnd: number): number => {
  const end = dottedEnd(text, firstEnd);
  return text.lastIndexOf('.', end - 1) > firstEnd && end - start >= 20 ? end : -1;
};

const endsAddress = (code: number): boolean =>
  code <= 32 ||
  code === 47 ||
  code === 63 ||
  code === 35 ||
  code === 34 ||
  code === 39 ||
  code === 60 ||
  code === 62 ||
  code === 92;

/** `://user:password@host`: the password, or all of what stands before the host when there is but one part. */
const urlPassword = (text: string, colon: number): Span | null => {
  if (text.charCodeAt(colon + 1) !== 47 || text.charCodeAt(colon + 2) !== 47 || text[colon] !== ':')
    return null;
  const start = colon + 3;
  let host = -1;
  let password = -1;
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (endsAddress(code)) break;
    if (code === 64) host = index;
    else if (code === 58 && password < 0) password = index + 1;
  }
  if (host <= start) return null;
  const from = password >= 0 && password < host ? password : start;
  if (from === host || text.startsWith('[secret:', from) || text.startsWith(redactedMark, from)) return null;
  return hidden(from, host);
};

const schemes = new Set(['bearer', 'basic', 'negotiate', 'digest', 'apikey', 'token']);
/** Those that are looked for on their own: the others are words of everyday life. */
const bareSchemes = new Set(['bearer', 'basic']);

/** The last letters of schemes by their first, a bit each, in whatever case: most words are dismissed by them. */
const lastLetters = new Uint32Array(32);
for (const scheme of bareSchemes)
  lastLetters[scheme.charCodeAt(0) & 31]! |= 1 << (scheme.charCodeAt(scheme.length - 1) & 31);

/** What follows `Bearer ` when it looks like a credential and not like the next word of a sentence. */
const schemeCredential = (text: string, start: number, end: number): Span | null => {
  const length = end - start;
  if (length < 5 || length > 9) return null;
  const lasts = lastLetters[text.charCodeAt(start) & 31]!;
  if ((lasts & (1 << (text.charCodeAt(end - 1) & 31))) === 0) return null;
  if (!bareSchemes.has(text.slice(start, end).toLowerCase())) return null;
  let from = end;
  while (text.charCodeAt(from) === 32 && from - end < 8) from += 1;
  let to = from;
  while (to < text.length && isCredential(text.charCodeAt(to))) to += 1;
  while (to > from && '.,:;'.includes(text[to - 1]!)) to -= 1;
  if (!isUnlikeWord(text, from, to, length)) return null;
  return hidden(from, to);
};

/** RFC 6750, 2.1: letters, digits and `-._~+/=`. */
const isCredential = (code: number): boolean =>
  (code < 128 && kinds[code] === word) ||
  code === 46 ||
  code === 126 ||
  code === 43 ||
  code === 47 ||
  code === 61;

/** "Bearer of bad news" and "token bucket/leaky bucket" are sentences. */
const isUnlikeWord = (text: string, start: number, end: number, schemeLength: number): boolean => {
  const length = end - start;
  if (length < 4) return false;
  if (text.startsWith('secret:', start)) return false;
  if (length >= 24) return true;
  // Only Bearer stands before short tokens.
  if (schemeLength !== 6 && length < 8) return false;
  return /[0-9._~+=]|[a-z][A-Z]/.test(text.slice(start, end));
};

const mostBlanks = 8;
const opensNothing = new Set(['{', '[', '$', '<', '%', '(']);

/** The value that a sensitive name is given by `=` or `:`. Those in brackets are added to `spans` here. */
const namedValue = (
  text: string,
  wordStart: number,
  wordEnd: number,
  sign: number,
  spans: Span[],
): Span | null => {
  if (wordEnd === wordStart || sign - wordEnd > mostBlanks) return null;
  let quoteEnd = wordEnd;
  for (let index = wordEnd; index < sign; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 34 || code === 39) quoteEnd = quoteEnd === wordEnd ? index + 1 : quoteEnd;
    else if (code !== 32 && code !== 92 && code !== 93) return null;
  }
  if (!isSensitiveAt(text, wordStart, wordEnd)) return null;
  const name = text.slice(wordStart, wordEnd);
  const nameQuote = text.slice(wordEnd, quoteEnd);

  let start = sign + 1;
  // `:=`, `==`, `=>`
  while (text[start] === '=' || text[start] === '>') start += 1;
  const afterSign = start;
  while (text.charCodeAt(start) === 32 && start - afterSign < mostBlanks) start += 1;
  let slashes = 0;
  while (text[start + slashes] === '\\') slashes += 1;
  const quote = text[start + slashes];
  const isQuoted = quote === '"' || quote === "'" || quote === '`';
  if (isQuoted) {
    start += slashes + 1;
    const end = quotedEnd(text, start, quote, slashes);
    return isShown(text.slice(start, end)) ? null : hidden(start, end);
  }
  if (start >= text.length || isHiddenAt(text, start)) return null;
  if (opensList(text, start, nameQuote !== '')) {
    const { found, end } = valuesInBrackets(text, start, nameQuote, findPatterns);
    for (const span of found) spans.push(span);
    // Of no characters: nobody looks at any of it again.
    return { start: end, end, replacement: '' };
  }
  if (opensNothing.has(text[start]!)) return null;
  // A handle: looked at before its end is looked for, so that many of them cost no more.
  if (name === 'secret' && text[sign] === ':' && start === sign + 1) return null;
  const end = isWholeLine(name) ? lineEnd(text, start) : plainEnd(text, start);
  const value = text.slice(start, end);
  if (isShown(value)) return null;
  if (nameQuote === '' && start > afterSign && text[sign] === ':' && isWordOfSentence(name, value))
    return null;
  return { start, end, replacement: nameQuote + redactedMark + nameQuote };
};

/** Headers whose value goes on to the end of the line: a scheme and its credential, one cookie after the other. */
const isWholeLine = (name: string): boolean => /^(?:(?:proxy-)?authorization|(?:set-)?cookie)$/i.test(name);

/** "The token: expired" tells what happened to it. A password may be any word. */
const isWordOfSentence = (name: string, value: string): boolean =>
  !/pass|pwd|secret|wort/i.test(name) && value.length < 16 && /^[a-z]+[.!?]?$/i.test(value);

const plainEnd = (text: string, start: number): number => {
  let end = start;
  while (end < text.length && !endsPlain.has(text[end]!)) end += 1;
  // `Basic` and its like are followed by what matters.
  if (text[end] === ' ' && schemes.has(text.slice(start, end).toLowerCase())) {
    end += 1;
    while (end < text.length && !endsPlain.has(text[end]!)) end += 1;
  }
  return end;
};

const endsLine = new Set(['\n', '\r', '"', "'", '`', '\\']);
const lineEnd = (text: string, start: number): number => {
  let end = start;
  while (end < text.length && !endsLine.has(text[end]!)) end += 1;
  return end;
};

/** RFC 5321: 64 characters before the sign, 255 after. */
const emailAround = (text: string, sign: number, from: number): Span | null => {
  let start = sign;
  while (start > from && sign - start < 64 && isLocalPart(text.charCodeAt(start - 1))) start -= 1;
  const end = dottedEnd(text.slice(sign, sign + 256).replace('@', '.'), 0) + sign;
  return start === sign || text.slice(sign, end).indexOf('.') < 0 ? null : hidden(start, end);
};

const isLocalPart = (code: number): boolean =>
  (code < 128 && kinds[code] === word) || code === 46 || code === 37 || code === 43;
