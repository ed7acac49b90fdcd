import { closest, distance } from 'fastest-levenshtein';

/** The nearest known name when it is near enough to be a slip of the finger; otherwise null. */
export const suggest = (wrong: string, known: readonly string[]): string | null => {
  if (known.length === 0) return null;
  const fold = (text: string) => text.toLowerCase();
  const folded = closest(fold(wrong), known.map(fold));
  const isNear = distance(fold(wrong), folded) <= Math.max(2, Math.floor(wrong.length / 4));
  return isNear ? (known.find((name) => fold(name) === folded) ?? null) : null;
};

export const didYouMean = (wrong: string, known: readonly string[]): string => {
  const near = suggest(wrong, known);
  return near ? ` Did you mean ${near}?` : '';
};
