import type { TokenCounter } from '@reeve/core';

/** How much text the cache of counts may hold: about 2 MB of memory at two bytes a character. */
const cacheCharacters = 1_000_000;

/** Up to 1,000 characters, ended before white space where there is any, so that tokens are seldom cut. */
const slice = /[\s\S]{1,1000}(?=\s|$)|[\s\S]{1,1000}/g;

/**
 * Counts with OpenAI's o200k_base vocabulary: exact for their models since GPT-4o, near for others.
 *
 * Before `load` a text counts as many tokens as it has UTF-8 bytes. That is the one bound which holds for every
 * text: each token of a byte-level vocabulary stands for at least one byte, and rare scripts do reach it.
 * Text is counted in slices, because the tokenizer's time grows with the square of an unbroken run (100,000 equal
 * letters: 5 s); a cut in the middle of such a run adds a token at most.
 */
export function createTokenCounter(): TokenCounter {
  let countSlice: ((text: string) => number) | undefined;
  let loading: Promise<void> | undefined;
  const cache = createCache(cacheCharacters);

  const load = async (): Promise<void> => {
    const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
    // Marks such as <|endoftext|> are plain text when a person writes them.
    const options = { disallowedSpecial: new Set<string>() };
    countSlice = (text) => countTokens(text, options);
  };
  return {
    load: () => {
      loading ??= load();
      return loading;
    },
    count: (text) => {
      if (countSlice === undefined) return Buffer.byteLength(text);
      const known = cache.get(text);
      if (known !== undefined) return known;
      let total = 0;
      for (const piece of text.match(slice) ?? []) total += countSlice(piece);
      cache.set(text, total);
      return total;
    },
  };
}

/** Keeps the counts of the texts used last, up to a sum of characters. Messages of a session are counted every turn. */
function createCache(limit: number) {
  const counts = new Map<string, number>();
  let size = 0;
  return {
    get(text: string): number | undefined {
      const count = counts.get(text);
      if (count === undefined) return undefined;
      counts.delete(text);
      counts.set(text, count);
      return count;
    },
    set(text: string, count: number): void {
      if (text.length > limit / 4) return;
      counts.set(text, count);
      size += text.length;
      for (const oldest of counts.keys()) {
        if (size <= limit) return;
        counts.delete(oldest);
        size -= oldest.length;
      }
    },
  };
}
