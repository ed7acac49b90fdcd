import { oc } from '@orpc/contract';
import { z } from 'zod';
import { jsonSchema, timeSchema } from '../nouns.ts';

const tags = ['audit'];

export const auditRecordSchema = z.object({
  seq: z.number().int().positive(),
  at: timeSchema,
  actor: z.string().nullable(),
  type: z.string(),
  outcome: z.string().optional(),
  target: z.string().optional(),
  sessionId: z.string().optional(),
  correlationId: z.string().optional(),
  channel: z.string().optional(),
  address: z.string().optional(),
  durationMs: z.number().optional(),
  data: z.record(z.string(), jsonSchema).optional(),
  hash: z.string(),
});
export type AuditRow = z.infer<typeof auditRecordSchema>;

/** The filters of F215. */
const auditFilter = {
  type: z
    .string()
    .max(100)
    .optional()
    .describe('Type, or the part before its dot: tool, auth, approval, policy, secret …'),
  outcome: z.string().max(100).optional().describe('ok, failed, denied, allow, approved …'),
  actor: z.string().max(200).optional(),
  target: z.string().max(500).optional().describe('A tool, a person, a secret, a policy.'),
  sessionId: z.string().max(200).optional(),
  correlationId: z.string().max(200).optional().describe('A run or a request.'),
  hours: z.coerce.number().positive().max(87_600).optional().describe('Only the last hours.'),
};

/** The security view: what was done, by whom, on whose word. */
export const auditContract = {
  audit: {
    list: oc
      .route({ method: 'GET', path: '/api/audit', tags, summary: 'Entries, the newest first' })
      .input(
        z.object({
          ...auditFilter,
          before: z.coerce
            .number()
            .int()
            .positive()
            .optional()
            .describe('For the next page: the last seq you got.'),
          limit: z.coerce.number().int().min(1).max(1_000).default(100),
        }),
      )
      .output(z.object({ entries: z.array(auditRecordSchema) })),
    stats: oc
      .route({ method: 'GET', path: '/api/audit/stats', tags, summary: 'How much of what' })
      .input(z.object({ hours: auditFilter.hours }))
      .output(
        z.object({
          entries: z.number().int(),
          from: z.number().int(),
          to: z.number().int(),
          byType: z.array(z.object({ type: z.string(), outcome: z.string(), count: z.number().int() })),
          hold: z
            .object({ at: timeSchema, by: z.string().nullable(), reason: z.string() })
            .nullable()
            .describe('That everything is kept whatever the retention says: since when, by whom and why.'),
        }),
      ),
    verify: oc
      .route({ method: 'POST', path: '/api/audit/verify', tags, summary: 'Whether anything was changed' })
      .output(
        z.object({
          isIntact: z.boolean(),
          entries: z.number().int(),
          from: z.number().int(),
          to: z.number().int(),
          checkpoints: z.number().int(),
          key: z.string().describe('Fingerprint of the key of the signatures.'),
          problems: z.array(z.object({ kind: z.string(), seq: z.number().int(), message: z.string() })),
        }),
      ),
    export: oc
      .route({
        method: 'GET',
        path: '/api/audit/export',
        tags,
        summary: 'Entries as a file',
        description:
          'json and csv hold what the filters let through. A bundle holds the whole chain with its checkpoints and the public key, signed, so that somebody else can verify it. A long file comes in pieces: ask again with `next` as `cursor` until it is null; the pieces in order are the file.',
      })
      .input(
        z.object({
          ...auditFilter,
          format: z.enum(['json', 'csv', 'bundle']).default('json'),
          cursor: z
            .string()
            .regex(/^\d{1,15}(-\d{1,15})?$/)
            .optional(),
        }),
      )
      .output(
        z.object({
          filename: z.string(),
          mediaType: z.string(),
          content: z.string(),
          next: z.string().nullable(),
        }),
      ),
    hold: oc
      .route({
        method: 'PUT',
        path: '/api/audit/hold',
        tags,
        summary: 'Keep everything, whatever the retention says, until it is lifted',
      })
      .input(z.object({ isHeld: z.boolean(), reason: z.string().max(500).default('') }))
      .output(z.object({ isHeld: z.boolean() })),
  },
};
