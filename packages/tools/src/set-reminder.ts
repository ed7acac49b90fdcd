import {
  failedOutput,
  jsonOutput,
  type Reminders,
  type ReminderWhen,
  type Tool,
  type ToolContext,
} from '@reeve/core';
import { isFaultError } from '@reeve/protocol';
import { Cron } from 'croner';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { reminderView } from './reminder-view.ts';
import { readMoment } from './time/local-time.ts';
import { zoneOr } from './time/resolve-zone.ts';

/** Ten years. */
const maxSeconds = 315_576_000;

const input = z.object({
  text: z.string().trim().min(1).max(2000),
  action: z
    .enum(['say', 'ask'])
    .default('say')
    .describe('say posts text; ask runs text as a prompt when due'),
  at: z.string().max(40).optional().describe('ISO local date-time'),
  inSeconds: z.number().int().min(1).max(maxSeconds).optional(),
  cron: z.string().max(100).optional().describe('Five fields, for repeats'),
  timeZone: z.string().max(60).optional(),
});
type Input = z.infer<typeof input>;

export const createSetReminder = (reminders: Reminders): Tool =>
  defineTool({
    name: 'set_reminder',
    description: 'Set a reminder or a scheduled prompt. Give exactly one of at, inSeconds, cron.',
    input,
    risk: 'low',
    level: 'chat-safe',
    effect: 'keyed',
    async execute(request, ctx) {
      const zone = zoneOr(request.timeZone, ctx.timeZone);
      if (!zone.ok) return failedOutput(zone.reason);
      const when = readWhen(request, zone.timeZone, ctx);
      if (typeof when === 'string') return failedOutput(when);
      const { text, action } = request;
      try {
        const reminder = await reminders.add(ctx.actor, {
          sessionId: ctx.sessionId,
          text,
          action,
          when,
          key: ctx.key,
        });
        return jsonOutput(reminderView(reminder, zone.timeZone));
      } catch (error) {
        if (isFaultError(error)) return failedOutput(error.message);
        throw error;
      }
    },
  });

/** A string is the reason why there is no such time. */
const readWhen = (
  { at, inSeconds, cron }: Input,
  timeZone: string,
  ctx: ToolContext,
): ReminderWhen | string => {
  if ([at, inSeconds, cron].filter((value) => value !== undefined).length !== 1)
    return 'Give exactly one of at, inSeconds, cron.';
  if (inSeconds !== undefined) return { kind: 'once', at: ctx.now + inSeconds * 1000 };
  if (cron !== undefined) return readCron(cron.trim(), timeZone, ctx.now);
  const moment = readMoment(at!, timeZone, ctx.now);
  if (moment === null || !moment.hasTime)
    return `“${at}” is not an ISO local date-time such as 2026-05-03T09:00.`;
  const due = moment.at.epochMilliseconds;
  if (due <= ctx.now) return `${at} in ${timeZone} has passed.`;
  if (due > ctx.now + maxSeconds * 1000) return 'That is more than ten years away.';
  return { kind: 'once', at: due };
};

const readCron = (cron: string, timeZone: string, now: number): ReminderWhen | string => {
  if (cron.split(/\s+/).length !== 5) return 'cron takes five fields: minute, hour, day, month, weekday.';
  try {
    const next = new Cron(cron, { paused: true, timezone: timeZone }).nextRun(new Date(now));
    return next === null ? `“${cron}” never comes.` : { kind: 'cron', cron, timeZone };
  } catch {
    return `“${cron}” is not a cron text.`;
  }
};
