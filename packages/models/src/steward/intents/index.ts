import type { Intent, Plan } from '../plan.ts';
import type { Utterance } from '../utterance.ts';
import { arithmetic } from './arithmetic.ts';
import { cancelReminder } from './cancel-reminder.ts';
import { convert } from './convert.ts';
import { dates } from './dates.ts';
import { fallback } from './fallback.ts';
import { forget } from './forget.ts';
import { listReminders } from './list-reminders.ts';
import { docs, question } from './question.ts';
import { recall } from './recall.ts';
import { listFacts, remember } from './remember.ts';
import { runTool } from './run-tool.ts';
import { answerReminder, setReminder } from './set-reminder.ts';
import { smallTalk } from './small-talk.ts';
import { timeZone } from './time-zone.ts';

/**
 * What the steward understands, first match wins. A new kind of utterance is a new file with an Intent, a line here,
 * its words in texts/, and rows in the tables of the tests.
 */
const intents: readonly Intent[] = [
  smallTalk,
  answerReminder,
  runTool,
  listReminders,
  cancelReminder,
  remember,
  setReminder,
  listFacts,
  forget,
  convert,
  timeZone,
  dates,
  arithmetic,
  recall,
  docs,
  question,
];

export const findPlan = async (
  utterance: Utterance,
  isCommand: (text: string) => Promise<boolean>,
): Promise<{ plan: Plan; kind: Intent['kind'] }> => {
  for (const intent of [...intents, fallback]) {
    const plan = await intent.match(utterance, isCommand);
    if (plan !== null) return { plan, kind: intent.kind };
  }
  throw new Error('The fallback always fits.');
};
