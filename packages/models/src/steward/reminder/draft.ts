import { phrase } from '../phrase.ts';
import { takeWhen, type When } from '../time/when.ts';
import type { Utterance } from '../utterance.ts';
import { cleanText } from './clean-text.ts';
import { type Head, headOf } from './heads.ts';

/** A reminder as far as it has been said. */
export interface Draft {
  /** Empty while it is not known. */
  text: string;
  /** Null while nothing is known about the time. */
  when: When | 'unsayable' | null;
  action: 'say' | 'ask';
}

export type IsCommand = (text: string) => Promise<boolean>;

/** The question to ask next, by its key in the texts. */
export type Missing = 'askWhen' | 'askTime' | 'askText';

export const missingIn = (draft: Draft): Missing | null => {
  if (draft.text === '') return 'askText';
  if (draft.when === null || draft.when === 'unsayable') return 'askWhen';
  return draft.when.kind === 'day' || draft.when.kind === 'days' ? 'askTime' : null;
};

/** A head somewhere after a leading time: `tomorrow at 9 remind me to …`. */
const laterHead = phrase`\b(?:remind me|tell me|show me|erinnere? mich|sage? mir|zeige? mir)\b`;
const leadingTime = phrase`^(?:tomorrow|today|tonight|in an?\b|in \d+|in half|at \d+|on \p{L}|next|this|morgen|heute|übermorgen|in eine[rm]|in|um \d+|am \p{L}|nächste[nrs]?|kommende[nrs]?|at \p{L}+|um \p{L}+)\b`;
const delayedCommand = phrase`^(?<head>tell me|show me|sage? mir(?: bitte)?|zeige? mir(?: bitte)?) (?<rest>(?:in an?\b|in \d+|in half|at \d+|tomorrow|tonight|in eine[rm]|um \d+|morgen|übermorgen|heute abend)\b.+)$`;
const rhythmWord = phrase`\b(?:every|each|daily|hourly|weekdays|weekends|monthly|yearly|\p{L}+days|jede[nrsm]?|alle|täglich|stündlich|monatlich|jährlich|werktags|wochentags|\p{L}+tags|mittwochs|immer)\b`;
const statement = phrase`^(?:i|i'm|we|he|she|it|they|you|my|there|ich|wir|er|sie|es|du|man|ist|war|geht|kommt|habe|bin)\b`;

/** The reminder that a message asks for by itself, or null. */
export const draftOfCommand = async (utterance: Utterance, isCommand: IsCommand): Promise<Draft | null> => {
  const said = headOf(utterance.text);
  if (said !== null) return draftFrom(said, utterance);
  if (rhythmWord.test(utterance.text)) return scheduleDraft(utterance, isCommand);
  if (leadingTime.test(utterance.text) && laterHead.test(utterance.text))
    return leadingDraft(utterance, isCommand);
  const delayed = delayedCommand.exec(utterance.text)?.groups;
  if (delayed !== undefined) return delayedDraft(delayed['head']!, delayed['rest']!, utterance, isCommand);
  return null;
};

const draftFrom = async ({ rest, standard }: Head, utterance: Utterance): Promise<Draft> => {
  const timed = await takeWhen(rest, utterance);
  if (timed === 'unsayable') return { text: rest, when: 'unsayable', action: 'say' };
  const text = cleanText(timed.rest);
  return {
    text: text === '' && standard !== null ? utterance.t.reminder[standard] : text,
    when: timed.when,
    action: 'say',
  };
};

/** `every weekday at 8 tell me the date`: what is a command of its own is asked when due, other words are said. */
const scheduleDraft = async (utterance: Utterance, isCommand: IsCommand): Promise<Draft | null> => {
  const timed = await takeWhen(utterance.text, utterance);
  if (timed === 'unsayable') {
    const isReminder = laterHead.test(utterance.text) && !utterance.isQuestion;
    return isReminder ? { text: utterance.text, when: timed, action: 'say' } : null;
  }
  if (timed.when === null || (timed.when.kind !== 'cron' && timed.when.kind !== 'days')) return null;
  const rest = timed.rest.replace(/^[\s,:–-]+|[\s,:–-]+$/gu, '');
  const head = headOf(rest);
  if (head !== null) return { text: cleanText(head.rest), when: timed.when, action: 'say' };
  if (rest !== '' && (await isCommand(rest))) return { text: rest, when: timed.when, action: 'ask' };
  const isLeading = !utterance.text.startsWith(rest.slice(0, 10));
  const isMeant =
    timed.when.kind === 'cron' && isLeading && !utterance.isQuestion && !statement.test(rest) && rest !== '';
  return isMeant ? { text: cleanText(rest), when: timed.when, action: 'say' } : null;
};

const leadingDraft = async (utterance: Utterance, isCommand: IsCommand): Promise<Draft | null> => {
  const index = laterHead.exec(utterance.text)!.index;
  const timed = await takeWhen(utterance.text.slice(0, index), utterance);
  if (timed === 'unsayable' || timed.when === null || cleanText(timed.rest) !== '') return null;
  const rest = utterance.text.slice(index);
  const head = headOf(rest);
  if (head !== null) return { text: cleanText(head.rest), when: timed.when, action: 'say' };
  return (await isCommand(rest)) ? { text: rest, when: timed.when, action: 'ask' } : null;
};

/** `tell me in 10 minutes the time` */
const delayedDraft = async (
  head: string,
  rest: string,
  utterance: Utterance,
  isCommand: IsCommand,
): Promise<Draft | null> => {
  const timed = await takeWhen(rest, utterance);
  if (timed === 'unsayable' || timed.when === null) return null;
  const text = `${head} ${timed.rest.replace(/^[\s,:–-]+/u, '')}`;
  return (await isCommand(text)) ? { text, when: timed.when, action: 'ask' } : null;
};
