import { deepestNesting } from '@reeve/protocol';
import { createKnownValues, type Span } from './known-values.ts';
import { findPatterns, type PatternOptions } from './patterns.ts';
import { isSensitiveName } from './sensitive-names.ts';
import { redactedMark } from './written-values.ts';

/**
 * Takes secrets out of what is shown, written or sent. `known` replaces values that are known to be secrets, in
 * whatever form they are written, by `[secret:NAME]`; `text` also replaces what is a secret by its form. Neither
 * throws, and neither changes a text that holds none.
 */
export interface Redactor {
  /** From now on this value is replaced. Values of fewer than eight characters cannot be told from words and stay. */
  add(name: string, value: string): void;
  known(text: string): string;
  text(text: string, options?: PatternOptions): string;
  /** A value of any form: strings in it, names of its fields, and whatever stands under a name such as `password`. */
  deep<T>(value: T, options?: PatternOptions): T;
  /** The same for {@link Redactor.known} alone. */
  deepKnown<T>(value: T): T;
  /** A whole file: what is JSON, or lines of it, stays so; the rest is text. */
  document(text: string): string;
  /** For a text that comes in pieces. */
  stream(): RedactedStream;
}

export interface RedactedStream {
  /** What may be shown now. A beginning that could be one of a secret is kept back. */
  push(piece: string): string;
  /** The rest. */
  end(): string;
}

/** Shortest beginning of a secret for which a piece waits: three characters tell nothing, and many words begin so. */
const shortestBeginning = 4;

export const createRedactor = (): Redactor => {
  const values = createKnownValues();

  const known = (text: string): string => replace(text, values.find(text));
  const text = (value: string, options?: PatternOptions): string => redactPatterns(known(value), options);
  const deep = <T>(value: T, options?: PatternOptions): T =>
    mapDeep(value, (one) => text(one, options), isSensitiveName, 0) as T;

  return {
    add: values.add,
    known,
    text,
    deep,
    deepKnown: <T>(value: T): T => (values.size === 0 ? value : (mapDeep(value, known, () => false, 0) as T)),
    document: (value) =>
      text(value) === value ? value : (asJson(value) ?? value.split('\n').map(line).join('\n')),
    stream: () => createStream(values.find, values.openEnd),
  };

  function line(value: string): string {
    return asJson(value) ?? text(value);
  }

  function asJson(value: string): string | null {
    if (!value.startsWith('{') && !value.startsWith('[')) return null;
    try {
      const clean = JSON.stringify(deep(JSON.parse(value)), null, /^.\n( *)/.exec(value)?.[1] ?? '');
      return value.endsWith('\n') ? `${clean}\n` : clean;
    } catch {
      return null;
    }
  }
};

/** Without what is a secret by its form, for whoever knows no values. */
export const redactPatterns = (text: string, options?: PatternOptions): string =>
  replace(text, findPatterns(text, options));

const replace = (text: string, spans: readonly Span[]): string => {
  if (spans.length === 0) return text;
  let result = '';
  let at = 0;
  for (const { start, end, replacement } of spans) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
};

/** A copy with every string changed. What is nested deeper than anything that is served is not shown at all. */
const mapDeep = (
  value: unknown,
  change: (text: string) => string,
  isSecret: (name: string) => boolean,
  depth: number,
): unknown => {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepestNesting) return redactedMark;
  if (Array.isArray(value)) return value.map((one) => mapDeep(one, change, isSecret, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      change(name),
      isSecret(name) ? hide(one, change, depth + 1) : mapDeep(one, change, isSecret, depth + 1),
    ]),
  );
};

/** What stands under a name of a secret: no text and no number of it is shown; handles and marks tell nothing. */
const hide = (value: unknown, change: (text: string) => string, depth: number): unknown => {
  if (value === null || typeof value === 'boolean' || value === undefined) return value;
  if (typeof value !== 'object') {
    const text = String(value);
    return text === '' || /^(?:secret:|\[secret:|\*{3}$)/.test(text) ? value : redactedMark;
  }
  if (depth > deepestNesting) return redactedMark;
  if (Array.isArray(value)) return value.map((one) => hide(one, change, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [change(name), hide(one, change, depth + 1)]),
  );
};

/**
 * `shown` are the last characters that went out: a value may begin in them, since shorter beginnings do not wait.
 * What is left of such a value is replaced all the same.
 */
const createStream = (
  find: (text: string) => Span[],
  openEnd: (text: string, shortest: number, from: number) => number,
): RedactedStream => {
  let shown = '';
  let held = '';
  const release = (isLast: boolean): string => {
    const text = shown + held;
    let settled = 0;
    let open = isLast ? text.length : openEnd(text, shortestBeginning, 0);
    let out = '';
    let at = shown.length;
    for (const { start, end, replacement } of find(text)) {
      // A value that begins there or before, and is cut off, may become a longer one: that is the one to replace.
      if (open <= start) break;
      out += text.slice(at, Math.max(at, start)) + replacement;
      at = settled = end;
      if (open < end) open = openEnd(text, shortestBeginning, end);
    }
    const stop = Math.max(open, settled, shown.length);
    out += text.slice(at, stop);
    held = text.slice(stop);
    shown = text.slice(settled, stop).slice(1 - shortestBeginning);
    return out;
  };
  return {
    push(piece) {
      held += piece;
      return release(false);
    },
    end: () => release(true),
  };
};
