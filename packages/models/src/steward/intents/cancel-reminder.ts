import { askWhich, pickedLine } from '../ambiguity.ts';
import { firstMatch, phrase } from '../phrase.ts';
import { call, type Intent, type Plan, say, sayPlan } from '../plan.ts';
import { reminderLine } from '../reminder/line.ts';
import { type ReminderResult, readResult, resultShapes } from '../results.ts';
import { inAll } from '../texts/index.ts';
import type { Utterance } from '../utterance.ts';
import { contentWords, coverage } from '../words.ts';

const patterns = [
  phrase`^(?:cancel|delete|remove|stop|drop|turn off|clear)(?: the| my| that| a)? (?:reminder|schedule|alarm|timer)(?: (?:to|for|about|of|that|called|named|at|with))?\s*[:,]?\s*(?<about>.*)$`,
  phrase`^(?:cancel|delete|remove|stop|drop|clear)(?: the| my| that)? (?<about>.+) (?:reminder|schedule|alarm|timer)$`,
  phrase`^(?:cancel|delete|remove|stop|clear) (?<all>all|every)(?: of)?(?: the| my)? (?:reminders?|schedules?|alarms?|timers?)$`,
  phrase`^(?:cancel|delete|remove|clear) (?<all>(?:the |my )?(?:reminders|schedules|alarms|timers))$`,
  phrase`^stop reminding me(?: (?:to|of|about|that))?\s*(?<about>.*)$`,
  phrase`^(?:lösche?|entferne?|storniere?|streiche?|stoppe?|beende?)(?: bitte)?(?: die| meine| den| meinen)? (?:erinnerung|zeitplan|wecker|timer)(?:,? (?:an|für|zu|zum|zur|daran|mit|um|von|dass)\b(?: den| die| das| dem)?)?\s*[:,]?\s*(?<about>.*)$`,
  phrase`^(?:sage?|stelle?|breche?|brich)(?: bitte)?(?: die| meine| den| meinen) (?:erinnerung|zeitplan|wecker|timer)(?:,? (?:an|für|zu|zum|zur|daran|mit|um))?\s*(?<about>.*?)\s*(?:ab|aus)$`,
  phrase`^die (?:erinnerung|wecker)(?: (?:an|für|zu|zum|zur|daran)\b)?\s*(?<about>.*?)\s*(?:löschen|absagen|stornieren|entfernen)$`,
  phrase`^(?:lösche?|entferne?|storniere?)(?: bitte)? (?<all>alle|die|meine)(?: meine)? (?:erinnerungen|zeitpläne|wecker|timer)$`,
  phrase`^erinnere? mich nicht mehr(?: (?:an|daran|dran))?\s*,?\s*(?<about>.*)$`,
];

/** Half of the words must be in the reminder. */
const least = 0.5;

/** Lists first, then cancels the one reminder that fits; asks when several fit equally. Never cancels more than one. */
export const cancelReminder: Intent = {
  id: 'cancel-reminder',
  kind: 'write',
  match: (utterance) => {
    const { t, text } = utterance;
    const line = pickedLine(
      text,
      utterance.earlier.at(-1),
      inAll((each) => each.reminder.which),
    );
    if (line !== null) {
      return listThenCancel(utterance, line, (all) =>
        all.filter((each) => reminderLine(each, utterance) === line).slice(0, 1),
      );
    }
    const groups = firstMatch(patterns, text);
    if (groups === null) return null;
    const about = groups['about']?.trim() ?? '';
    if (groups['all'] !== undefined) return sayPlan(t.reminder.notAll);
    return listThenCancel(utterance, about, (all) => fitting(all, about, utterance));
  },
};

const fitting = (
  all: readonly ReminderResult[],
  about: string,
  utterance: Utterance,
): readonly ReminderResult[] => {
  const exact = all.filter((each) => each.text.toLowerCase() === about.toLowerCase());
  if (exact.length > 0) return exact;
  const words = contentWords(about);
  if (words.length === 0) return all;
  const scored = all.map((each) => ({ each, score: coverage(words, reminderLine(each, utterance)) }));
  const best = Math.max(...scored.map(({ score }) => score), 0);
  return best < least ? [] : scored.filter(({ score }) => score === best).map(({ each }) => each);
};

const listThenCancel = (
  utterance: Utterance,
  about: string,
  choose: (all: readonly ReminderResult[]) => readonly ReminderResult[],
): Plan => ({
  next: ([listed, cancelled]) => {
    const { t } = utterance;
    if (listed === undefined) return call('list_reminders', {});
    const { reminders } = readResult(listed, resultShapes.reminders);
    const found = choose(reminders);
    const [reminder, ...more] = found;
    if (reminder === undefined)
      return say(reminders.length === 0 ? t.reminder.none : t.reminder.noneLike(about));
    if (more.length > 0) {
      const lines = found.map((each) => reminderLine(each, utterance));
      return say(askWhich(lines, t.reminder.which));
    }
    if (cancelled === undefined) return call('cancel_reminder', { id: reminder.id });
    const wasThere = readResult(cancelled, resultShapes.cancelled).cancelled;
    return say(wasThere ? t.reminder.cancelled(reminder.text) : t.reminder.notThere);
  },
});
