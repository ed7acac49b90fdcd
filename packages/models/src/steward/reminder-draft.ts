import { phrase } from './phrase.ts';
import type { Turn } from './conversation.ts';
import { inAll } from './texts/index.ts';
import { normalise } from './time/dates.ts';
import { readTimeOfDay } from './time/recurrence.ts';
import { dayMs, hourMs } from './time/wall.ts';
import { takeWhen, type When } from './time/when.ts';
import { createUtterance, type Setting, tidy, type Utterance } from './utterance.ts';

/** A reminder as far as it has been said. */
export interface Draft {
  /** Empty while it is not known. */
  text: string;
  /** Null while nothing is known about the time. */
  when: When | 'unsayable' | null;
  action: 'say' | 'ask';
}

type IsCommand = (text: string) => Promise<boolean>;

const heads: RegExp[] = [
  phrase`^(?:remind|ping|notify|nudge) me\b(?! (?:what|who|where|when|how|which|why)\b)\s*(?<rest>.*)$`,
  phrase`^(?:set|create|add|make)(?: up)?(?: me)? an? reminder(?: for me)?\b\s*(?<rest>.*)$`,
  phrase`^(?:a )?reminder\b\s*[:,–-]?\s*(?<rest>.+)$`,
  phrase`^(?:don't let me forget|(?:don't forget|remember)(?= to\b))\s*(?<rest>.+)$`,
  phrase`^(?<timer>(?:set|start) an? (?:timer|alarm)|timer|alarm)\b\s*(?<rest>.*)$`,
  phrase`^(?<timer>(?:set|start) an? )(?<span>\d+ (?:second|minute|hour)s?) timer\b\s*(?<rest>.*)$`,
  phrase`^(?<wake>wake me(?: up)?)\b\s*(?<rest>.*)$`,
  phrase`^erinnere?(?: du)?(?: bitte)? mich\b(?! nicht mehr)(?: bitte)?\s*(?<rest>.*)$`,
  phrase`^mich\b(?: bitte)?\s*(?<rest>.*?)\s*\b(?:(?:daran|dran) )?erinnern\b\s*,?\s*(?<more>.*)$`,
  phrase`^(?:setze?|erstelle?|mache?|stelle?)(?: mir)?(?: bitte)?(?: eine)? erinnerung\b(?: ein\b)?\s*(?<rest>.*)$`,
  phrase`^(?:eine )?erinnerung\b\s*[:,–-]?\s*(?<rest>.+)$`,
  phrase`^(?:denke?(?: bitte)? (?:daran|dran)|vergiss(?: bitte)? nicht)\b\s*,?\s*(?<rest>(?!dass\b).+(?: zu \p{L}+n|\p{L}zu\p{L}+n)\b.*)$`,
  phrase`^(?<timer>(?:stelle?|starte?)(?: mir)?(?: bitte)?(?: einen?)? (?:timer|wecker)|timer|wecker)\b\s*(?<rest>.*)$`,
  phrase`^(?<wake>wecke? mich)\b(?: bitte)?\s*(?<rest>.*)$`,
];

/** A head somewhere after a leading time: `tomorrow at 9 remind me to …`. */
const laterHead = phrase`\b(?:remind me|tell me|show me|erinnere? mich|sage? mir|zeige? mir)\b`;
const leadingTime = phrase`^(?:tomorrow|today|tonight|in an?\b|in \d|in half|at \d|on \p{L}|next|this|morgen|heute|übermorgen|in eine[rm]|in|um \d|am \p{L}|nächste[nrs]?|kommende[nrs]?|at \p{L}+|um \p{L}+)\b`;
const rhythmWord = phrase`\b(?:every|each|daily|hourly|weekdays|weekends|monthly|yearly|\p{L}+days|jede[nrsm]?|alle|täglich|stündlich|monatlich|jährlich|werktags|wochentags|\p{L}+tags|mittwochs|immer)\b`;
const statement = phrase`^(?:i|i'm|we|he|she|it|they|you|my|there|ich|wir|er|sie|es|du|man|ist|war|geht|kommt|habe|bin)\b`;

/** The reminder that a message asks for by itself, or null. */
export const draftOfCommand = async (utterance: Utterance, isCommand: IsCommand): Promise<Draft | null> => {
  const said = headOf(utterance.text);
  if (said !== null) return draftFrom(said, utterance);
  if (rhythmWord.test(utterance.text)) return scheduleDraft(utterance, isCommand);
  if (leadingTime.test(utterance.text) && laterHead.test(utterance.text)) return leadingDraft(utterance, isCommand);
  return null;
};

interface Head {
  rest: string;
  /** What to say when there are no words of the user's own. */
  standard: 'timer' | 'wake' | null;
}

const headOf = (text: string): Head | null => {
  for (const pattern of heads) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const { rest = '', more = '', span, timer, wake } = groups;
    const words = `${span === undefined ? '' : `in ${span} `}${rest} ${more}`.trim();
    const standard = timer !== undefined ? 'timer' : wake !== undefined ? 'wake' : null;
    return { rest: standard === null ? words : words.replace(/^for (?=\d{1,2}(?::|\s*(?:[ap]\.?m|$)))/i, 'at '), standard };
  }
  return null;
};

const draftFrom = async ({ rest, standard }: Head, utterance: Utterance): Promise<Draft> => {
  const timed = await takeWhen(rest, utterance);
  if (timed === 'unsayable') return { text: rest, when: 'unsayable', action: 'say' };
  const text = cleanText(timed.rest);
  return { text: text === '' && standard !== null ? utterance.t.reminder[standard] : text, when: timed.when, action: 'say' };
};

/** `every weekday at 8 tell me the date`: what is a command of its own is asked when due, other words are said. */
const scheduleDraft = async (utterance: Utterance, isCommand: IsCommand): Promise<Draft | null> => {
  const timed = await takeWhen(utterance.text, utterance);
  if (timed === 'unsayable' || timed.when === null || (timed.when.kind !== 'cron' && timed.when.kind !== 'days')) return null;
  const rest = timed.rest.replace(/^[\s,:–-]+|[\s,:–-]+$/gu, '');
  const head = headOf(rest);
  if (head !== null) return { text: cleanText(head.rest), when: timed.when, action: 'say' };
  if (rest !== '' && (await isCommand(rest))) return { text: rest, when: timed.when, action: 'ask' };
  const isLeading = !utterance.text.startsWith(rest.slice(0, 10));
  const isMeant = timed.when.kind === 'cron' && isLeading && !utterance.isQuestion && !statement.test(rest) && rest !== '';
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

const joints = /(?:[.!?;]\s+|\n+|,?\s+(?:and|und)\s+)/giu;

/**
 * The reminder that a message completes: it answers a question in the message before, which completes one itself,
 * back to the command. The transcript is the only memory. Null when the message is no such answer.
 */
export const draftOfAnswer = async (utterance: Utterance, isCommand: IsCommand): Promise<Draft | null> => {
  const previous = utterance.earlier.at(-1);
  const asked = previous === undefined ? null : questionIn(previous);
  if (previous === undefined || asked === null) return null;
  const before: Setting = { ...utterance, earlier: utterance.earlier.slice(0, -1) };
  const starts = [0, ...[...previous.user.matchAll(joints)].map((match) => match.index + match[0].length)];
  for (const start of starts.slice(0, 10)) {
    const earlier = createUtterance(tidy(previous.user.slice(start)), before);
    const draft = (await draftOfCommand(earlier, isCommand)) ?? (start === 0 ? await draftOfAnswer(earlier, isCommand) : null);
    if (draft !== null && missingIn(draft) !== null) return complete(draft, asked, utterance, isCommand);
  }
  return null;
};

type Missing = 'askWhen' | 'askTime' | 'askText';

export const missingIn = (draft: Draft): Missing | null => {
  if (draft.text === '') return 'askText';
  if (draft.when === null || draft.when === 'unsayable') return 'askWhen';
  return draft.when.kind === 'day' || draft.when.kind === 'days' ? 'askTime' : null;
};

const questionIn = ({ assistant }: Turn): Missing | null =>
  (['askWhen', 'askTime', 'askText'] as const).find((key) =>
    inAll((t) => t.reminder[key]).some((question) => assistant.trimEnd().endsWith(question)),
  ) ?? null;

const complete = async (draft: Draft, asked: Missing, utterance: Utterance, isCommand: IsCommand): Promise<Draft | null> => {
  const { text } = utterance;
  if (asked === 'askText') return text === '' || (await isCommand(text)) ? null : { ...draft, text: cleanText(text) };
  const time = timeOfDay(text, utterance);
  if (time !== null && draft.when !== null && draft.when !== 'unsayable') {
    if (draft.when.kind === 'day') {
      const wall = draft.when.wall - (draft.when.wall % dayMs) + time.hour * hourMs + time.minute * 60_000;
      return { ...draft, when: { kind: 'at', wall, instant: null } };
    }
    if (draft.when.kind === 'days') return { ...draft, when: { kind: 'cron', cron: `${time.minute} ${time.hour} ${draft.when.days}` } };
  }
  const timed = await takeWhen(/^\d{1,2}(?::\d\d)?$/.test(text) ? `at ${text}` : text, utterance);
  if (timed === 'unsayable') return { ...draft, when: timed };
  return timed.when !== null && cleanText(timed.rest) === '' ? { ...draft, when: timed.when } : null;
};

const timeOfDay = (text: string, utterance: Utterance) =>
  readTimeOfDay(normalise(text, utterance)) ?? readTimeOfDay(normalise(`at ${text}`, utterance));

const leading = phrase`^(?:[\s,:;–-]+|(?:to|that|about|of|for|daran|dran|dass|wegen|and|und|bitte|then|dann)\b|an (?:(?:den|die|das|dem) )?)\s*`;
const trailing = phrase`(?:[\s,:;–-]+|\s(?:at|on|um|am|daran|dran|please|bitte))$`;
const separable =
  /(?<!\p{L})(?<first>ab|an|auf|aus|ein|los|mit|nach|vor|weg|zu|zurück|zurueck|raus|rein|runter|rauf|hoch|her|hin|um|durch|unter|wieder|fertig|fest|bei|frei|heim|teil|weiter|zusammen|herunter|hinaus|vorbei)zu(?<second>\p{L}+n)(?!\p{L})/giu;

/** `to call Ann` as `call Ann`, `daran, den Müll rauszubringen` as `den Müll rausbringen`. */
const cleanText = (words: string): string => {
  let text = words.trim();
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(leading, '').replace(trailing, '').trim();
  }
  return text.replace(separable, '$<first>$<second>').replace(/ zu (?=\p{Ll}+n(?!\p{L}|\s+\p{Lu}))/gu, ' ');
};
