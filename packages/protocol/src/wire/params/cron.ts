import { z } from 'zod';
import { sessionKeySchema } from './common.ts';

const hour = z.number().int().min(0).max(23);
const minute = z.number().int().min(0).max(59);
const zone = { tz: z.string().max(60).optional(), timezone: z.string().max(60).optional() };
const expression = z.string().min(1).max(100);

/** Seed 1's kinds (F168) and OpenClaw's. */
export const cronScheduleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), at: z.string().max(40) }),
  z.object({ kind: z.literal('at'), at: z.string().max(40) }),
  z.object({ kind: z.literal('interval'), every_secs: z.number().int().min(60).max(86_400) }),
  z.object({ kind: z.literal('every'), everyMs: z.number().int().min(60_000).max(86_400_000) }),
  z.object({ kind: z.literal('daily'), hour, minute, ...zone }),
  z.object({
    kind: z.literal('weekly'),
    day: z.number().int().min(0).max(6).describe('0 = Monday'),
    hour,
    minute,
    ...zone,
  }),
  z.object({
    kind: z.literal('cron'),
    expression: expression.optional(),
    expr: expression.optional(),
    ...zone,
  }),
]);
export type CronSchedule = z.infer<typeof cronScheduleSchema>;

const text = z.string().trim().min(1).max(2000);

export const cronAddSchema = z.object({
  name: z.string().trim().min(1).max(200),
  schedule: cronScheduleSchema,
  sessionKey: sessionKeySchema.nullable().optional(),
  session_key: sessionKeySchema.optional(),
  /** Seed 1: the prompt to run. */
  action: z.union([text, z.object({ message: text }), z.object({ prompt: text })]).optional(),
  /** OpenClaw: a prompt to run, or a text to say. Commands and scripts are not run. */
  payload: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('agentTurn'), message: text }),
      z.object({ kind: z.literal('systemEvent'), text }),
    ])
    .optional(),
});

export const cronRemoveSchema = z.union([
  z.object({ id: z.string().min(1).max(100) }),
  z.object({ jobId: z.string().min(1).max(100) }),
]);
