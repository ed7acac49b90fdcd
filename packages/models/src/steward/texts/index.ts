import type { Language } from '../language.ts';
import { de } from './de.ts';
import { en, type Texts } from './en.ts';

export type { Texts };

export const texts: Record<Language, Texts> = { en, de };

/** What a text is in each language: to recognise an own question in the transcript. */
export const inAll = (pick: (t: Texts) => string): string[] => Object.values(texts).map(pick);
