import { firstMatch, phrase } from '../phrase.ts';
import { type Intent, say } from '../plan.ts';
import { findTold, quoteFacts } from '../told.ts';
import { contentWords } from '../words.ts';

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
    return {
      next: (results) => {
        const told = findTold(results, words, least, utterance);
        if (!Array.isArray(told)) return { kind: 'call', calls: [told] };
        return say(told.length === 0 ? utterance.t.memory.unknown(about) : quoteFacts(told, utterance));
      },
    };
  },
};
