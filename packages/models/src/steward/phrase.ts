const letter = String.raw`[\p{L}\p{N}_]`;
const boundary = `(?:(?<!${letter})(?=${letter})|(?<=${letter})(?!${letter}))`;

/**
 * A pattern in the spelling people use: a space stands for any run of spaces, an umlaut also for its spelling
 * without dots (`ü`, `ue`, `u`), an apostrophe may be missing, `\b` knows letters of all alphabets, case is free.
 * Umlauts, spaces and apostrophes must not stand inside a character class.
 */
export const phrase = (strings: TemplateStringsArray): RegExp => phraseOf(strings.raw[0]!);

/** The same for a pattern that is put together. */
export const phraseOf = (source: string): RegExp => new RegExp(expand(source), 'iu');

const expand = (source: string): string =>
  source
    .replaceAll('ä', '(?:ä|ae|a)')
    .replaceAll('ö', '(?:ö|oe|o)')
    .replaceAll('ü', '(?:ü|ue|u)')
    .replaceAll('ß', '(?:ß|ss)')
    .replaceAll("'", "'?")
    .replaceAll(String.raw`\b`, boundary)
    .replace(/ (?=[?*])/g, String.raw`\s`)
    .replaceAll(' ', String.raw`\s+`);

/** The groups of the first pattern that fits, or null. */
export const firstMatch = (
  patterns: readonly RegExp[],
  text: string,
): Record<string, string | undefined> | null => {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match !== null) return match.groups ?? {};
  }
  return null;
};
