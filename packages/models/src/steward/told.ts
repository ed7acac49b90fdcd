import { formatDay } from './format.ts';
import type { FactResult } from './results.ts';
import type { Utterance } from './utterance.ts';
import { coverage, type Word } from './words.ts';

/** Facts shown when several fit equally well. */
const maxQuotes = 3;

/** The facts that hold the largest share of the words, if it reaches `least` (0 to 1); the search's order otherwise. */
export const bestFacts = (facts: readonly FactResult[], words: readonly Word[], least: number): FactResult[] => {
  const scored = facts.map((fact) => ({ fact, score: coverage(words, fact.text) }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  return best === 0 || best < least ? [] : scored.filter(({ score }) => score === best).map(({ fact }) => fact);
};

/** The facts as quotes with the date of each. */
export const quoteFacts = (facts: readonly FactResult[], { t, timeZone, language }: Utterance): string => {
  const day = (fact: FactResult) => formatDay(fact.rememberedAt, timeZone, language);
  if (facts.length === 1) return t.memory.told(day(facts[0]!), facts[0]!.text);
  return [t.memory.several, ...facts.slice(0, maxQuotes).map((fact) => `- ${t.memory.line(day(fact), fact.text)}`)].join('\n');
};
