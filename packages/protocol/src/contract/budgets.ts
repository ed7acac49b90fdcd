import { oc } from '@orpc/contract';
import { z } from 'zod';
import { budgetInputSchema, budgetSchema, budgetStateSchema } from '../budgets.ts';

const tags = ['budgets'];

/** What may be spent, and what was. */
export const budgetContract = {
  budgets: {
    list: oc
      .route({ method: 'GET', path: '/api/budgets', tags, summary: 'All budgets, and how they stand' })
      .output(z.object({ budgets: z.array(budgetStateSchema) })),
    mine: oc
      .route({ method: 'GET', path: '/api/budgets/mine', tags, summary: 'The budgets that bound you' })
      .input(z.object({ sessionId: z.string().optional() }))
      .output(z.object({ budgets: z.array(budgetStateSchema) })),
    set: oc
      .route({
        method: 'PUT',
        path: '/api/budgets',
        tags,
        summary: 'Set a budget; another of the same subject, period and unit is replaced',
      })
      .input(budgetInputSchema)
      .output(budgetSchema),
    remove: oc
      .route({ method: 'DELETE', path: '/api/budgets/{id}', tags, summary: 'Remove a budget' })
      .input(z.object({ id: z.string() }))
      .output(z.object({ ok: z.literal(true) })),
  },
};
