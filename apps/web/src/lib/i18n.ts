import { en } from '../texts/en.ts';
import type { moreEn } from '../texts/more-en.ts';
import { createStoredStore } from './storage.ts';
import { createStore } from './store.ts';

export type TextKey = keyof typeof en | keyof typeof moreEn;
export type Texts = Record<keyof typeof en, string>;
export type MoreTexts = Record<keyof typeof moreEn, string>;
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

/** Chosen by hand; empty follows the browser. */
export const chosenLanguage = createStoredStore<Language | ''>('language', '');

const browserLanguage = (): Language => (navigator.language.startsWith('de') ? 'de' : 'en');
export const language = createStore<Language>('en');
let texts: Readonly<Record<string, string>> = en;
/** Whether a view was opened that has texts beyond those of the first. */
let hasMore = false;

const textsOf = async (wanted: Language): Promise<Readonly<Record<string, string>>> => {
  if (wanted === 'de') {
    const [{ de }, more] = await Promise.all([
      import('../texts/de.ts'),
      hasMore ? import('../texts/more-de.ts') : null,
    ]);
    return { ...de, ...more?.moreDe };
  }
  return { ...en, ...(hasMore && (await import('../texts/more-en.ts')).moreEn) };
};

const wantedLanguage = (): Language => chosenLanguage.get() || browserLanguage();

/** Loads the texts of the language to show. Components that follow `language` are drawn anew. */
export const loadLanguage = async (): Promise<void> => {
  const wanted = wantedLanguage();
  const loaded = await textsOf(wanted);
  // Another may have been chosen meanwhile.
  if (wanted !== wantedLanguage()) return;
  texts = loaded;
  document.documentElement.lang = wanted;
  language.set(wanted);
};
chosenLanguage.subscribe(() => void loadLanguage());

/** The texts that the first view does without. */
export const loadMoreTexts = async (): Promise<void> => {
  if (hasMore) return;
  hasMore = true;
  try {
    await loadLanguage();
  } catch (error) {
    hasMore = false;
    throw error;
  }
};

/** `{name}` in a text stands for a value of that name. */
export const t = (key: TextKey, values: Record<string, string | number> = {}): string =>
  (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? value.toLocaleString(language.get()) : String(value ?? '');
  });

/** Whether a key that was put together names a text. */
export const hasText = (key: string): key is TextKey => key in texts;

/** The form for a count: `key.one` or `key.other`. English and German have no others. */
export const tCount = (key: CountKey, count: number, values: Record<string, string | number> = {}): string =>
  t(`${key}.${count === 1 ? 'one' : 'other'}` as TextKey, { count, ...values });

type CountKey = { [K in TextKey]: K extends `${infer Base}.one` ? Base : never }[TextKey];
