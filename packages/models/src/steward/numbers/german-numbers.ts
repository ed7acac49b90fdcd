import { germanTwoToTen } from './small-words.ts';

const small: Record<string, number> = {
  null: 0,
  ein: 1,
  eins: 1,
  eine: 1,
  einen: 1,
  ...germanTwoToTen,
  zwo: 2,
  elf: 11,
  zwölf: 12,
  zwoelf: 12,
  dreizehn: 13,
  vierzehn: 14,
  fünfzehn: 15,
  fuenfzehn: 15,
  sechzehn: 16,
  siebzehn: 17,
  achtzehn: 18,
  neunzehn: 19,
  zwanzig: 20,
  dreißig: 30,
  dreissig: 30,
  vierzig: 40,
  fünfzig: 50,
  fuenfzig: 50,
  sechzig: 60,
  siebzig: 70,
  achtzig: 80,
  neunzig: 90,
};

/** The value of a German number word up to 999,999, such as `zweitausenddreihundertvierzig`; null for other words. */
export const germanNumber = (word: string): number | null => {
  const text = word.toLowerCase();
  const known = small[text];
  if (known !== undefined) return known;
  for (const [name, factor] of [
    ['tausend', 1000],
    ['hundert', 100],
  ] as const) {
    const at = text.indexOf(name);
    if (at === -1) continue;
    const left = at === 0 ? 1 : germanNumber(text.slice(0, at));
    const tail = text.slice(at + name.length).replace(/^und(?=.)/, '');
    const right = tail === '' ? 0 : germanNumber(tail);
    return left === null || right === null || left >= 1000 ? null : left * factor + right;
  }
  const pair = /^(.+)und(.+)$/.exec(text);
  const ones = small[pair?.[1] ?? ''];
  const tens = small[pair?.[2] ?? ''];
  return ones !== undefined && tens !== undefined && ones < 10 && tens >= 20 ? tens + ones : null;
};
