import { choiceLines, pickedLine } from '../ambiguity.ts';
import { formatDay } from '../format.ts';
import { firstMatch, phrase } from '../phrase.ts';
import { call, type Intent, type Plan, say, sayPlan } from '../plan.ts';
import { type FactResult, readResult, resultShapes } from '../results.ts';
import { inAll } from '../texts/index.ts';
import { bestFacts } from '../told.ts';
import type { Utterance } from '../utterance.ts';
import { contentWords, queryOf } from '../words.ts';

const patterns = [
  phrase`^(?:forget|unlearn)(?: about)?(?: that| the fact that| what i (?:said|told you) about)? (?<about>.+)$`,
  phrase`^(?:delete|remove|erase)(?: the| my)? (?:fact|note|memory|memories)(?: about| that| of| on)? (?<about>.+)$`,
  phrase`^vergiss(?: bitte)?(?:,? dass| was ich (?:dir )?(?:über|zu))? (?<about>(?!nicht\b).+)$`,
  phrase`^(?:lösche?|entferne?)(?: bitte)?(?: die| meine)? (?:notiz|fakten?)(?: über| zu| zum| zur| vom| von|,? dass)? (?<about>.+)$`,
  phrase`^die notiz (?:über|zu|zum|zur|vom|von) (?<about>.+) löschen$`,
];
const everything = phrase`^(?:all|everything|it all|all of it|everything you know.*|everything about me|all my .*|me|alles|alles über mich|alle .*|mich)$`;
const notMeant = phrase`^(?:it|that|this|about it|you|yourself|to\b.*|es|das)$`;

/** Half of the words must be in the fact. */
const least = 0.5;

/** Recalls first, then forgets the one fact that fits; asks when several fit equally. Never forgets more than one. */
export const forget: Intent = {
  id: 'forget',
  kind: 'write',
  match: (utterance) => {
    const { t, text } = utterance;
    const line = pickedLine(text, utterance.earlier.at(-1), inAll((each) => each.memory.which));
    if (line !== null) return forgetPicked(line, utterance);
    const about = firstMatch(patterns, text)?.['about'];
    if (about === undefined || notMeant.test(about)) return null;
    if (everything.test(about)) return sayPlan(t.memory.notAll);
    const words = contentWords(about);
    if (words.length === 0) return null;
    return recallThenForget(queryOf(words), utterance, (facts) => {
      const exact = facts.filter((fact) => fact.text.toLowerCase() === about.toLowerCase());
      return { found: exact.length > 0 ? exact.slice(0, 1) : bestFacts(facts, words, least), about };
    });
  },
};

const lineOf = (fact: FactResult, { t, timeZone, language }: Utterance): string =>
  t.memory.line(formatDay(fact.rememberedAt, timeZone, language), fact.text.replace(/\s+/g, ' '));

const forgetPicked = (line: string, utterance: Utterance): Plan =>
  recallThenForget(queryOf(contentWords(line)), utterance, (facts) => ({
    found: facts.filter((fact) => lineOf(fact, utterance) === line).slice(0, 1),
    about: line,
  }));

type Choose = (facts: readonly FactResult[]) => { found: readonly FactResult[]; about: string };

const recallThenForget = (query: string, utterance: Utterance, choose: Choose): Plan => ({
  next: ([recalled, forgotten]) => {
    const { t } = utterance;
    if (recalled === undefined) return call('recall', { query, limit: 20 });
    const { found, about } = choose(readResult(recalled, resultShapes.facts).facts);
    const [fact, ...more] = found;
    if (fact === undefined) return say(t.memory.unknown(about));
    if (more.length > 0) return say(`${choiceLines(found.slice(0, 10).map((each) => lineOf(each, utterance)))}\n${t.memory.which}`);
    if (forgotten === undefined) return call('forget_fact', { id: fact.id });
    return say(readResult(forgotten, resultShapes.forgotten).forgotten ? t.memory.forgotten(fact.text) : t.memory.notThere);
  },
});
