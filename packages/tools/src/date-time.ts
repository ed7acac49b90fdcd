import { failedOutput, jsonOutput, type Tool, type ToolContext, type ToolOutput } from '@reeve/core';
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { readMoment, zonedAt } from './time/local-time.ts';
import { zoneOr } from './time/resolve-zone.ts';

const input = z.object({
  op: z.enum(['now', 'difference', 'weekday', 'convert']).default('now'),
  date: z.string().max(40).optional().describe('ISO local date or time; now if absent'),
  to: z.string().max(40).optional().describe('End of the difference'),
  timeZone: z.string().max(60).optional().describe("IANA zone or city; the user's if absent"),
  toTimeZone: z.string().max(60).optional(),
});
type Input = z.infer<typeof input>;

export const createDateTime = (): Tool =>
  defineTool({
    name: 'date_time',
    description:
      'Current date and time anywhere, days between dates, weekday of a date, a time in another zone.',
    input,
    risk: 'low',
    level: 'read-only',
    effect: 'idempotent',
    async execute(request, ctx) {
      const zone = zoneOr(request.timeZone, ctx.timeZone);
      return zone.ok ? answer(request, zone.timeZone, ctx) : failedOutput(zone.reason);
    },
  });

const answer = (request: Input, timeZone: string, ctx: ToolContext): ToolOutput => {
  const now = zonedAt(ctx.now, timeZone);
  if (request.op === 'now') return jsonOutput(moment(now));
  const start =
    request.date === undefined ? { at: now, hasTime: true } : readMoment(request.date, timeZone, ctx.now);
  if (start === null) return failedOutput(`“${request.date}” is not an ISO date or time.`);
  if (request.op === 'weekday') return jsonOutput(day(start.at.toPlainDate()));

  if (request.op === 'convert') {
    const target = zoneOr(request.toTimeZone, ctx.timeZone);
    if (!target.ok) return failedOutput(target.reason);
    return jsonOutput({ from: moment(start.at), to: moment(start.at.withTimeZone(target.timeZone)) });
  }

  const end =
    request.to === undefined ? { at: now, hasTime: false } : readMoment(request.to, timeZone, ctx.now);
  if (end === null) return failedOutput(`“${request.to}” is not an ISO date or time.`);
  return jsonOutput({
    from: start.at.toPlainDate().toString(),
    to: end.at.toPlainDate().toString(),
    days: start.at.toPlainDate().until(end.at.toPlainDate()).days,
    hours: start.hasTime && end.hasTime ? Number(start.at.until(end.at).total('hours').toFixed(2)) : null,
  });
};

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const day = (date: Temporal.PlainDate) => ({
  date: date.toString(),
  weekday: weekdays[date.dayOfWeek - 1]!,
  isoWeek: date.weekOfYear ?? null,
});

const moment = (at: Temporal.ZonedDateTime) => ({
  ...day(at.toPlainDate()),
  time: at.toPlainTime().toString({ smallestUnit: 'minute' }),
  timeZone: at.timeZoneId,
  utcOffset: at.offset,
});
