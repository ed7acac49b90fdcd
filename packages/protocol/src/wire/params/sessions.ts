import { z } from 'zod';
import { sessionKeySchema } from './common.ts';

export const sessionsListSchema = z.object({
  limit: z.number().int().min(1).max(1000).default(20),
  offset: z.number().int().min(0).max(100_000).default(0),
  search: z.string().max(200).optional(),
});

/** A session by its name, in any of the words that clients use for it. */
export const sessionRefSchema = z
  .object({
    key: sessionKeySchema.optional(),
    session_key: sessionKeySchema.optional(),
    sessionKey: sessionKeySchema.optional(),
    sessionId: z.string().min(1).max(256).optional(),
  })
  .refine(
    (ref) => (ref.key ?? ref.session_key ?? ref.sessionKey ?? ref.sessionId) !== undefined,
    'key is missing',
  );
export type SessionRef = z.infer<typeof sessionRefSchema>;

export const sessionsSubscribeSchema = z.object({
  key: sessionKeySchema,
  /** Journal sequence number that is known already: messages behind it are sent first, each once. */
  after: z.number().int().nonnegative().optional(),
});

export const sessionsPreviewSchema = z.object({
  keys: z.array(sessionKeySchema).min(1).max(100),
  limit: z.number().int().min(1).max(50).default(5),
  maxChars: z.number().int().min(20).max(2000).default(240),
});

/** What Reeve keeps of a session's settings; other fields of OpenClaw's patch are refused. */
export const sessionsPatchSchema = z.strictObject({
  key: sessionKeySchema,
  agentId: z.string().optional(),
  label: z.string().trim().min(1).max(200).nullable().optional(),
  model: z.string().min(1).max(200).nullable().optional(),
  thinkingLevel: z.string().min(1).max(32).nullable().optional(),
});

/** Settings of OpenClaw's sessions that Reeve's do not have are refused where they would change what happens. */
export const sessionsCreateSchema = z.object({
  key: sessionKeySchema.optional(),
  label: z.string().trim().min(1).max(200).optional(),
  displayName: z.string().trim().min(1).max(200).optional(),
  model: z.string().min(1).max(200).optional(),
  thinkingLevel: z.string().min(1).max(32).optional(),
  permissionMode: z.undefined('is not supported').optional(),
  incognito: z.literal(false, 'is not supported').optional(),
  fork: z.literal(false, 'is not supported').optional(),
  worktree: z.literal(false, 'is not supported').optional(),
  cwd: z.undefined('is not supported').optional(),
  execNode: z.undefined('is not supported').optional(),
  task: z.undefined('is not supported').optional(),
  message: z.undefined('is not supported').optional(),
});
