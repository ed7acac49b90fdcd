/** Beginnings of keys that say whose they are, with the shortest length of the whole. */
const beginnings: readonly (readonly [string, number])[] = [
  ['sk-', 20],
  ['sk_', 20],
  ['pk_live_', 20],
  ['rk_live_', 20],
  ['whsec_', 20],
  ['gsk_', 20],
  ['xai-', 20],
  ['hf_', 20],
  ['pplx-', 20],
  ['r8_', 20],
  ['ghp_', 20],
  ['gho_', 20],
  ['ghu_', 20],
  ['ghs_', 20],
  ['ghr_', 20],
  ['github_pat_', 20],
  ['glpat-', 20],
  ['xoxb-', 16],
  ['xoxp-', 16],
  ['xoxa-', 16],
  ['xoxr-', 16],
  ['xoxs-', 16],
  ['xapp-', 16],
  ['AKIA', 20],
  ['ASIA', 20],
  ['AIza', 35],
  ['ya29', 20],
  ['npm_', 30],
  ['dop_v1_', 30],
  ['shpat_', 20],
  ['hvs', 24],
  ['AGE-SECRET-KEY-', 30],
  // Reeve's own: tokens, login cookies, the local token, tokens of devices, of directories, to refresh with, tickets.
  ['rv_', 40],
  ['rvl_', 40],
  ['rvs_', 40],
  ['rvd_', 40],
  ['rvc_', 40],
  ['rvr_', 30],
  ['rv2_', 40],
];

/** By first character, so that an ordinary word is dismissed by one look. */
const byFirst = new Map<number, readonly (readonly [string, number])[]>([
  ...Map.groupBy(beginnings, ([text]) => text.charCodeAt(0)),
]);

/** Whether the word from `start` to `end` is a key by its looks. */
export const looksLikeKey = (text: string, start: number, end: number): boolean => {
  const length = end - start;
  if (length < 16) return false;
  const candidates = byFirst.get(text.charCodeAt(start));
  return (
    candidates?.some(([beginning, shortest]) => length >= shortest && text.startsWith(beginning, start)) ??
    false
  );
};

const zero = 48;
const isDigit = (code: number): boolean => code >= zero && code <= 57;

/** Brands of payment cards by their first digits, with their lengths (ISO/IEC 7812 and the networks' tables). */
const brand =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17})$/;

/** The longest card number. */
const mostDigits = 19;
const fewestDigits = 13;

/**
 * The end of the card number that begins at `start`, with single spaces or hyphens between its digits; -1 for none.
 * What follows after a space, such as the date until which it is valid, is no part of it.
 */
export const cardEnd = (text: string, start: number): number => {
  let digits = '';
  let end = -1;
  for (let at = start; digits.length < mostDigits; at += 1) {
    if (!isDigit(text.charCodeAt(at))) break;
    digits += text[at];
    const next = text.charCodeAt(at + 1);
    if (isDigit(next)) continue;
    if (digits.length >= fewestDigits && !isWordCode(next) && brand.test(digits) && passesLuhn(digits))
      end = at + 1;
    if ((next === 32 || next === 45) && isDigit(text.charCodeAt(at + 2))) at += 1;
  }
  return end;
};

const isWordCode = (code: number): boolean =>
  (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;

const passesLuhn = (digits: string): boolean => {
  let sum = 0;
  for (let at = digits.length - 1, isSecond = false; at >= 0; at -= 1, isSecond = !isSecond) {
    const digit = digits.charCodeAt(at) - zero;
    sum += isSecond ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
};

const longestBegin = 60;
/** RSA of 16,384 bits, escaped twice. */
const longestBlock = 20_000;
const isSeparator = (code: number): boolean => code <= 32 || code === 92;
/** Letters, digits and what stands in a PEM block beside them. */
const isBase64 = (code: number): boolean =>
  isDigit(code) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  code === 43 ||
  code === 47 ||
  code === 61;

/** Where the next `-----END` stands that is known; so that a text with many beginnings is searched once. */
export interface BlockEnds {
  next: number;
}

/** The end of the private key whose `-----BEGIN` stands at `start`; -1 when it is none (a certificate, a heading). */
export const privateKeyEnd = (text: string, start: number, ends: BlockEnds): number => {
  const header = text.slice(start, start + longestBegin);
  const named = /^-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/.exec(header);
  if (!named) return -1;
  const from = start + named[0].length;
  if (ends.next < from) {
    const found = text.indexOf('-----END', from);
    ends.next = found < 0 ? Number.POSITIVE_INFINITY : found;
  }
  const closing = ends.next;
  if (closing - from < longestBlock) {
    const end = text.slice(closing + 8, closing + longestBegin).indexOf('-----');
    return closing + 8 + (end >= 0 ? end + 5 : 0);
  }
  return cutOffBlockEnd(text, from);
};

/** A block that lost its last line: as far as lines of base64 go. */
const cutOffBlockEnd = (text: string, from: number): number => {
  let end = from;
  for (let at = from; at < text.length; ) {
    while (at < text.length && isSeparator(text.charCodeAt(at))) at += text.charCodeAt(at) === 92 ? 2 : 1;
    const lineStart = at;
    while (at < text.length && isBase64(text.charCodeAt(at))) at += 1;
    if (at - lineStart < 16) return end;
    end = at;
  }
  return Math.min(end, text.length);
};
