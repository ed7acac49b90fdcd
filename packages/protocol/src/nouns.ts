import { z } from 'zod';

/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export const jsonSchema: z.ZodType<Json> = z.json();

/** Unix time in milliseconds. */
export const timeSchema = z.number().int().nonnegative();

export const queueModeSchema = z
  .enum(['queue', 'steer', 'interrupt'])
  .describe(
    'What a message does while the session is busy: queue = wait its turn, steer = join the running answer at its next tool boundary, interrupt = stop the running answer first.',
  );
export type QueueMode = z.infer<typeof queueModeSchema>;

/** Where a message came in. Channels of later adapters are further strings. */
export const channelSchema = z.string().min(1).max(64);

/** Channel of the one session per owner that holds what models were asked straight through by API clients. */
export const directChannel = 'direct';

export const usageSchema = z.object({
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  cacheReadTokens: z.number().int().nonnegative().optional(),
  cacheWriteTokens: z.number().int().nonnegative().optional(),
  /** True when the provider gave no figures and ours are counted by the tokenizer. */
  estimated: z.boolean().optional(),
  costUsd: z
    .number()
    .nonnegative()
    .optional()
    .describe('By the price table; absent when the price is not known.'),
});
export type Usage = z.infer<typeof usageSchema>;

export const thinkingLevels = ['off', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;
export const thinkingLevelSchema = z
  .enum(thinkingLevels)
  .describe('How much a model thinks before it answers; a model that cannot think ignores it.');
export type ThinkingLevel = z.infer<typeof thinkingLevelSchema>;

/** How a model writes its answer. What is absent is left to the model; what a model refuses is not sent to it. */
export const generationParamsSchema = z.object({
  temperature: z.number().min(0).max(2).optional(),
  maxOutputTokens: z.number().int().min(1).optional(),
  topP: z.number().min(0).max(1).optional(),
  thinking: thinkingLevelSchema.optional(),
  stop: z.array(z.string().min(1)).max(16).optional(),
  seed: z.number().int().optional(),
  frequencyPenalty: z.number().min(-2).max(2).optional(),
  presencePenalty: z.number().min(-2).max(2).optional(),
});
export type GenerationParams = z.infer<typeof generationParamsSchema>;

export const toolCallSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Parsed arguments; a string when the model sent text that is not JSON (the gate then refuses the call). */
  args: jsonSchema,
});
export type ToolCall = z.infer<typeof toolCallSchema>;

export const sessionSchema = z.object({
  id: z.string(),
  title: z.string(),
  channel: channelSchema,
  model: z.string().nullable().describe('Model chosen for this session, or null for the default.'),
  params: generationParamsSchema.nullable().describe('Parameters chosen for this session.'),
  queueMode: queueModeSchema,
  isRunning: z.boolean(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  lastSeq: z.number().int().nonnegative(),
  newsSeq: z
    .number()
    .int()
    .nonnegative()
    .describe('Sequence number of the last answer, failure or notification: unread behind the read mark.'),
  messageCount: z.number().int().nonnegative(),
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  costUsd: z.number().nonnegative().describe('Of the calls whose price is known.'),
});
export type Session = z.infer<typeof sessionSchema>;

export const messageRoleSchema = z
  .enum(['user', 'assistant', 'tool', 'notification', 'command'])
  .describe('command = a slash command or its answer: shown, never sent to a model.');
export type MessageRole = z.infer<typeof messageRoleSchema>;

/** A picture that came with a message; its bytes lie in an artifact of the session, or at an https URL. */
export const imageRefSchema = z.union([
  z.object({ artifactId: z.string(), mediaType: z.string(), bytes: z.number().int() }),
  z.object({ url: z.string(), mediaType: z.string() }),
]);
export type ImageRef = z.infer<typeof imageRefSchema>;

export const messageSchema = z.object({
  id: z.string(),
  sessionId: z.string(),
  seq: z.number().int().positive(),
  runId: z.string().nullable(),
  role: messageRoleSchema,
  text: z.string(),
  toolCalls: z.array(toolCallSchema),
  toolCallId: z.string().nullable(),
  name: z.string().nullable().describe('Name of the tool for role tool, of the command for role command.'),
  isError: z.boolean(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  usage: usageSchema.nullable(),
  isPinned: z.boolean(),
  images: z.array(imageRefSchema).optional(),
  createdAt: timeSchema,
});
export type Message = z.infer<typeof messageSchema>;

export const runOutcomeSchema = z.enum(['completed', 'failed', 'cancelled', 'absorbed']);
export type RunOutcome = z.infer<typeof runOutcomeSchema>;

export const notificationSchema = z.object({
  id: z.string(),
  sessionId: z.string(),
  seq: z.number().int().positive(),
  text: z.string(),
  createdAt: timeSchema,
});
export type Notification = z.infer<typeof notificationSchema>;

export const modelInfoSchema = z.object({
  id: z.string().describe('`provider/model`: what `model` takes everywhere.'),
  provider: z.string(),
  model: z.string(),
  name: z.string(),
  contextTokens: z.number().int().positive(),
  maxOutputTokens: z.number().int().positive(),
  isLanguageModel: z.boolean().describe('False for the built-in steward, which follows rules.'),
  supportsImages: z.boolean().optional(),
  supportsThinking: z.boolean().optional(),
  price: z
    .object({
      input: z.number().nonnegative(),
      output: z.number().nonnegative(),
      cacheRead: z.number().nonnegative().optional(),
      cacheWrite: z.number().nonnegative().optional(),
    })
    .optional()
    .describe('USD for a million tokens.'),
});
export type ModelInfo = z.infer<typeof modelInfoSchema>;

export const providerStatusSchema = z.object({
  id: z.string(),
  name: z.string(),
  baseUrl: z.string().nullable(),
  hasKey: z.boolean(),
  account: z.string().describe('Which of the keys; `default` when there is but one.'),
  state: z
    .enum(['ok', 'degraded', 'down', 'rate_limited', 'auth_expired', 'unknown'])
    .describe('Of the last five minutes: ok above 80 % answered, degraded above 50 %, else down.'),
  successRate: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('Share of calls answered in the last five minutes.'),
  latencyMs: z.number().nonnegative().nullable().describe('Mean time to the first sign of an answer.'),
  cooling: z
    .array(z.object({ model: z.string(), class: z.string(), until: timeSchema }))
    .describe('Models that are left alone for a while, why, and until when.'),
  reason: z
    .string()
    .describe('Why this provider is in use: from the config, found in the environment, always there.'),
  lastError: z.string().nullable(),
});
export type ProviderStatus = z.infer<typeof providerStatusSchema>;

export const riskSchema = z.enum(['low', 'medium', 'high', 'critical']);
export type Risk = z.infer<typeof riskSchema>;

/** Sets of tools from the narrowest to the widest: each is a part of the next (F195). */
export const toolLevels = ['read-only', 'chat-safe', 'standard', 'admin'] as const;
export type ToolLevel = (typeof toolLevels)[number];

export const effectSchema = z
  .enum(['idempotent', 'keyed', 'unsafe'])
  .describe(
    'idempotent = may be repeated; keyed = takes our idempotency key; unsafe = never repeated after a crash, a human is asked.',
  );
export type Effect = z.infer<typeof effectSchema>;

export const toolInfoSchema = z.object({
  name: z.string(),
  description: z.string(),
  risk: riskSchema,
  effect: effectSchema,
  parameters: z.record(z.string(), jsonSchema),
});
export type ToolInfo = z.infer<typeof toolInfoSchema>;
