import { jsonSchema } from '@reeve/protocol';
import { z } from 'zod';
import type { Tool } from '../ports/tool.ts';

const input = z.object({
  steps: z
    .array(
      z.object({
        tool: z.string().min(1),
        args: jsonSchema,
        why: z.string().max(200).optional(),
      }),
    )
    .min(1)
    .max(20),
});

/**
 * Lets a model say beforehand what it is going to do (F052): the gate asks about all steps that need it as one
 * question, and a yes is good for exactly these calls, once each, in the same run.
 */
export const createSubmitPlan = (): Tool<z.infer<typeof input>> => ({
  name: 'submit_plan',
  description:
    'Submit the exact calls you are about to make, when several of them need permission: the person allows or refuses them together.',
  input,
  risk: 'low',
  level: 'read-only',
  effect: 'idempotent',
  plans: ({ steps }) => steps.map(({ tool, args }) => ({ tool, args })),
  execute: async ({ steps }) => ({
    text: `The plan stands. Make its ${steps.length} call${steps.length === 1 ? '' : 's'} now, exactly as submitted.`,
  }),
});
