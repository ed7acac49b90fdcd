/** Words that say nothing about a subject, in both languages, folded as below. */
const stopWords = new Set(
  `a an the and or but if is are was were be been am do does did have has had can could would should will shall may might must
   i you he she it we they me my mine your yours our ours his her hers its their them us him this that these those there here
   what whats which who whos whose whom when where why how to of in on at by for from with about into over under as than then so
   not no yes please tell told say said know knew remember recall remind forget again any some all much many
   get got give show find was wer wem wen wann wo woher wohin welche welcher welches welchen warum wieso wie der die das den dem
   des ein eine einen einem einer eines und oder aber wenn ist sind war waren sein bin bist hat habe hast haben hatte kann kannst
   konnte soll muss mag ich du er sie es wir ihr mich mir dich dir uns euch ihn ihm ihnen mein meine meinen meinem meiner meines
   dein deine deinen deiner unser unsere unseren unserem unserer sein seine seinen seiner ihre ihren ihrer dies diese dieser
   dieses zu zum zur von vom in im an am auf bei beim mit nach uber unter aus um fur gegen ohne als dann so nicht kein keine ja
   nein bitte noch mal denn doch sag sage gesagt weiss weisst wissen erinnere erinnerst merk gemerkt vergiss lautet wird werden gibt geht s t re ve ll d m mean means meant bedeutet bedeuten`.split(
    /\s+/,
  ),
);

/** Words that count only where nothing else does: "what is my name" is about the name, "the name of my dog" about the dog. */
const weakWords = new Set(
  'name names named called heisst heissen heisse work works funktioniert funktionieren reeve reeves'.split(
    ' ',
  ),
);

export interface Word {
  /** As written. */
  text: string;
  /** Lower case, without accents, `ae oe ue` as `a o u`. */
  folded: string;
  /** `folded` without a common ending. */
  stem: string;
}

const fold = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replace(/[aou]e/g, (pair) => pair[0]!);

const endings = /(?:ings?|ed|es|en|ern|er|em|s|e|n)$/;

const stem = (folded: string): string => {
  const shorter = folded.replace(endings, '');
  return shorter.length >= 3 ? shorter : folded;
};

/** The words that carry the meaning, each once, at most 20. */
export const contentWords = (text: string): Word[] => {
  const all = subjectWords(text);
  const strong = all.filter((word) => !weakWords.has(word.folded));
  return (strong.length > 0 ? strong : all).slice(0, 20);
};

const subjectWords = (text: string): Word[] => {
  const words = new Map<string, Word>();
  for (const word of text.match(/[\p{L}\p{N}]+/gu) ?? []) {
    const folded = fold(word);
    if (stopWords.has(folded) || stopWords.has(word.toLowerCase())) continue;
    const key = stem(folded);
    if (!words.has(key)) words.set(key, { text: word, folded, stem: key });
  }
  return [...words.values()];
};

/** The share of `wanted` that occurs in `text`, 0 to 1. Parts of compounds count: `Boiler` in `Boilercode`. */
export const coverage = (wanted: readonly Word[], text: string): number => {
  if (wanted.length === 0) return 0;
  const present = (text.match(/[\p{L}\p{N}]+/gu) ?? []).map(fold);
  const stems = new Set(present.map(stem));
  const isPart = (part: string, whole: string) => part.length >= 4 && whole.includes(part);
  const isPresent = (want: Word) =>
    stems.has(want.stem) || present.some((have) => isPart(want.folded, have) || isPart(have, want.folded));
  return wanted.filter(isPresent).length / wanted.length;
};

export const queryOf = (words: readonly Word[]): string => words.map((word) => word.text).join(' ');
