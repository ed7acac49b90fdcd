import { firstMatch, phrase } from '../phrase.ts';
import { callPlan, type Intent } from '../plan.ts';
import { reminderLine } from '../reminder/line.ts';
import { readResult, resultShapes } from '../results.ts';

const patterns = [
  phrase`^(?:list|show|see|view)(?: me)?(?: all)?(?: of)?(?: the| my)? (?:reminders?|schedules?|alarms?|timers?)$`,
  phrase`^(?:all |the )?(?:my )?(?:reminders|schedules|alarms|timers)$`,
  phrase`^(?:what|which)(?: are)?(?: my| the)? (?:reminders|schedules|alarms|timers)(?: (?:do i have|have i set|are (?:there|set|due|active)|exist))?$`,
  phrase`^(?:do i have|are there) (?:any )?(?:reminders|schedules|alarms|timers)$`,
  phrase`^what (?:will you|are you going to) remind me (?:of|about)$`,
  phrase`^(?:zeige?|liste|nenne?)(?: mir)?(?: bitte)?(?: alle)?(?: meine| die)? (?:erinnerung(?:en)?|zeitpläne|termine|wecker|timer)(?: auf| an)?$`,
  phrase`^(?:alle )?meine (?:erinnerungen|zeitpläne|wecker|timer)$`,
  phrase`^erinnerungen(?: auflisten| anzeigen| zeigen)?$`,
  phrase`^(?:welche|was für) (?:erinnerungen|zeitpläne|wecker|timer)(?: (?:habe ich|hab ich|gibt es|sind (?:gesetzt|aktiv|eingerichtet)))(?: noch)?$`,
  phrase`^(?:habe ich|gibt es)(?: noch)?(?: irgendwelche)? (?:erinnerungen|zeitpläne|wecker|timer)$`,
  phrase`^woran (?:erinnerst du mich|wirst du mich erinnern)(?: noch)?$`,
];

export const listReminders: Intent = {
  id: 'list-reminders',
  kind: 'read',
  match: (utterance) => {
    const { t, text } = utterance;
    if (firstMatch(patterns, text) === null) return null;
    return callPlan('list_reminders', {}, (result) => {
      const { reminders } = readResult(result, resultShapes.reminders);
      if (reminders.length === 0) return t.reminder.none;
      return [t.reminder.list, ...reminders.map((reminder) => `- ${reminderLine(reminder, utterance)}`)].join(
        '\n',
      );
    });
  },
};
