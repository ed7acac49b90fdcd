import { z } from 'zod';
import { approvalRequestSchema, approvalSettlementSchema } from './approvals.ts';
import { type Fault, type FaultCode, faultCatalogue } from './errors.ts';
import {
  channelSchema,
  effectSchema,
  generationParamsSchema,
  imageRefSchema,
  jsonSchema,
  messageRoleSchema,
  queueModeSchema,
  riskSchema,
  runOutcomeSchema,
  timeSchema,
  toolCallSchema,
  usageSchema,
} from './nouns.ts';

export const faultSchema: z.ZodType<Fault> = z.object({
  code: z.enum(Object.keys(faultCatalogue) as [FaultCode, ...FaultCode[]]),
  message: z.string(),
  next: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  retryAfterMs: z.number().optional(),
}) as z.ZodType<Fault>;

/** A model that was tried for one answer and why it did or did not give it. */
const attemptSchema = z.object({
  provider: z.string(),
  /** Which of the owner's keys; absent = the only one. */
  account: z.string().optional(),
  model: z.string(),
  outcome: z.enum(['answered', 'failed', 'skipped']),
  why: z.string(),
});
export type ModelAttempt = z.infer<typeof attemptSchema>;

/** What an API client brought along for one run: tools that it runs itself, and what form the answer must have. */
export const clientRequestSchema = z.object({
  tools: z
    .array(
      z.object({ name: z.string(), description: z.string(), parameters: z.record(z.string(), jsonSchema) }),
    )
    .optional(),
  toolChoice: z.union([z.enum(['auto', 'none', 'required']), z.object({ tool: z.string() })]).optional(),
  responseFormat: z
    .union([
      z.object({ type: z.literal('text') }),
      z.object({
        type: z.literal('json'),
        schema: z.record(z.string(), jsonSchema).optional(),
        name: z.string().optional(),
      }),
    ])
    .optional(),
});
export type ClientRequest = z.infer<typeof clientRequestSchema>;

/**
 * Durable events: facts of the journal, named `noun.verb` in the past tense. The key of this record is the
 * event's type; the value validates its data. Adding a field is fine when it is optional; a change of meaning
 * is a new type.
 */
export const durableEvents = {
  'session.created': z.object({
    /** Absent = the tenant that exists from the first start on. */
    tenantId: z.string().optional(),
    owner: z.string(),
    channel: channelSchema,
    title: z.string(),
    queueMode: queueModeSchema,
    /** The session that this one branched off, and the message it begins in place of or goes on after. */
    forkedFrom: z.object({ sessionId: z.string(), messageId: z.string() }).optional(),
  }),
  'session.renamed': z.object({ title: z.string(), by: z.enum(['user', 'reeve']) }),
  'session.configured': z.object({
    model: z.string().nullable().optional(),
    queueMode: queueModeSchema.optional(),
    /** Instructions that an API client sent as its system message; below the owner's own. */
    instructions: z.string().nullable().optional(),
    /** How models write in this session; null = as the configuration says. */
    params: generationParamsSchema.nullable().optional(),
  }),
  'session.deleted': z.object({ by: z.string() }),
  'message.received': z.object({
    messageId: z.string(),
    runId: z.string(),
    channel: channelSchema,
    sender: z.object({ kind: z.enum(['user', 'schedule']), id: z.string() }),
    text: z.string(),
    queueMode: queueModeSchema,
    idempotencyKey: z.string(),
    /** Fingerprint of a conversation that its client keeps and sends whole each time, up to this message. */
    thread: z.string().optional(),
    /** Model asked for by this request alone. */
    model: z.string().optional(),
    params: generationParamsSchema.optional(),
    images: z.array(imageRefSchema).optional(),
    client: clientRequestSchema.optional(),
  }),
  /** History that an API client brought along: context, but never run. */
  'message.imported': z.object({
    messageId: z.string(),
    role: messageRoleSchema,
    text: z.string(),
    toolCalls: z.array(toolCallSchema).optional(),
    /** For role tool: the call it answers, and the tool's name. */
    toolCallId: z.string().optional(),
    name: z.string().optional(),
    images: z.array(imageRefSchema).optional(),
  }),
  'message.pinned': z.object({ messageId: z.string(), isPinned: z.boolean() }),
  /** A waiting message joined the running answer. */
  'message.steered': z.object({ messageId: z.string(), runId: z.string() }),
  'command.received': z.object({
    messageId: z.string(),
    channel: channelSchema,
    text: z.string(),
    idempotencyKey: z.string(),
  }),
  'command.answered': z.object({ messageId: z.string(), command: z.string(), text: z.string() }),
  'run.started': z.object({ runId: z.string() }),
  'model.answered': z.object({
    runId: z.string(),
    messageId: z.string(),
    step: z.number().int(),
    text: z.string(),
    reasoning: z.string().optional(),
    toolCalls: z.array(toolCallSchema),
    provider: z.string(),
    model: z.string(),
    finishReason: z.string(),
    usage: usageSchema,
    attempts: z.array(attemptSchema),
    durationMs: z.number(),
    /** Milliseconds to the first fragment. */
    firstTokenMs: z.number().nullable(),
    /** For the provider alone, to go on within this run. */
    continuation: z.object({ provider: z.string(), data: jsonSchema }).optional(),
  }),
  /** A model was asked outside a turn: for a summary, or straight through by an API client. */
  'model.called': z.object({
    purpose: z.enum(['summary', 'direct']),
    channel: channelSchema,
    provider: z.string(),
    model: z.string(),
    finishReason: z.string(),
    usage: usageSchema,
    attempts: z.array(attemptSchema),
    durationMs: z.number(),
  }),
  /** Written before an effect that must not be repeated blindly. */
  'tool.started': z.object({
    runId: z.string(),
    callId: z.string(),
    tool: z.string(),
    args: jsonSchema,
    risk: riskSchema,
    effect: effectSchema,
  }),
  'tool.finished': z.object({
    runId: z.string(),
    messageId: z.string(),
    callId: z.string(),
    tool: z.string(),
    status: z.enum(['ok', 'failed', 'denied', 'interrupted', 'cancelled']),
    text: z.string(),
    /** The whole output, when `text` had to be cut. */
    artifactId: z.string().optional(),
    decision: z.string(),
    durationMs: z.number(),
    risk: riskSchema.optional(),
    /** What made it that risky. */
    rules: z.array(z.string()).optional(),
    /** The arguments as the audit shows them: without secrets, cut. */
    argsShown: z.string().optional(),
  }),
  /** A person is asked whether calls may be made. */
  'approval.requested': approvalRequestSchema,
  /** The one answer that counts. */
  'approval.settled': approvalSettlementSchema,
  /** A call was made on the strength of an approval that did not name it by its id: it is good for no other. */
  'approval.used': z.object({ approvalId: z.string(), digest: z.string(), callKey: z.string() }),
  'run.finished': z.object({
    runId: z.string(),
    outcome: runOutcomeSchema,
    /** The message that answers, when there is one. */
    messageId: z.string().optional(),
    absorbedBy: z.string().optional(),
    fault: faultSchema.optional(),
  }),
  'context.compacted': z.object({
    runId: z.string(),
    /** Messages up to this sequence number are represented by `summary` from now on; they stay in the journal. */
    throughSeq: z.number().int(),
    summary: z.string(),
    method: z.enum(['model', 'extractive']),
    tokensBefore: z.number().int(),
    tokensAfter: z.number().int(),
  }),
  'notification.posted': z.object({
    messageId: z.string(),
    source: z.object({ kind: z.string(), id: z.string() }),
    text: z.string(),
  }),
} as const;

export type DurableEventType = keyof typeof durableEvents;
export type DurableData<T extends DurableEventType> = z.infer<(typeof durableEvents)[T]>;

/** One durable event as it lies in the journal. `seq` counts from 1 without gaps within its session. */
export type DurableEvent = {
  [T in DurableEventType]: { sessionId: string; seq: number; at: number; type: T; data: DurableData<T> };
}[DurableEventType];

export type NewEvent = { [T in DurableEventType]: { type: T; data: DurableData<T> } }[DurableEventType];

/** Fragments: published live, never stored. A client that misses them loses nothing but the animation. */
export const ephemeralEvents = {
  'message.delta': z.object({ runId: z.string(), messageId: z.string(), text: z.string() }),
  'reasoning.delta': z.object({ runId: z.string(), messageId: z.string(), text: z.string() }),
  /** The whole text of the answer so far: after a reconnect, or when another model took over midway. */
  'message.replaced': z.object({
    runId: z.string(),
    messageId: z.string(),
    text: z.string(),
    why: z.enum(['reconnected', 'fallback', 'resumed']),
  }),
  'run.progressed': z.object({
    runId: z.string(),
    phase: z.enum(['queued', 'thinking', 'tool', 'compacting']),
    detail: z.string().optional(),
  }),
} as const;

export type EphemeralEventType = keyof typeof ephemeralEvents;
export type EphemeralEvent = {
  [T in EphemeralEventType]: { sessionId: string; type: T; data: z.infer<(typeof ephemeralEvents)[T]> };
}[EphemeralEventType];

const streamOf = <R extends Record<string, z.ZodType>>(record: R, base: z.ZodRawShape) =>
  Object.entries(record).map(([type, data]) => z.object({ ...base, type: z.literal(type), data }));

const durableItems = streamOf(durableEvents, {
  sessionId: z.string(),
  seq: z.number().int().positive(),
  at: timeSchema,
});
export const durableEventSchema = z.union(
  durableItems as unknown as readonly [z.ZodType, z.ZodType],
) as z.ZodType<DurableEvent>;

/** One item of a session's stream: a durable event (has `seq`) or a fragment (has none). */
export const streamItemSchema = z.union([
  ...durableItems,
  ...streamOf(ephemeralEvents, { sessionId: z.string() }),
] as unknown as readonly [z.ZodType, z.ZodType]) as z.ZodType<StreamItem>;
export type StreamItem = DurableEvent | EphemeralEvent;

export const isDurable = (item: StreamItem): item is DurableEvent => 'seq' in item;
