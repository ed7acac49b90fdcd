import { z } from 'zod';
import { runIdSchema, sessionKeySchema } from './common.ts';

const message = z.string().min(1).max(1_000_000);
const model = z.string().min(1).max(200).optional();

/** Base64 of an image; its size is checked before anything is decoded. */
const attachment = z.object({
  type: z.string().max(64).optional(),
  mimeType: z.string().max(128).optional(),
  fileName: z.string().max(512).optional(),
  content: z.string().max(14_000_000).optional(),
});
const attachments = z.array(attachment).max(20).optional();
export type WireAttachment = z.infer<typeof attachment>;

/** OpenClaw's form. */
export const chatSendSchema = z.object({
  sessionKey: sessionKeySchema,
  message: z.string().max(1_000_000),
  model,
  thinking: z.string().max(32).optional(),
  queueMode: z.enum(['steer', 'followup', 'collect', 'interrupt']).optional(),
  attachments,
  idempotencyKey: runIdSchema.optional(),
});

/** The older form (F006): answered with one final response; `stream` adds `chat.delta` and `chat.tool` events. */
export const chatSendOlderSchema = z.object({
  message,
  session_key: sessionKeySchema.default('main'),
  stream: z.boolean().default(true),
  model,
  thinking_level: z.string().max(32).optional(),
  idempotency_key: runIdSchema.optional(),
});

export const agentSchema = z.object({
  message,
  agentId: z.string().max(64).optional(),
  sessionKey: sessionKeySchema.optional(),
  sessionId: z.string().min(1).max(256).optional(),
  provider: z.string().max(100).optional(),
  model,
  thinking: z.string().max(32).optional(),
  attachments,
  idempotencyKey: runIdSchema.optional(),
});

export const agentWaitSchema = z.object({
  runId: runIdSchema,
  timeoutMs: z.number().int().min(0).max(600_000).default(30_000),
});

export const chatAbortSchema = z
  .object({ sessionKey: sessionKeySchema, session_key: sessionKeySchema, runId: runIdSchema })
  .partial();

export const chatHistorySchema = z.object({
  sessionKey: sessionKeySchema,
  /** `deltaCursor` of an earlier answer: only what came since, or `reset` when the key names another session now. */
  cursor: z.string().max(256).optional(),
  /** Journal sequence number that is known already: only messages behind it. */
  after: z.number().int().nonnegative().optional(),
  limit: z.number().int().min(1).max(1000).default(200),
});
