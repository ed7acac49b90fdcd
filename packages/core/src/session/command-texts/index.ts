import { de } from './de.ts';
import { type CommandTexts, en } from './en.ts';

export type { CommandTexts } from './en.ts';

const all: Record<string, CommandTexts> = { en, de };

/** The first of these languages (BCP 47) in which commands can answer; English when there is none. */
export const commandTexts = (...languages: readonly (string | null | undefined)[]): CommandTexts => {
  for (const language of languages) {
    const texts = language && all[language.toLowerCase().split('-')[0]!];
    if (texts) return texts;
  }
  return en;
};
