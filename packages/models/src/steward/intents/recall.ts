import { firstMatch, phrase } from '../phrase.ts';
import { callPlan, type Intent } from '../plan.ts';
import { readResult, resultShapes } from '../results.ts';
import { bestFacts, quoteFacts } from '../told.ts';
import { contentWords, queryOf } from '../words.ts';

/** Half of the words must be in the fact when memory was asked for by name. */
const least = 0.5;

const patterns = [
  phrase`^(?:do|can) you (?:still )?(?:remember|recall)(?: (?:that|if|whether|what|when|where|who|how))? (?<about>.+)$`,
  phrase`^what (?:do you (?:know|remember)|did i (?:tell you|say)|have i (?:told you|said))(?: about| of| regarding)? (?<about>.+)$`,
  phrase`^(?:when|where) did i (?:tell you|say|mention) (?:that |about )?(?<about>.+)$`,
  phrase`^(?:recall|look up) (?<about>.+)$`,
  phrase`^remind me (?:what|who|where|when|how|which) (?<about>.+)$`,
  phrase`^(?:weißt du noch|erinnerst du dich(?: noch)?(?: (?:an|daran))?|kannst du dich(?: noch)? an)\s*,?\s*(?<about>.+?)(?: erinnern)?$`,
  phrase`^was (?:weißt du|habe ich dir|hab ich dir)(?: noch| denn)? (?:über|zu|von|zum|zur|vom) (?<about>.+?)(?: gesagt| erzählt)?$`,
  phrase`^was (?:habe|hab) ich (?:über|zu|von|zum|zur|vom) (?<about>.+?) (?:gesagt|erzählt)$`,
];

export const recall: Intent = {
  id: 'recall',
  kind: 'read',
  match: (utterance) => {
    const about = firstMatch(patterns, utterance.text)?.['about'];
    const words = about === undefined ? [] : contentWords(about);
    if (about === undefined || words.length === 0) return null;
    return callPlan('recall', { query: queryOf(words) }, (result) => {
      const found = bestFacts(readResult(result, resultShapes.facts).facts, words, least);
      return found.length === 0 ? utterance.t.memory.unknown(about) : quoteFacts(found, utterance);
    });
  },
};
