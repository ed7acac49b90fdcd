import type { Reminder } from '@reeve/core';
import { isoIn } from './time/local-time.ts';

/** A reminder as the tools show it; `next` is local time with offset, null when nothing is due any more. */
export const reminderView = (reminder: Reminder, timeZone: string) => {
  const zone = reminder.when.kind === 'cron' ? reminder.when.timeZone : timeZone;
  return {
    id: reminder.id,
    text: reminder.text,
    action: reminder.action,
    next: reminder.nextAt === null ? null : isoIn(reminder.nextAt, zone),
    ...(reminder.when.kind === 'cron' ? { cron: reminder.when.cron, timeZone: zone } : {}),
  };
};
