import { firstMatch, phrase } from '../phrase.ts';
import { type Intent, sayPlan } from '../plan.ts';
import type { Texts } from '../texts/index.ts';

const talks: { patterns: RegExp[]; answer: (t: Texts) => string }[] = [
  {
    patterns: [
      phrase`^(?:hi|hello|hey|hiya|howdy|yo|good (?:morning|afternoon|evening|day)|greetings)(?: (?:there|reeve|everyone|all|again|hi|hello))?$`,
      phrase`^(?:hallo|hi|hey|hallöchen|moin(?: moin)?|servus|grüß (?:gott|dich)|guten (?:morgen|tag|abend)|na)(?: (?:reeve|zusammen|du|nochmal))?$`,
    ],
    answer: (t) => t.chat.greet,
  },
  {
    patterns: [
      phrase`^(?:how are you(?: doing)?(?: today)?|how's it going|what's up|wie geht's(?: dir)?|wie geht es dir(?: heute)?|alles klar)$`,
    ],
    answer: (t) => t.chat.howAreYou,
  },
  {
    patterns: [
      phrase`^(?:ok |okay |great |perfect |oh )?(?:thanks|thank you|thx|ty|cheers|much appreciated)(?: (?:a lot|so much|very much|again|reeve|you|for .{1,40}))?$`,
      phrase`^(?:ok |okay |super |perfekt |oh )?(?:danke|vielen dank|besten dank|merci)(?: (?:schön|dir|sehr|vielmals|nochmal|reeve|für .{1,40}))*$`,
      phrase`^(?:great|perfect|nice|well done|awesome|super|prima|toll|klasse|perfekt)$`,
    ],
    answer: (t) => t.chat.thanks,
  },
  {
    patterns: [
      phrase`^(?:bye|goodbye|bye bye|good night|see you(?: (?:later|soon|tomorrow))?|ciao|cu)(?: reeve)?$`,
      phrase`^(?:tschüss|tschau|auf wiedersehen|gute nacht|bis (?:dann|bald|später|morgen)|mach's gut)(?: reeve)?$`,
    ],
    answer: (t) => t.chat.bye,
  },
  {
    patterns: [
      phrase`^(?:who|what)(?: exactly)? (?:are|r) (?:you|u)(?: really| exactly)?$`,
      phrase`^(?:what's|what is) your name$`,
      phrase`^are you (?:an? )?(?:real |actual )?(?:human|person|bot|robot|ai|llm|chatbot|language model|model|machine|chatgpt|gpt|claude|real|conscious|alive)\b.*$`,
      phrase`^(?:what|which) (?:language |ai )?model (?:are you|is this|do you use)$`,
      phrase`^introduce yourself$`,
      phrase`^(?:wer|was)(?: genau)? bist du(?: eigentlich| genau| denn)?$`,
      phrase`^wie heißt du$`,
      phrase`^bist du (?:eine? )?(?:echte[rs]? )?(?:mensch|person|bot|roboter|ki|sprachmodell|modell|maschine|chatbot|chatgpt|gpt|claude|echt)\b.*$`,
      phrase`^welches (?:sprach)?modell (?:bist du|ist das|benutzt du|nutzt du)$`,
      phrase`^stell dich(?: mal)? vor$`,
    ],
    answer: (t) => t.chat.identity,
  },
  {
    patterns: [
      phrase`^(?:help|help me|i need help|what can you do(?: for me)?|what do you do|what can i (?:ask|say|do)(?: you)?|how do you work|how does this work|commands|examples)$`,
      phrase`^(?:hilfe|hilf mir|was kannst du(?: alles| so)*(?: für mich)?(?: tun| machen)?|was machst du|was kann ich (?:dich fragen|sagen|tun)|wie funktionierst du|wie geht das hier|befehle|beispiele)$`,
    ],
    answer: (t) => t.chat.help,
  },
  {
    patterns: [
      phrase`^(?:forget (?:it|about it|that|this)|never ?mind|nvm|nothing|no|nope|yes|yep|yeah|ok|okay|alright|all right|fine|cool|good|sure|stop|cancel|it's fine)$`,
      phrase`^(?:vergiss (?:es|das)(?: wieder| einfach)?|schon gut|egal|macht nichts|nichts|nein|nee|ja|jo|okay|in ordnung|gut|passt|alles gut|stopp|abbrechen|lass es|lass gut sein)$`,
    ],
    answer: (t) => t.chat.fine,
  },
];

/** Greetings, thanks, goodbyes, what it is and what it can do. */
export const smallTalk: Intent = {
  id: 'small-talk',
  kind: 'chat',
  match: ({ text, raw, t }) => {
    const bare = raw.replace(/[\s?!.…,;:)(-]+$/u, '').replace(/,/g, '');
    const talk = talks.find(
      ({ patterns }) => firstMatch(patterns, text) !== null || firstMatch(patterns, bare) !== null,
    );
    return talk === undefined ? null : sayPlan(talk.answer(t));
  },
};
