/** What stands around a match in what SQLite cuts out of a text. */
export const openMark = '\u0002';
export const closeMark = '\u0003';
const eitherMark = new RegExp(`([${openMark}${closeMark}])`);

/** Characters before the first match and from it on. */
const before = 60;
const after = 180;
const cutWord = new RegExp(`^[^\\s${openMark}]*\\s`);

/** The part of a marked text around its first match. SQLite's own takes time by the square of the matches: hours. */
export const cutAround = (marked: string): string => {
  const first = Math.max(0, marked.indexOf(openMark));
  const [from, to] = [Math.max(0, first - before), first + after];
  const part = marked.slice(from, to).toWellFormed();
  return (from > 0 ? `…${part.replace(cutWord, '')}` : part) + (to < marked.length ? '…' : '');
};

/** Signs of Markdown that say nothing in one line: emphasis and code; tables and headings. */
const quotes = /\*\*|`+/g;
const lines = /\|(?:\s*:?-+:?\s*\|)*|^#+ /gm;

/** Text in one line, and where in it the matches are: from, and up to but not including. */
export const readMarks = (marked: string): { excerpt: string; marks: [number, number][] } => {
  let excerpt = '';
  const marks: [number, number][] = [];
  let isMarked = false;
  for (const part of marked.split(eitherMark)) {
    if (part === openMark || part === closeMark) {
      isMarked = part === openMark;
      continue;
    }
    const text = part.replace(quotes, '').replace(lines, ' ').replace(/\s+/g, ' ');
    const from = excerpt.length;
    excerpt += excerpt === '' || excerpt.endsWith(' ') ? text.trimStart() : text;
    if (isMarked && excerpt.length > from) marks.push([from, excerpt.length]);
  }
  return { excerpt: excerpt.trimEnd(), marks };
};
