import { z } from 'zod';

const id = z.string().min(1).max(200);

export const approvalRefSchema = z.object({ id });

/**
 * `reason` is Reeve's own: critical calls are allowed only with one. Who answers is whoever is signed in, whatever
 * `reviewer` says.
 */
export const approvalResolveSchema = z.object({
  id,
  decision: z.enum(['allow-once', 'allow-always', 'deny']),
  reason: z.string().max(4_000).default(''),
  grantExpiresInDays: z.number().int().positive().optional(),
});
