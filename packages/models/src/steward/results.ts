import { z } from 'zod';
import type { ToolResult } from './conversation.ts';

/** The parts of the tools' JSON results that are put into words. */
const fact = z.object({ id: z.string(), text: z.string(), rememberedAt: z.string() });
const reminder = z.object({
  id: z.string(),
  text: z.string(),
  action: z.enum(['say', 'ask']),
  next: z.string().nullable(),
  cron: z.string().optional(),
});
const day = z.object({ date: z.string(), isoWeek: z.number().nullable() });
const moment = day.extend({ time: z.string() });

export type FactResult = z.infer<typeof fact>;
export type ReminderResult = z.infer<typeof reminder>;

export const resultShapes = {
  fact,
  facts: z.object({ facts: z.array(fact) }),
  forgotten: z.object({ forgotten: z.boolean() }),
  calculated: z.object({ result: z.string() }),
  converted: z.object({ result: z.number() }),
  day,
  moment,
  moments: z.object({ from: moment, to: moment }),
  difference: z.object({ from: z.string(), to: z.string(), days: z.number() }),
  reminder,
  reminders: z.object({ reminders: z.array(reminder) }),
  cancelled: z.object({ cancelled: z.boolean() }),
  passages: z.object({
    passages: z.array(z.object({ title: z.string(), path: z.string(), text: z.string() })),
  }),
};

/** A result that does not have the shape its tool promises; the answer then says that it cannot be read. */
export class UnreadableResult extends Error {}

export const readResult = <T>(result: ToolResult, shape: z.ZodType<T>): T => {
  let value: unknown;
  try {
    value = JSON.parse(result.text);
  } catch {
    throw new UnreadableResult(result.name);
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw new UnreadableResult(result.name);
  return parsed.data;
};
