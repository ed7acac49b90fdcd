import { oc } from '@orpc/contract';
import { z } from 'zod';
import { timeSchema } from '../nouns.ts';

/** Letters, digits and `. _ -`: what may follow `secret:` in a handle. */
export const secretNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const secretNameSchema = z
  .string()
  .regex(secretNamePattern, 'must be letters, digits, dots, hyphens or underscores')
  .describe('Name of the secret.');

/** Longest value: a certificate chain with its key fits. */
const valueLimit = 65_536;
const valueSchema = z.string().min(1).max(valueLimit).describe('The value. No answer ever holds it.');

export const secretVerifyKinds = ['anthropic', 'openai', 'github', 'stripe', 'slack', 'aws', 'http'] as const;

/** How a new value is tried before it counts (F223). */
export const secretVerifySchema = z.object({
  kind: z.enum(secretVerifyKinds).describe('Whose call is made; http = a GET that must answer 2xx.'),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional()
    .describe('Where; the provider’s own address when absent. Needed for http.'),
});
export type SecretVerify = z.infer<typeof secretVerifySchema>;

export const secretPolicySchema = z.object({
  intervalDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .nullable()
    .default(null)
    .describe('A new value is due this often; null = never.'),
  windowHours: z
    .number()
    .min(0)
    .max(720)
    .default(24)
    .describe('How long the value before stays valid beside the new one.'),
  verify: secretVerifySchema.nullable().default(null),
  generate: z
    .boolean()
    .default(false)
    .describe(
      'Reeve makes new values itself, when one is due or asked for: for secrets that only Reeve uses.',
    ),
});
export type SecretPolicy = z.infer<typeof secretPolicySchema>;

/** What is taken as a sign that a secret is in wrong hands (F224). */
export const emergencyIndicators = [
  'failed_auth_spike',
  'leaked_credential',
  'suspicious_access',
  'rate_limit_exceeded',
  'unauthorized_access',
  'api_key_exposed',
  'brute_force_attack',
  'anomalous_behavior',
  'manual_trigger',
] as const;
export type EmergencyIndicator = (typeof emergencyIndicators)[number];

export const secretInfoSchema = z.object({
  name: z.string(),
  handle: z.string().describe('How settings and tools name it.'),
  isMine: z.boolean().describe('It belongs to the caller alone; otherwise to everybody here.'),
  version: z.number().int(),
  createdAt: timeSchema.nullable(),
  updatedAt: timeSchema.nullable(),
  policy: secretPolicySchema.nullable(),
  rotation: z
    .object({
      phase: z.enum(['verifying', 'window']),
      from: z.number().int(),
      to: z.number().int(),
      until: timeSchema.nullable().describe('When the value before ends.'),
    })
    .nullable(),
  dueAt: timeSchema.nullable().describe('When a new value is due.'),
  lastFailure: z.string().nullable().describe('Why the last rotation was taken back.'),
  revoked: z
    .object({ at: timeSchema, indicator: z.enum(emergencyIndicators) })
    .nullable()
    .describe('Nothing may use it until it has a new value.'),
});
export type SecretInfo = z.infer<typeof secretInfoSchema>;

const maskedSchema = secretInfoSchema.extend({
  masked: z.string().describe('The last four characters at the most.'),
});
export type MaskedSecret = z.infer<typeof maskedSchema>;

export const secretsStatusSchema = z.object({
  backend: z.enum(['local', 'vault', 'sops', 'env']),
  state: z
    .enum(['open', 'closed', 'locked', 'new', 'failing'])
    .describe('closed = not needed yet; new = the next passphrase will be the one it is locked with.'),
  canWrite: z.boolean().nullable().describe('null = not known before it is open.'),
  reason: z.string().nullable(),
  warnings: z.array(z.object({ key: z.string(), message: z.string() })),
});
export type SecretsStatus = z.infer<typeof secretsStatusSchema>;

const adoptableSchema = z.object({
  from: z.string().describe('The setting or the variable that holds it now.'),
  source: z.enum(['file', 'env']),
  setting: z.string().describe('The setting that will hold the reference.'),
  name: z.string().describe('Suggested name.'),
  masked: z.string(),
});
export type AdoptableSecret = z.infer<typeof adoptableSchema>;

const idInput = z.object({
  id: secretNameSchema,
  mine: z.stringbool().or(z.boolean()).default(false).describe('The caller’s own, not everybody’s.'),
});
const done = z.object({ ok: z.literal(true) });
const tags = ['secrets'];

/** Secrets: kept encrypted, named by handles, never answered (F218-F225). */
export const secretsContract = {
  secrets: {
    status: oc
      .route({
        method: 'GET',
        path: '/api/secrets/status',
        tags,
        summary: 'Where secrets are kept, and whether that is open',
      })
      .output(secretsStatusSchema),
    list: oc
      .route({ method: 'GET', path: '/api/secrets', tags, summary: 'Secrets by name, never their values' })
      .output(z.object({ secrets: z.array(secretInfoSchema) })),
    get: oc
      .route({ method: 'GET', path: '/api/secrets/{id}', tags, summary: 'One secret, masked' })
      .input(idInput)
      .output(maskedSchema),
    set: oc
      .route({
        method: 'POST',
        path: '/api/secrets',
        tags,
        summary: 'Keep a secret, or replace its value at once',
      })
      .input(
        z.object({
          name: secretNameSchema,
          value: valueSchema,
          mine: z.boolean().default(false),
          policy: secretPolicySchema.nullable().optional().describe('Absent: as it was.'),
        }),
      )
      .output(maskedSchema),
    policy: oc
      .route({ method: 'PATCH', path: '/api/secrets/{id}', tags, summary: 'How a secret is rotated' })
      .input(
        z.object({
          id: secretNameSchema,
          mine: z.boolean().default(false),
          policy: secretPolicySchema
            .nullable()
            .optional()
            .describe('null = by hand only; absent = as it was.'),
        }),
      )
      .output(secretInfoSchema),
    delete: oc
      .route({
        method: 'DELETE',
        path: '/api/secrets/{id}',
        tags,
        summary: 'Delete a secret',
        inputStructure: 'detailed',
      })
      .input(
        z.object({
          params: idInput.pick({ id: true }),
          query: idInput.pick({ mine: true }).default({ mine: false }),
        }),
      )
      .output(done),
    rotate: oc
      .route({
        method: 'POST',
        path: '/api/secrets/{id}/rotate',
        tags,
        summary: 'Give a secret a new value that is tried first; the one before stays valid for a while',
      })
      .input(
        z.object({
          id: secretNameSchema,
          mine: z.boolean().default(false),
          value: valueSchema.optional().describe('Absent: Reeve makes one, where the policy says so.'),
        }),
      )
      .output(maskedSchema),
    rollback: oc
      .route({
        method: 'POST',
        path: '/api/secrets/{id}/rollback',
        tags,
        summary: 'Back to the value before, while that is still valid',
      })
      .input(z.object({ id: secretNameSchema, mine: z.boolean().default(false) }))
      .output(maskedSchema),
    emergency: oc
      .route({
        method: 'POST',
        path: '/api/secrets/emergency',
        tags,
        summary: 'Stop every use of secrets at once',
      })
      .input(
        z.object({
          indicator: z.enum(emergencyIndicators).default('manual_trigger'),
          names: z.array(secretNameSchema).min(1).max(1000).optional().describe('Absent: all.'),
          note: z.string().max(1000).optional(),
        }),
      )
      .output(z.object({ revoked: z.array(z.string()), regenerated: z.array(z.string()) })),
    lock: oc
      .route({ method: 'POST', path: '/api/secrets/lock', tags, summary: 'Refuse every use until unlocked' })
      .output(secretsStatusSchema),
    unlock: oc
      .route({ method: 'POST', path: '/api/secrets/unlock', tags, summary: 'Open the place of the secrets' })
      .input(z.object({ passphrase: z.string().min(1).max(1000).optional() }))
      .output(secretsStatusSchema),
    adoptable: oc
      .route({
        method: 'GET',
        path: '/api/secrets/adoptable',
        tags,
        summary: 'Keys in plain text in reeve.toml or the environment that can be moved in',
      })
      .output(z.object({ found: z.array(adoptableSchema) })),
    adopt: oc
      .route({
        method: 'POST',
        path: '/api/secrets/adopt',
        tags,
        summary: 'Move a key in: reeve.toml then holds the reference',
      })
      .input(z.object({ from: z.string().min(1).max(200), name: secretNameSchema.optional() }))
      .output(
        z.object({
          name: z.string(),
          setting: z.string(),
          variable: z
            .string()
            .nullable()
            .describe('A variable that still holds it and should be removed by hand.'),
        }),
      ),
  },
};
