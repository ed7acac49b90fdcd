import type { SecretId, SecretMetadata, StoredSecret } from '@reeve/core';
import { emergencyIndicators, secretPolicySchema } from '@reeve/protocol';
import { z } from 'zod';

const time = z.number().nullable();

/** A secret as JSON, in a file or at a server. */
export const storedSecretSchema: z.ZodType<StoredSecret> = z.object({
  versions: z.array(
    z.object({ version: z.number().int(), value: z.string(), createdAt: time, validUntil: time }),
  ),
  current: z.number().int(),
  policy: secretPolicySchema.nullable(),
  rotation: z
    .discriminatedUnion('phase', [
      z.object({
        phase: z.literal('verifying'),
        from: z.number().int(),
        to: z.number().int(),
        attempts: z.number().int(),
      }),
      z.object({
        phase: z.literal('window'),
        from: z.number().int(),
        to: z.number().int(),
        until: z.number(),
      }),
    ])
    .nullable(),
  revoked: z.object({ at: z.number(), indicator: z.enum(emergencyIndicators) }).nullable(),
  lastFailure: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
});

/** A value that somebody else keeps and of which nothing more is known. */
export const plainSecret = (value: string): StoredSecret => ({
  versions: [{ version: 1, value, createdAt: null, validUntil: null }],
  current: 1,
  policy: null,
  rotation: null,
  revoked: null,
  lastFailure: null,
  createdAt: null,
  updatedAt: null,
});

export const metadataOf = (id: SecretId, { versions: _, ...secret }: StoredSecret): SecretMetadata => ({
  ...id,
  ...secret,
});

export const keyOf = ({ tenantId, userId, name }: SecretId): string =>
  JSON.stringify([tenantId, userId, name]);
