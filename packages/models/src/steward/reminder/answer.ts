import type { Turn } from '../conversation.ts';
import { inAll } from '../texts/index.ts';
import { normalise } from '../time/dates.ts';
import { readTimeOfDay } from '../time/recurrence.ts';
import { dayMs, hourMs } from '../time/wall.ts';
import { takeWhen } from '../time/when.ts';
import { createUtterance, type Setting, tidy, type Utterance } from '../utterance.ts';
import { cleanText } from './clean-text.ts';
import { type Draft, draftOfCommand, type IsCommand, type Missing, missingIn } from './draft.ts';

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
    const draft =
      (await draftOfCommand(earlier, isCommand)) ??
      (start === 0 ? await draftOfAnswer(earlier, isCommand) : null);
    if (draft !== null && missingIn(draft) !== null) return complete(draft, asked, utterance, isCommand);
  }
  return null;
};

const questionIn = ({ assistant }: Turn): Missing | null =>
  (['askWhen', 'askTime', 'askText'] as const).find((key) =>
    inAll((t) => t.reminder[key]).some((question) => assistant.trimEnd().endsWith(question)),
  ) ?? null;

const complete = async (
  draft: Draft,
  asked: Missing,
  utterance: Utterance,
  isCommand: IsCommand,
): Promise<Draft | null> => {
  const { text } = utterance;
  if (asked === 'askText')
    return text === '' || (await isCommand(text)) ? null : { ...draft, text: cleanText(text) };
  const time = timeOfDay(text, utterance);
  if (time !== null && draft.when !== null && draft.when !== 'unsayable') {
    if (draft.when.kind === 'day') {
      const wall = draft.when.wall - (draft.when.wall % dayMs) + time.hour * hourMs + time.minute * 60_000;
      return { ...draft, when: { kind: 'at', wall, instant: null } };
    }
    if (draft.when.kind === 'days')
      return { ...draft, when: { kind: 'cron', cron: `${time.minute} ${time.hour} ${draft.when.days}` } };
  }
  const timed = await takeWhen(/^\d{1,2}(?::\d\d)?$/.test(text) ? `at ${text}` : text, utterance);
  if (timed === 'unsayable') return { ...draft, when: timed };
  return timed.when !== null && cleanText(timed.rest) === '' ? { ...draft, when: timed.when } : null;
};

const timeOfDay = (text: string, utterance: Utterance) =>
  readTimeOfDay(normalise(text, utterance)) ?? readTimeOfDay(normalise(`at ${text}`, utterance));
