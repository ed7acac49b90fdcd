import type { ToolResult } from './conversation.ts';
import { formatDay } from './format.ts';
import type { Call } from './plan.ts';
import { type FactResult, readResult, resultShapes } from './results.ts';
import type { Utterance } from './utterance.ts';
import { coverage, queryOf, type Word } from './words.ts';

/** Facts shown when several fit equally well. */
const maxQuotes = 3;

/** How many facts are looked through when the search finds none. */
const maxListed = 100;

/**
 * The facts about `words`, or the call that finds them: first the search. It knows whole words only, so for German
 * (`Code vom Boiler` and `Boilercode`) the list is looked through when it finds nothing.
 */
export const findTold = (
  results: readonly ToolResult[],
  words: readonly Word[],
  least: number,
  { spoken, tools }: Utterance,
): Call | FactResult[] => {
  const searched = results.find((result) => result.name === 'recall');
  const listed = results.find((result) => result.name === 'list_facts');
  if (searched === undefined) return { name: 'recall', args: { query: queryOf(words) } };
  const found = bestFacts(readResult(searched, resultShapes.facts).facts, words, least);
  if (found.length > 0) return found;
  if (listed !== undefined) return bestFacts(readResult(listed, resultShapes.facts).facts, words, least);
  const canList = spoken === 'de' && tools.some((tool) => tool.name === 'list_facts');
  return canList ? { name: 'list_facts', args: { limit: maxListed } } : [];
};

/** The facts that hold the largest share of the words, if it reaches `least` (0 to 1); the search's order otherwise. */
const bestFacts = (facts: readonly FactResult[], words: readonly Word[], least: number): FactResult[] => {
  const scored = facts.map((fact) => ({ fact, score: coverage(words, fact.text) }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  return best === 0 || best < least
    ? []
    : scored.filter(({ score }) => score === best).map(({ fact }) => fact);
};

/** The facts as quotes with the date of each. */
export const quoteFacts = (facts: readonly FactResult[], { t, timeZone, language }: Utterance): string => {
  const day = (fact: FactResult) => formatDay(fact.rememberedAt, timeZone, language);
  if (facts.length === 1) return t.memory.told(day(facts[0]!), facts[0]!.text);
  return [
    t.memory.several,
    ...facts.slice(0, maxQuotes).map((fact) => `- ${t.memory.line(day(fact), fact.text)}`),
  ].join('\n');
};
