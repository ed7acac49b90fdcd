import { z } from 'zod';
import { queueModeSchema, thinkingLevelSchema } from '../nouns.ts';

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/** The steward, and how it asks its models. */
export const agentConfigSchema = z
  .strictObject({
    name: z.string().min(1).default('Reeve').describe('How the steward calls itself.'),
    model: z.string().default('').describe('Default model as provider/model; empty lets Reeve choose.'),
    fallbacks: z
      .array(z.string())
      .default([])
      .describe('Models to try next, in order, before the built-in steward.'),
    routing: z
      .enum(['ordered', 'cost', 'quality'])
      .default('ordered')
      .describe(
        'Which of model and fallbacks is asked first: ordered = as written, cost = the cheapest, quality = the best one that fits the request.',
      ),
    language: z
      .enum(['auto', 'en', 'de'])
      .default('auto')
      .describe('Language of the built-in steward; auto answers in the language of the message.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin')
      .default(Intl.DateTimeFormat().resolvedOptions().timeZone)
      .describe('IANA time zone for dates, reminders and schedules.'),
    queueMode: queueModeSchema.default('queue').describe('What a message does while its session is busy.'),
    maxSteps: z
      .number()
      .int()
      .min(1)
      .max(50)
      .default(25)
      .describe('Model calls per run; the last one gets no tools, so that it answers.'),
    temperature: z
      .number()
      .min(0)
      .max(2)
      .optional()
      .describe('Sampling temperature; unset leaves it to the model.'),
    maxOutputTokens: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('Upper bound of one answer, in tokens; unset leaves it to the model.'),
    topP: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe(
        'Nucleus sampling: share of the probability that is drawn from; unset leaves it to the model.',
      ),
    thinking: thinkingLevelSchema
      .optional()
      .describe('How much a model thinks before it answers; unset leaves it to the model.'),
  })
  .prefault({});

/** Which models there are. */
export const modelsConfigSchema = z
  .strictObject({
    allow: z
      .array(z.string())
      .default([])
      .describe('Models that may be used, as provider/model with * as wildcard; empty = all.'),
    deny: z
      .array(z.string())
      .default([])
      .describe('Models that may not be used, as provider/model with * as wildcard; stronger than allow.'),
    discover: z
      .boolean()
      .default(true)
      .describe(
        'Look for keys in the environment and for model servers on the usual ports of this machine at start.',
      ),
  })
  .prefault({});
