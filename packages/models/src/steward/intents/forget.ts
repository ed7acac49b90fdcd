import { askWhich, pickedLine } from '../ambiguity.ts';
import type { ToolResult } from '../conversation.ts';
import { formatDay } from '../format.ts';
import { firstMatch, phrase } from '../phrase.ts';
import { type Call, call, type Intent, type Plan, say, sayPlan } from '../plan.ts';
import { type FactResult, readResult, resultShapes } from '../results.ts';
import { inAll } from '../texts/index.ts';
import { findTold } from '../told.ts';
import type { Utterance } from '../utterance.ts';
import { contentWords } from '../words.ts';

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
    const line = pickedLine(
      text,
      utterance.earlier.at(-1),
      inAll((each) => each.memory.which),
    );
    if (line !== null) return forgetPicked(line, utterance);
    const about = firstMatch(patterns, text)?.['about'];
    if (about === undefined || notMeant.test(about)) return null;
    if (everything.test(about)) return sayPlan(t.memory.notAll);
    const words = contentWords(about);
    if (words.length === 0) return null;
    return forgetOne(about, utterance, (results) => {
      const told = findTold(results, words, least, utterance);
      if (!Array.isArray(told)) return told;
      const exact = told.filter((fact) => fact.text.toLowerCase() === about.toLowerCase());
      return exact.length > 0 ? exact.slice(0, 1) : told;
    });
  },
};

const lineOf = (fact: FactResult, { t, timeZone, language }: Utterance): string =>
  t.memory.line(formatDay(fact.rememberedAt, timeZone, language), fact.text.replace(/\s+/g, ' '));

const forgetPicked = (line: string, utterance: Utterance): Plan =>
  forgetOne(line, utterance, (results) => {
    const listed = results.find((result) => result.name === 'list_facts');
    if (listed === undefined) return { name: 'list_facts', args: { limit: 100 } };
    return readResult(listed, resultShapes.facts)
      .facts.filter((fact) => lineOf(fact, utterance) === line)
      .slice(0, 1);
  });

const forgetOne = (
  about: string,
  utterance: Utterance,
  find: (results: readonly ToolResult[]) => Call | FactResult[],
): Plan => ({
  next: (results) => {
    const { t } = utterance;
    const found = find(results);
    if (!Array.isArray(found)) return { kind: 'call', calls: [found] };
    const [fact, ...more] = found;
    if (fact === undefined) return say(t.memory.unknown(about));
    if (more.length > 0) {
      const lines = found.map((each) => lineOf(each, utterance));
      return say(askWhich(lines, t.memory.which));
    }
    const forgotten = results.find((result) => result.name === 'forget_fact');
    if (forgotten === undefined) return call('forget_fact', { id: fact.id });
    return say(
      readResult(forgotten, resultShapes.forgotten).forgotten
        ? t.memory.forgotten(fact.text)
        : t.memory.notThere,
    );
  },
});
