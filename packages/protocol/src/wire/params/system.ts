import { z } from 'zod';
import { jsonSchema } from '../../nouns.ts';

/** OpenClaw: `raw`, JSON (a merge patch for config.patch, the whole for config.set and config.apply), with the hash it was made from. */
export const configRawSchema = z.object({
  raw: z.string().min(1).max(1_000_000),
  baseHash: z.string().min(1).max(128).optional(),
});
/** Seed 1: one key. */
export const configSetSchema = z.union([
  z.object({ key: z.string().min(1).max(200), value: jsonSchema }),
  configRawSchema,
]);

export const agentModelSchema = z.object({ set: z.string().min(1).max(200).optional() });
export const logsTailSchema = z.object({ limit: z.number().int().min(1).max(5000).default(200) });
export const usageWindowSchema = z.object({ days: z.number().int().min(1).max(366).default(30) });
export const deviceRefSchema = z.object({ deviceId: z.string().min(1).max(256) });
