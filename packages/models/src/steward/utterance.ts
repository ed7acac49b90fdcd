import type { ToolOffer } from '@reeve/core';
import type { Turn } from './conversation.ts';
import { detectLanguage, type Language } from './language.ts';
import { phrase } from './phrase.ts';
import { type Texts, texts } from './texts/index.ts';

/** What holds for a whole turn. */
export interface Setting {
  /** The language of the answer. */
  language: Language;
  t: Texts;
  /** Unix ms. */
  now: number;
  timeZone: string;
  tools: readonly ToolOffer[];
  earlier: readonly Turn[];
}

/** One command or question. */
export interface Utterance extends Setting {
  /** As written, with spaces in order. */
  raw: string;
  /** Without greeting, politeness and closing punctuation. */
  text: string;
  isQuestion: boolean;
  /** The language of the words; that of the answer when they do not tell. */
  spoken: Language;
}

export const createSetting = (setting: Omit<Setting, 't'>): Setting => ({
  ...setting,
  t: texts[setting.language],
});

export const tidy = (text: string): string =>
  text.normalize('NFC').replace(/[’‘]/g, "'").replace(/\s+/g, ' ').trim();

export const createUtterance = (raw: string, setting: Setting): Utterance => {
  const text = stripPoliteness(raw);
  return {
    ...setting,
    raw,
    text,
    isQuestion: /\?[\s!?.")]*$/.test(raw) || questionStart.test(text),
    spoken: detectLanguage(raw) ?? setting.language,
  };
};

const questionStart = phrase`^(?:what|what's|who|who's|whose|when|when's|where|where's|which|why|how|is|are|do|does|did|was|wer|wem|wen|wessen|wann|wo|woher|wohin|welche[rnms]?|warum|wieso|wie|wofür|womit|ist|sind|hat|habe)\b`;

const openings = [
  phrase`^(?:hi|hello|hey|hallo|moin|servus|guten (?:morgen|tag|abend)|good (?:morning|afternoon|evening))(?: (?:reeve|there|zusammen))?\s*[,!.:;–-]*\s+(?!(?:reeve|there|zusammen|again|all|everyone)\W*$)`,
  phrase`^(?:ok|okay|so|well|alright|and|und|also|then|dann|gut)\b\s*,?\s*`,
  phrase`^@?reeve\s*[,:!]\s*`,
  phrase`^(?:please|pls|plz|bitte|kindly)\b\s*,?\s*`,
  phrase`^(?:can|could|would|will) you(?: please| pls| kindly)?(?: also)?\s+`,
  phrase`^(?:i want|i'd like|i would like|i need) you to\s+`,
  phrase`^(?:kannst|könntest|würdest|magst) du(?: bitte| mal)*\s+`,
  phrase`^(?:tell me|show me|let me know|do you know|i want to know|i'd like to know|sage?(?: mir)?(?: bitte)?|mir(?: bitte)? sagen|zeige? mir|weißt du|ich (?:will|möchte) wissen)\s*,?\s+(?=(?:what|what's|how|when|which|who|where|was|wie|wann|welche[rsnm]?|wer|wo)\b)`,
];
const closings = [
  /[\s?!.…,;:]+$/u,
  phrase`[\s,]+(?:please|pls|plz|bitte|thanks|thank you|thx|danke|cheers)$`,
];

/** Repeats until nothing more comes off; a text that is nothing but politeness stays. */
const stripPoliteness = (raw: string): string => {
  let text = raw;
  for (let before = ''; before !== text; ) {
    before = text;
    for (const pattern of [...openings, ...closings]) {
      const shorter = text.replace(pattern, '');
      if (shorter !== '') text = shorter;
    }
  }
  return text;
};
