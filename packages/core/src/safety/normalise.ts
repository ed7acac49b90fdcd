/** Letters of other alphabets that look like Latin ones and are used to get around lists of words. */
const lookalikes: Record<string, string> = {
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  у: 'y',
  х: 'x',
  і: 'i',
  к: 'k',
  м: 'm',
  т: 't',
  в: 'b',
  н: 'h',
  ѕ: 's',
  α: 'a',
  ο: 'o',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ρ: 'p',
};
const germanLetters: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };
const digitsAsLetters: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  $: 's',
  '@': 'a',
  '!': 'i',
};

/** A text as the lists of words are written: lower case, plain Latin letters, single spaces, without tricks between letters. */
export const normalise = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    // Soft hyphens, marks of direction and letters without width.
    .replace(/\p{Cf}/gu, '')
    .replace(/[äöüß]/g, (letter) => germanLetters[letter]!)
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/\p{L}/gu, (letter) => lookalikes[letter] ?? letter)
    // Markdown within a word or around it.
    .replace(/[*_~`]+/g, '')
    .replace(/[‘’]/g, "'")
    // p-o-r-n, p.o.r.n, p o r n: single letters in a row are one word.
    .replace(/(?<![a-z0-9])(?:[a-z][\s.\-·|]){3,}[a-z](?![a-z0-9])/g, (spelled) =>
      spelled.replace(/[^a-z]/g, ''),
    )
    // Digits among letters.
    .replace(/(?<=[a-z])[013457$@!](?=[a-z])/g, (digit) => digitsAsLetters[digit]!)
    .replace(/(.)\1{3,}/g, '$1$1')
    // Lines, ends of sentences and brackets separate words and nothing more.
    .replace(/[^a-z0-9'-]+/g, ' ');
