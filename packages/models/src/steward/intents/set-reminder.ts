import { formatMoment } from '../format.ts';
import { callPlan, type Intent, type Plan, sayPlan } from '../plan.ts';
import { draftOfAnswer } from '../reminder/answer.ts';
import { type Draft, draftOfCommand, missingIn } from '../reminder/draft.ts';
import { type ReminderResult, readResult, resultShapes } from '../results.ts';
import { describeCron } from '../time/recurrence.ts';
import { wallNow, wallText } from '../time/wall.ts';
import type { When } from '../time/when.ts';
import type { Utterance } from '../utterance.ts';

export const setReminder: Intent = {
  id: 'set-reminder',
  kind: 'write',
  match: async (utterance, isCommand) => {
    const draft = await draftOfCommand(utterance, isCommand);
    return draft === null ? null : planOf(draft, utterance);
  },
};

/** The answer to a question that the steward asked about a reminder. */
export const answerReminder: Intent = {
  id: 'answer-reminder',
  kind: 'write',
  match: async (utterance, isCommand) => {
    const draft = await draftOfAnswer(utterance, isCommand);
    return draft === null ? null : planOf(draft, utterance);
  },
};

const planOf = ({ text, when, action }: Draft, utterance: Utterance): Plan => {
  const { t } = utterance;
  if (when === 'unsayable') return sayPlan(`${t.reminder.unsayable} ${t.reminder.askWhen}`);
  const missing = missingIn({ text, when, action });
  if (missing !== null) return sayPlan(t.reminder[missing]);
  if (when?.kind === 'at' && isPast(when, utterance)) return sayPlan(t.reminder.past);
  return callPlan(
    'set_reminder',
    { text, action, ...timeArgs(when!) },
    (result) => confirm(readResult(result, resultShapes.reminder), utterance),
    (result) => t.reminder.failed(result.text.slice(0, 300)),
  );
};

const isPast = (when: Extract<When, { kind: 'at' }>, { now, timeZone }: Utterance): boolean =>
  when.instant === null ? when.wall <= wallNow(now, timeZone) : when.instant <= now;

const timeArgs = (when: When): Record<string, string | number> => {
  if (when.kind === 'in') return { inSeconds: when.seconds };
  if (when.kind === 'cron') return { cron: when.cron };
  if (when.kind === 'at' && when.instant !== null) return { at: new Date(when.instant).toISOString() };
  return 'wall' in when ? { at: wallText(when.wall) } : {};
};

const confirm = (
  { text, action, next, cron }: ReminderResult,
  { t, timeZone, language }: Utterance,
): string => {
  const due = next === null ? '–' : formatMoment(next, timeZone, language);
  if (cron === undefined) return action === 'ask' ? t.reminder.setAsk(due, text) : t.reminder.set(due, text);
  const rhythm = describeCron(cron, t, language);
  return action === 'ask' ? t.reminder.setCronAsk(rhythm, text, due) : t.reminder.setCron(rhythm, text, due);
};
