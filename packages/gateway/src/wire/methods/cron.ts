import type { Reminder } from '@reeve/core';
import { mainAgent } from '@reeve/core';
import { FaultError, type Json } from '@reeve/protocol';
import { type CronSchedule, cronAddSchema, cronRemoveSchema, noParamsSchema } from '@reeve/protocol/wire';
import type { z } from 'zod';
import { type Call, defineMethod } from '../method.ts';
import { mainKey } from '../names.ts';
import { nameSession } from './sessions-of.ts';
import { callTool } from './tool-call.ts';

/** A job in OpenClaw's form. A reminder has no name of its own: its text begins it. */
const present = (reminder: Reminder, sessionKey: string): object => ({
  id: reminder.id,
  agentId: mainAgent,
  sessionKey,
  name: reminder.text.split('\n')[0]!.slice(0, 60),
  enabled: reminder.nextAt !== null,
  deleteAfterRun: reminder.when.kind === 'once',
  createdAtMs: reminder.createdAt,
  updatedAtMs: reminder.createdAt,
  schedule:
    reminder.when.kind === 'once'
      ? { kind: 'at', at: new Date(reminder.when.at).toISOString() }
      : { kind: 'cron', expr: reminder.when.cron, tz: reminder.when.timeZone },
  sessionTarget: `session:${sessionKey}`,
  wakeMode: 'now',
  payload:
    reminder.action === 'ask'
      ? { kind: 'agentTurn', message: reminder.text }
      : { kind: 'systemEvent', text: reminder.text },
  state: { ...(reminder.nextAt !== null && { nextRunAtMs: reminder.nextAt }) },
});

const list = async (call: Call): Promise<object> => {
  const reminders = await call.services.core.reminders.list(call.actor);
  const jobs = await Promise.all(
    reminders.map(async (reminder) =>
      present(reminder, await call.names.keyOf(call.actor, reminder.sessionId)),
    ),
  );
  return { jobs, total: jobs.length, offset: 0, limit: jobs.length, hasMore: false, nextOffset: null };
};

const status = async (call: Call): Promise<object> => {
  const reminders = await call.services.core.reminders.list(call.actor);
  const nextAt = Math.min(...reminders.map(({ nextAt }) => nextAt ?? Number.POSITIVE_INFINITY));
  return { enabled: true, jobs: reminders.length, nextWakeAtMs: Number.isFinite(nextAt) ? nextAt : null };
};

/** Cron's five fields for an interval that divides the hour or the day; no other keeps its step in cron. */
const cronEvery = (seconds: number): string => {
  const minutes = seconds / 60;
  if (Number.isInteger(minutes) && minutes < 60 && 60 % minutes === 0) return `*/${minutes} * * * *`;
  const hours = minutes / 60;
  if (hours === 24) return '0 0 * * *';
  if (Number.isInteger(hours) && 24 % hours === 0) return `0 */${hours} * * *`;
  throw new FaultError('UNSUPPORTED', 'Reeve repeats at intervals that divide an hour or a day, in minutes.');
};

const zoneOf = ({ tz, timezone }: { tz?: string | undefined; timezone?: string | undefined }) => {
  const timeZone = tz ?? timezone;
  return timeZone === undefined ? {} : { timeZone };
};

/** When, in the words of the tool that sets reminders. */
const whenOf = (schedule: CronSchedule, now: number): { [key: string]: Json } => {
  switch (schedule.kind) {
    case 'once':
    case 'at': {
      const at = /^\d+$/.test(schedule.at) ? Number(schedule.at) : Date.parse(schedule.at);
      // A time without an offset is a time where the owner lives: the tool knows where.
      if (!/(Z|[+-]\d\d:?\d\d)$|^\d+$/i.test(schedule.at)) return { at: schedule.at };
      if (!Number.isFinite(at)) throw new FaultError('INVALID_PARAMS', 'schedule.at is not a time.');
      if (at <= now) throw new FaultError('INVALID_PARAMS', 'That time has passed already.');
      return { inSeconds: Math.ceil((at - now) / 1000) };
    }
    case 'interval':
      return { cron: cronEvery(schedule.every_secs) };
    case 'every':
      return { cron: cronEvery(schedule.everyMs / 1000) };
    case 'daily':
      return { cron: `${schedule.minute} ${schedule.hour} * * *`, ...zoneOf(schedule) };
    case 'weekly':
      return {
        cron: `${schedule.minute} ${schedule.hour} * * ${(schedule.day + 1) % 7}`,
        ...zoneOf(schedule),
      };
    case 'cron': {
      const cron = schedule.expr ?? schedule.expression;
      if (cron === undefined) throw new FaultError('INVALID_PARAMS', 'schedule.expr is missing.');
      return { cron, ...zoneOf(schedule) };
    }
  }
};

const add = async (call: Call, params: z.output<typeof cronAddSchema>): Promise<object> => {
  const { action, payload } = params;
  const isSaid = payload?.kind === 'systemEvent';
  const prompt = typeof action === 'object' ? ('message' in action ? action.message : action.prompt) : action;
  const text = isSaid ? payload.text : (payload?.message ?? prompt ?? params.name);
  const where = await nameSession(call, params.sessionKey ?? params.session_key ?? mainKey);
  const made = (await callTool(call, where, 'set_reminder', {
    text,
    action: isSaid ? 'say' : 'ask',
    ...whenOf(params.schedule, call.clock.now()),
  })) as { id: string };
  const reminders = await call.services.core.reminders.list(call.actor);
  const reminder = reminders.find(({ id }) => id === made.id);
  if (!reminder) throw new FaultError('NOT_FOUND', 'The reminder is over already.');
  const job = present(reminder, where.key);
  return { ...job, job };
};

const remove = async (call: Call, params: z.output<typeof cronRemoveSchema>): Promise<object> => {
  const id = 'id' in params ? params.id : params.jobId;
  const reminder = (await call.services.core.reminders.list(call.actor)).find((one) => one.id === id);
  if (!reminder) throw new FaultError('NOT_FOUND', 'There is no such job.');
  const where = await nameSession(call, await call.names.keyOf(call.actor, reminder.sessionId));
  const { cancelled } = (await callTool(call, where, 'cancel_reminder', { id })) as { cancelled: boolean };
  if (!cancelled) throw new FaultError('NOT_FOUND', 'There is no such job.');
  return { ok: true, removed: true };
};

export const cronMethods = [
  defineMethod({ name: 'cron.list', scope: 'operator.read', params: noParamsSchema, handle: list }),
  defineMethod({ name: 'cron.status', scope: 'operator.read', params: noParamsSchema, handle: status }),
  defineMethod({ name: 'cron.add', scope: 'operator.admin', params: cronAddSchema, handle: add }),
  defineMethod({
    name: 'cron.remove',
    aliases: ['cron.delete'],
    scope: 'operator.admin',
    params: cronRemoveSchema,
    handle: remove,
  }),
];
