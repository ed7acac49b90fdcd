/** Words of a query that count; nobody types more. */
const wordLimit = 32;
/** Parts of one word, such as `a.b.c`, that count: where each is everywhere, finding them side by side is slow. */
const longWord = /^(?:[\p{L}\p{N}\p{M}]+[^\p{L}\p{N}\p{M}]+){8}/u;

/**
 * A query as FTS5 reads it: every word must be there, the last one may be only begun. Each word is quoted, so that a
 * query is only ever words, whatever it holds. Empty when there is no word in it.
 */
export const toMatch = (query: string): string => {
  const words = query
    // Ends a text for SQLite, wherever it stands.
    .replaceAll('\0', ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, wordLimit)
    .map((word) => longWord.exec(word)?.[0] ?? word)
    .map((word) => `"${word.replaceAll('"', '""')}"`);
  return words.length === 0 ? '' : `${words.join(' AND ')} *`;
};
