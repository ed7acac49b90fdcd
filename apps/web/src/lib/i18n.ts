import { en } from '../texts/en.ts';
import { createStoredStore } from './storage.ts';
import { createStore } from './store.ts';

export type TextKey = keyof typeof en;
export type Texts = Record<TextKey, string>;
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

/** Chosen by hand; empty follows the browser. */
export const chosenLanguage = createStoredStore<Language | ''>('language', '');

const browserLanguage = (): Language => (navigator.language.startsWith('de') ? 'de' : 'en');
export const language = createStore<Language>('en');
let texts: Texts = en;

/** Loads the texts of the language to show. Components that follow `language` are drawn anew. */
export const loadLanguage = async (): Promise<void> => {
  const wanted = chosenLanguage.get() || browserLanguage();
  texts = wanted === 'de' ? (await import('../texts/de.ts')).de : en;
  document.documentElement.lang = wanted;
  language.set(wanted);
};
chosenLanguage.subscribe(() => void loadLanguage());

/** `{name}` in a text stands for a value of that name. */
export const t = (key: TextKey, values: Record<string, string | number> = {}): string =>
  texts[key].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? value.toLocaleString(language.get()) : String(value ?? '');
  });

/** The form for a count: `key.one` or `key.other`. English and German have no others. */
export const tCount = (key: CountKey, count: number, values: Record<string, string | number> = {}): string =>
  t(`${key}.${count === 1 ? 'one' : 'other'}` as TextKey, { count, ...values });

type CountKey = { [K in TextKey]: K extends `${infer Base}.one` ? Base : never }[TextKey];
