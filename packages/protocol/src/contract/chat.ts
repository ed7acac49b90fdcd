import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { durableEventSchema, streamItemSchema } from '../events.ts';
import {
  generationParamsSchema,
  messageRoleSchema,
  messageSchema,
  notificationSchema,
  queueModeSchema,
  runOutcomeSchema,
  sessionSchema,
  usageSchema,
} from '../nouns.ts';

const idSchema = z.string().min(1).max(128).describe('Id of the session.');
const textSchema = z.string().min(1).max(1_000_000).describe('What the user says.');
const titleSchema = z.string().trim().min(1).max(200);
/** Longest image, base64 characters: 10 MiB of bytes. */
const imageLimit = 14_000_000;
export const imageInputSchema = z.object({
  mediaType: z
    .string()
    .regex(/^image\/(png|jpeg|gif|webp)$/, 'must be image/png, image/jpeg, image/gif or image/webp'),
  data: z
    .string()
    .min(1)
    .max(imageLimit)
    .describe('Base64; or an https URL, which the model provider fetches and Reeve does not.'),
});
export type ImageInput = z.infer<typeof imageInputSchema>;

export const sendInputSchema = z.object({
  text: textSchema,
  sessionId: idSchema.optional().describe('Session to speak in; a new one when absent.'),
  idempotencyKey: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Repeating a key never speaks twice: the first run is answered again.'),
  queueMode: queueModeSchema.optional(),
  model: z.string().min(1).max(200).optional().describe('Model for this message alone.'),
  params: generationParamsSchema.optional().describe('For this message alone.'),
  images: z.array(imageInputSchema).max(20).optional(),
});
export type SendInput = z.infer<typeof sendInputSchema>;

export const sendOutputSchema = z.object({
  sessionId: z.string(),
  messageId: z.string(),
  runId: z.string().describe('Run that answers; for a slash command the id of its answer.'),
  seq: z.number().int().describe('Sequence number of the message; stream after it to see the answer.'),
  isRepeated: z.boolean().describe('True when this idempotency key had been accepted before.'),
});
export type SendOutput = z.infer<typeof sendOutputSchema>;

export const replySchema = z.object({
  reply: z.string(),
  session_id: z.string(),
  run_id: z.string(),
  outcome: runOutcomeSchema,
  model: z.string(),
  tokens_in: z.number().int(),
  tokens_out: z.number().int(),
});
export type Reply = z.infer<typeof replySchema>;

/** One session as it is now, or that it is gone; `ready` once the state at the beginning is told. */
export const overviewItemSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('session.changed'),
    session: sessionSchema,
    lastOutcome: runOutcomeSchema
      .nullable()
      .describe('How its last run ended; null = not known, or none yet.'),
  }),
  z.object({ type: z.literal('session.deleted'), sessionId: z.string() }),
]);
export type OverviewItem = z.infer<typeof overviewItemSchema>;

/** Sessions and talking in them. Paths follow F010, F016 and F017 where those name one. */
export const chatContract = {
  sessions: {
    list: oc
      .route({
        method: 'GET',
        path: '/api/chat/conversations',
        tags: ['sessions'],
        summary: 'List sessions, the last active first',
      })
      .input(
        z.object({
          limit: z.coerce.number().int().min(1).max(200).default(50),
          cursor: z.string().max(200).optional().describe('`nextCursor` of the page before.'),
          search: z.string().max(200).optional().describe('Words in the title.'),
        }),
      )
      .output(z.object({ sessions: z.array(sessionSchema), nextCursor: z.string().nullable() })),
    create: oc
      .route({
        method: 'POST',
        path: '/api/chat/conversations',
        tags: ['sessions'],
        summary: 'Create a session',
        successStatus: 201,
      })
      .input(
        z.object({
          title: titleSchema.optional(),
          model: z.string().max(200).nullable().optional(),
          queueMode: queueModeSchema.optional(),
        }),
      )
      .output(sessionSchema),
    get: oc
      .route({ method: 'GET', path: '/api/chat/{id}', tags: ['sessions'], summary: 'One session' })
      .input(z.object({ id: idSchema }))
      .output(sessionSchema),
    update: oc
      .route({
        method: 'PATCH',
        path: '/api/chat/{id}',
        tags: ['sessions'],
        summary: 'Rename a session, choose its model, parameters or queue mode',
      })
      .input(
        z.object({
          id: idSchema,
          title: titleSchema.optional(),
          model: z.string().max(200).nullable().optional(),
          queueMode: queueModeSchema.optional(),
          params: generationParamsSchema.nullable().optional().describe('For every message of this session.'),
        }),
      )
      .output(sessionSchema),
    delete: oc
      .route({
        method: 'DELETE',
        path: '/api/chat/{id}',
        tags: ['sessions'],
        summary: 'Delete a session and its messages',
      })
      .input(z.object({ id: idSchema }))
      .output(z.object({ ok: z.literal(true) })),
    export: oc
      .route({
        method: 'GET',
        path: '/api/chat/{id}/export',
        tags: ['sessions'],
        summary: 'A session as JSON, Markdown, HTML or its journal as JSON lines',
      })
      .input(
        z.object({ id: idSchema, format: z.enum(['json', 'markdown', 'html', 'jsonl']).default('json') }),
      )
      .output(z.object({ filename: z.string(), contentType: z.string(), content: z.string() })),
    history: oc
      .route({
        method: 'GET',
        path: '/api/chat/history/{id}',
        tags: ['sessions'],
        summary: 'Messages by sequence number, oldest first',
      })
      .input(
        z.object({
          id: idSchema,
          after: z.coerce.number().int().min(0).optional(),
          before: z.coerce
            .number()
            .int()
            .min(1)
            .optional()
            .describe('With `before` alone: the page that ends there.'),
          limit: z.coerce.number().int().min(1).max(1000).default(200),
        }),
      )
      .output(
        z.object({ messages: z.array(messageSchema), lastSeq: z.number().int(), hasMore: z.boolean() }),
      ),
    events: oc
      .route({
        method: 'GET',
        path: '/api/chat/{id}/events',
        tags: ['sessions'],
        summary: 'A page of what happened in a session, oldest first: the page that ends before `before`',
      })
      .input(
        z.object({
          id: idSchema,
          before: z.coerce.number().int().min(1).optional().describe('Absent: the newest page.'),
          limit: z.coerce.number().int().min(1).max(1000).default(400),
        }),
      )
      .output(
        z.object({ events: z.array(durableEventSchema), lastSeq: z.number().int(), hasMore: z.boolean() }),
      ),
    fork: oc
      .route({
        method: 'POST',
        path: '/api/chat/{id}/fork',
        tags: ['sessions'],
        summary: 'A new session with the history of this one up to a message; this one stays as it is',
        successStatus: 201,
      })
      .input(
        z.object({
          id: idSchema,
          messageId: z.string().max(128),
          isIncluded: z.boolean().default(true).describe('Whether the message itself belongs to the branch.'),
        }),
      )
      .output(sessionSchema),
    image: oc
      .route({
        method: 'GET',
        path: '/api/chat/{id}/image',
        tags: ['sessions'],
        summary: 'A picture that came with a message',
      })
      .input(z.object({ id: idSchema, artifactId: z.string().max(128) }))
      .output(z.object({ data: z.string().describe('Base64.') })),
    pin: oc
      .route({
        method: 'POST',
        path: '/api/chat/{id}/pin',
        tags: ['sessions'],
        summary: 'Pin a message: it stays in the context whatever is compacted',
      })
      .input(z.object({ id: idSchema, messageId: z.string().max(128), isPinned: z.boolean().default(true) }))
      .output(z.object({ ok: z.literal(true) })),
  },
  chat: {
    send: oc
      .route({
        method: 'POST',
        path: '/api/chat/send',
        tags: ['chat'],
        summary: 'Say something; answered as soon as it is stored for good',
        successStatus: 202,
      })
      .input(sendInputSchema)
      .output(sendOutputSchema),
    stream: oc
      .route({
        method: 'GET',
        path: '/api/chat/stream',
        tags: ['chat'],
        summary: 'Events of a session as they happen (SSE); resumes after Last-Event-ID',
      })
      .input(
        z.object({
          sessionId: idSchema,
          after: z.coerce
            .number()
            .int()
            .min(0)
            .optional()
            .describe('Sequence number known already; Last-Event-ID wins. Absent: from now on.'),
          runId: z.string().max(128).optional().describe('End the stream when this run ends.'),
        }),
      )
      .output(eventIterator(streamItemSchema)),
    abort: oc
      .route({
        method: 'POST',
        path: '/api/chat/{id}/abort',
        tags: ['chat'],
        summary: 'Stop what runs and what waits in a session',
      })
      .input(z.object({ id: idSchema, runId: z.string().max(128).optional() }))
      .output(z.object({ ok: z.literal(true), aborted: z.boolean(), runIds: z.array(z.string()) })),
    ask: oc
      .route({
        method: 'POST',
        path: '/chat',
        tags: ['chat'],
        summary: 'Say something and wait for the whole answer',
      })
      .input(
        z.object({
          message: textSchema,
          session_id: idSchema.optional(),
          model: z.string().max(200).optional(),
          idempotency_key: z.string().max(200).optional(),
        }),
      )
      .output(replySchema),
    askStream: oc
      .route({
        method: 'POST',
        path: '/chat/stream',
        tags: ['chat'],
        summary: 'Say something and receive the answer piece by piece (SSE: message, done, error)',
      })
      .input(
        z.object({
          message: textSchema,
          session_id: idSchema.optional(),
          model: z.string().max(200).optional(),
          idempotency_key: z.string().max(200).optional(),
        }),
      )
      .output(
        eventIterator(z.object({ text: z.string(), is_replacement: z.boolean().optional() }), replySchema),
      ),
    notifications: oc
      .route({
        method: 'GET',
        path: '/notifications',
        tags: ['chat'],
        summary: 'What Reeve said on its own that nobody has seen yet; seen with this call',
      })
      .input(z.object({ session_id: idSchema.optional() }))
      .output(z.object({ notifications: z.array(notificationSchema) })),
  },
  search: {
    messages: oc
      .route({
        method: 'GET',
        path: '/api/search',
        tags: ['sessions'],
        summary: 'Messages that hold every word, the last active session first',
      })
      .input(
        z.object({
          query: z.string().trim().min(1).max(200),
          limit: z.coerce.number().int().min(1).max(100).default(20),
        }),
      )
      .output(
        z.object({
          hits: z.array(
            z.object({
              sessionId: z.string(),
              title: z.string(),
              messageId: z.string(),
              seq: z.number().int(),
              role: messageRoleSchema,
              excerpt: z.string(),
              createdAt: z.number().int(),
            }),
          ),
          isComplete: z.boolean().describe('False when older messages were left unread.'),
        }),
      ),
  },
  overview: {
    stream: oc
      .route({
        method: 'GET',
        path: '/api/events',
        tags: ['sessions'],
        summary: 'What becomes of all sessions, as it happens (SSE); begins with their state now',
      })
      .output(eventIterator(overviewItemSchema)),
  },
  usage: {
    get: oc
      .route({
        method: 'GET',
        path: '/api/usage',
        tags: ['usage'],
        summary: 'Tokens and cost by model, channel and day since a time',
      })
      .input(
        z.object({
          since: z.coerce.number().int().min(0).default(0).describe('Unix milliseconds.'),
          sessionId: idSchema.optional(),
        }),
      )
      .output(
        z.object({
          total: usageSchema,
          calls: z.number().int(),
          byModel: z.array(
            z.object({
              provider: z.string(),
              model: z.string(),
              calls: z.number().int(),
              usage: usageSchema,
            }),
          ),
          byChannel: z.array(z.object({ channel: z.string(), calls: z.number().int(), usage: usageSchema })),
          byDay: z
            .array(z.object({ day: z.string(), calls: z.number().int(), usage: usageSchema }))
            .describe('Days of UTC, YYYY-MM-DD, the newest first; at most 366.'),
        }),
      ),
  },
};
