import type { Actor } from '../gate/actor.ts';

export type ReminderWhen = { kind: 'once'; at: number } | { kind: 'cron'; cron: string; timeZone: string };

/** say = post the text; ask = run the text as a message of the schedule, so that the answer is fresh. */
export type ReminderAction = 'say' | 'ask';

export interface Reminder {
  id: string;
  sessionId: string;
  text: string;
  action: ReminderAction;
  when: ReminderWhen;
  /** Unix ms; null when nothing is due any more. */
  nextAt: number | null;
  createdAt: number;
}

/** Reminders and schedules on the engine's durable timers. Throws FaultError INVALID_PARAMS for a time that never comes or a cron text that does not parse. */
export interface Reminders {
  /** A known key returns the reminder that is there already. */
  add(
    actor: Actor,
    reminder: { sessionId: string; text: string; action: ReminderAction; when: ReminderWhen; key: string },
  ): Promise<Reminder>;
  /** Those still to come, the next first. */
  list(actor: Actor): Promise<Reminder[]>;
  cancel(actor: Actor, id: string): Promise<boolean>;
}
