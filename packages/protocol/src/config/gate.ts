import { z } from 'zod';
import type { Risk } from '../nouns.ts';
import { riskRuleSchema } from '../risk-rules.ts';

const limitPerMinute = (standard: number, what: string) =>
  z.number().int().min(0).default(standard).describe(`${what} in a minute; 0 = as many as come.`);

const attendedSeconds = (risk: Risk, standard: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(standard)
    .describe(`Seconds that a question of ${risk} risk waits while somebody is there.`);

/** Which policies hold. */
export const policyConfigSchema = z
  .strictObject({
    profile: z
      .enum(['household', 'production', 'locked'])
      .default('household')
      .describe(
        'Which of the policies that come with Reeve say what may be: household = trust and ask before what is hard to undo, production = ask before every change, locked = nothing acts without an admin.',
      ),
  })
  .prefault({});

/** How often. */
export const ratesConfigSchema = z
  .strictObject({
    requestsPerMinute: limitPerMinute(1_200, 'Requests of one person'),
    addressRequestsPerMinute: limitPerMinute(3_000, 'Requests from one address'),
    messagesPerMinute: limitPerMinute(60, 'Messages of one person'),
    channelMessagesPerMinute: limitPerMinute(240, 'Messages on one channel'),
    toolCallsPerMinute: limitPerMinute(120, 'Tool calls of one person'),
    tools: z
      .record(
        z.string(),
        z
          .number()
          .int()
          .min(0)
          .describe('Calls of this tool by one person in a minute; 0 = as many as come.'),
      )
      .default({})
      .describe('Calls a minute of single tools, by one person.'),
    methods: z
      .record(
        z.string(),
        z
          .number()
          .int()
          .min(0)
          .describe('Requests to this method of the API by one person in a minute; 0 = as many as come.'),
      )
      .default({})
      .describe('Requests a minute to single methods of the API, such as chat.send, by one person.'),
  })
  .prefault({});

/** How long what happened is kept. */
export const auditConfigSchema = z
  .strictObject({
    retentionDays: z
      .number()
      .int()
      .min(0)
      .max(36_500)
      .default(90)
      .describe('Days that the audit is kept; 0 = for ever. What is held by `reeve audit hold` stays.'),
  })
  .prefault({});

/** What is asked about, and how long a question waits. */
export const approvalsConfigSchema = z
  .strictObject({
    attendedSeconds: z
      .strictObject({
        low: attendedSeconds('low', 10),
        medium: attendedSeconds('medium', 15),
        high: attendedSeconds('high', 30),
        critical: attendedSeconds('critical', 60),
      })
      .prefault({})
      .describe('Seconds that somebody who is there has for an answer, by risk. No answer means no.'),
    unattendedDays: z
      .number()
      .min(0.01)
      .max(365)
      .default(3)
      .describe('Days that a question waits when nobody is there: from a schedule, or after you went away.'),
    sessionMinutes: z
      .number()
      .int()
      .min(1)
      .max(1440)
      .default(60)
      .describe('Minutes that the answer "for this session" holds.'),
    rules: z
      .record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/), riskRuleSchema)
      .default({})
      .describe('Rules of your own about what is risky, by name; a table each.'),
  })
  .prefault({});
