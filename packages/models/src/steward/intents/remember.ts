import { formatDay } from '../format.ts';
import { firstMatch, phrase } from '../phrase.ts';
import { callPlan, type Intent } from '../plan.ts';
import { readResult, resultShapes } from '../results.ts';

const patterns = [
  phrase`^(?:remember|keep in mind|note(?: down)?|make a note|take a note|don't forget|memorize|memorise)(?: that|,? please,? that)\s+(?<fact>.+)$`,
  phrase`^(?:remember|remember this|note|note this|note to self|(?:make|take|add) a note|save this|write this down)\s*[:–-]\s*(?<fact>.+)$`,
  // Without "that" only a whole statement counts: "remember the milk" and "remember when we were young" are none.
  phrase`^(?:remember|note(?: down)?) (?<fact>(?!(?:when|what|who|how|where|why|which|to|me|it|if|whether|that time|the time|the day|those)\b).+ (?:is|are|was|has|have|likes?|lives?|needs?|hates?|prefers?)\b.+)$`,
  phrase`^(?:remember|note) (?<fact>(?:i|i'm|i've|we|we're|we've) (?!(?:when|to|used to)\b).+)$`,
  phrase`^(?:merke?|notiere?)(?: es)?(?: dir)?(?: bitte| mal)*\s*,?\s*(?<fact>(?:dass|daß) .+)$`,
  phrase`^(?:behalte?|denke? (?:daran|dran)|vergiss nicht)(?: bitte)?\s*,?\s*(?<fact>(?:dass|daß) .+)$`,
  phrase`^(?:merke? dir(?: bitte| mal)*(?: das)?|notiere?(?: dir)?(?: bitte| mal)*|notiz|merke?|schreibe? (?:dir )?auf)\s*[:–-]\s*(?<fact>.+)$`,
  phrase`^(?:merke? dir|notiere? dir|notiere?)(?: bitte| mal)*,? (?<fact>(?!daß\b|dass\b|was\b|wie\b|wo\b|wer\b).* (?:ist|sind|war|hat|haben|heißt|mag|wohnt|braucht|lautet|bin|habe)\b.+)$`,
  phrase`^dir (?:bitte )?merken\s*,?\s*(?<fact>(?:dass|daß) .+)$`,
];

export const remember: Intent = {
  id: 'remember',
  kind: 'write',
  match: ({ text, t }) => {
    const fact = firstMatch(patterns, text)?.['fact'];
    if (fact === undefined) return null;
    return callPlan('remember', { text: fact.trim() }, (result) =>
      t.memory.remembered(readResult(result, resultShapes.fact).text),
    );
  },
};

const listPatterns = [
  phrase`^what (?:do|did|have) you (?:remember(?:ed)?|memori[sz]ed?|noted?)(?: about me| so far| for me)?$`,
  phrase`^(?:what do you know about me|what have i told you(?: so far)?|what did i tell you(?: so far)?)$`,
  phrase`^(?:list|show)(?: me)?(?: all)?(?: the| my| your)? (?:facts|memories|memory|notes)$`,
  phrase`^(?:(?:list|show|tell)(?: me)? )?(?:everything|all|what)(?: that)? you (?:have |'ve )?(?:remember(?:ed)?|know about me|noted)$`,
  phrase`^was (?:hast du dir (?:alles )?gemerkt|merkst du dir|weißt du (?:alles )?über mich|habe ich dir (?:alles |bisher |schon )*gesagt)$`,
  phrase`^(?:zeige?|liste|nenne?)(?: mir)?(?: bitte)?(?: alle)?(?: meine| deine| die)? (?:notizen|fakten|erinnerten sachen)(?: auf)?$`,
  phrase`^(?:zeige?|liste)(?: mir)?,? (?:alles, )?was du (?:dir gemerkt hast|über mich weißt)(?: auf)?$`,
];

export const listFacts: Intent = {
  id: 'list-facts',
  kind: 'read',
  match: ({ text, t, timeZone, language }) => {
    if (firstMatch(listPatterns, text) === null) return null;
    return callPlan('list_facts', {}, (result) => {
      const { facts } = readResult(result, resultShapes.facts);
      if (facts.length === 0) return t.memory.empty;
      const lines = facts.map(
        (fact) => `- ${t.memory.line(formatDay(fact.rememberedAt, timeZone, language), fact.text)}`,
      );
      return [t.memory.list, ...lines].join('\n');
    });
  },
};
