import { formsOf, shortestForm } from './forms.ts';

/** A place in a text and what stands there instead. */
export interface Span {
  start: number;
  end: number;
  replacement: string;
}

/**
 * Values that must not be seen, in every form of {@link formsOf}. A text is looked through once, whatever the number
 * of values: of eight characters in a row, which each form has, four stand together from any fifth place of the text
 * on, so that it is enough to look there.
 */
export interface KnownValues {
  /** A value that is known keeps its first name. */
  add(name: string, value: string): void;
  readonly size: number;
  /** Where values stand in a text, in order, none over another. */
  find(text: string): Span[];
  /**
   * Where, from `from` on, a value begins that the end of the text cuts off, if at least `shortest` characters of it
   * are there; otherwise the length of the text. Looks at no more than the longest form has characters.
   */
  openEnd(text: string, shortest: number, from: number): number;
}

const gramLength = 4;
const stride = shortestForm - gramLength + 1;
const bucketBits = 16;

const gramAt = (text: string, at: number): number => {
  const first = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
  const second = text.charCodeAt(at + 2) | (text.charCodeAt(at + 3) << 16);
  return Math.imul(first ^ Math.imul(second, 0x85_eb_ca_6b), 0x9e_37_79_b1);
};

interface Form {
  text: string;
  replacement: string;
}

/** Many keys begin alike, so that four characters behind their beginning tell more. */
const mostSkipped = 8;

/** A form, and how far behind its beginning the four characters stand. */
interface Candidate {
  form: Form;
  offset: number;
}

export const createKnownValues = (): KnownValues => {
  const values = new Set<string>();
  /** Forms by what they begin with, the longest first. */
  const byBeginning = new Map<string, Form[]>();
  const byGram = new Map<number, Candidate[]>();
  const buckets = new Uint8Array(1 << bucketBits);
  /** Beginnings of forms that are shorter than any form. */
  const beginnings = new Set<string>();
  let longest = 0;

  const addForm = (form: Form) => {
    longest = Math.max(longest, form.text.length);
    const beginning = form.text.slice(0, shortestForm);
    const others = byBeginning.get(beginning) ?? [];
    byBeginning.set(
      beginning,
      [...others, form].sort((one, other) => other.text.length - one.text.length),
    );
    const skipped = Math.min(mostSkipped, form.text.length - shortestForm);
    for (let offset = skipped; offset < skipped + stride; offset += 1) {
      const gram = gramAt(form.text, offset);
      byGram.set(gram, [...(byGram.get(gram) ?? []), { form, offset }]);
      buckets[gram >>> (32 - bucketBits)] = 1;
    }
    for (let length = 1; length < shortestForm; length += 1) beginnings.add(form.text.slice(0, length));
  };

  const longestAt = (text: string, start: number): Form | undefined =>
    byBeginning
      .get(text.slice(start, start + shortestForm))
      ?.find((form) => text.startsWith(form.text, start));

  /** Where a form begins that has these four characters; the first of several. */
  const beginOf = (text: string, at: number, from: number): number => {
    let best = -1;
    for (const { form, offset } of byGram.get(gramAt(text, at)) ?? []) {
      const start = at - offset;
      if (start >= from && (best < 0 || start < best) && text.startsWith(form.text, start)) best = start;
    }
    return best;
  };

  /** The same, and any that begins before it: the four characters of a longer one may stand behind those of a shorter. */
  const firstBegin = (text: string, at: number, from: number): number => {
    let first = beginOf(text, at, from);
    if (first < 0) return -1;
    const end = Math.min(first + mostSkipped + stride, text.length - gramLength + 1);
    for (let next = at + stride; next < end; next += stride) {
      const earlier = beginOf(text, next, from);
      if (earlier >= 0 && earlier < first) first = earlier;
    }
    return first;
  };

  return {
    add(name, value) {
      if (values.has(value)) return;
      values.add(value);
      for (const text of formsOf(value)) addForm({ text, replacement: `[secret:${name}]` });
    },
    get size() {
      return byBeginning.size;
    },
    find(text) {
      const spans: Span[] = [];
      if (byBeginning.size === 0) return spans;
      const last = text.length - gramLength;
      let from = 0;
      for (let at = 0; at <= last; at += stride) {
        if (buckets[gramAt(text, at) >>> (32 - bucketBits)] !== 1) continue;
        const start = firstBegin(text, at, from);
        const form = start < 0 ? undefined : longestAt(text, start);
        if (!form) continue;
        from = start + form.text.length;
        spans.push({ start, end: from, replacement: form.replacement });
        at = from - stride;
      }
      return spans;
    },
    openEnd(text, shortest, from) {
      if (byBeginning.size === 0) return text.length;
      for (let at = Math.max(from, text.length - longest + 1); at <= text.length - shortest; at += 1) {
        const rest = text.slice(at);
        const isBeginning =
          rest.length < shortestForm
            ? beginnings.has(rest)
            : byBeginning.get(rest.slice(0, shortestForm))?.some((form) => form.text.startsWith(rest));
        if (isBeginning) return at;
      }
      return text.length;
    },
  };
};
