import { formatMoment } from '../format.ts';
import type { ReminderResult } from '../results.ts';
import { describeCron } from '../time/recurrence.ts';
import type { Utterance } from '../utterance.ts';

/** A reminder on one line; the same line for the same reminder, so that a later message can pick it. */
export const reminderLine = (
  { text, action, next, cron }: ReminderResult,
  { t, timeZone, language }: Utterance,
): string => {
  const due = next === null ? '–' : formatMoment(next, timeZone, language);
  const when = cron === undefined ? due : t.reminder.nextLine(describeCron(cron, t, language), due);
  const words = text.replace(/\s+/g, ' ');
  return action === 'ask' ? t.reminder.lineAsk(words, when) : t.reminder.line(words, when);
};
