import { z } from 'zod';
import { timeSchema } from './nouns.ts';

export const budgetSubjectSchema = z
  .enum(['tenant', 'user', 'agent', 'session', 'schedule'])
  .describe('Whose spending it bounds. schedule = everything that runs by itself.');

export const budgetSchema = z.object({
  id: z.string(),
  subject: budgetSubjectSchema,
  subjectId: z.string().describe('An id, or * for each of them on its own.'),
  period: z
    .enum(['day', 'week', 'month'])
    .describe('In the time zone of the configuration; weeks begin on Monday.'),
  unit: z.enum(['usd', 'tokens']),
  amount: z.number().nonnegative(),
});
export type Budget = z.infer<typeof budgetSchema>;

/** How a budget stands for one subject. */
export const budgetStateSchema = budgetSchema.extend({
  setFor: z
    .string()
    .describe('Whom it was set for: an id, or * for each. subjectId is whom this line is about.'),
  spent: z.number().nonnegative(),
  reserved: z.number().nonnegative().describe('Held by calls that are under way.'),
  resetsAt: timeSchema,
  state: z.enum(['ok', 'warning', 'critical', 'used-up']).describe('warning from 80 %, critical from 95 %.'),
});
export type BudgetState = z.infer<typeof budgetStateSchema>;

export const budgetInputSchema = budgetSchema
  .omit({ id: true })
  .extend({ subjectId: z.string().min(1).max(200).default('*') });
export type BudgetInput = z.input<typeof budgetInputSchema>;
