import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { activitySchema } from '../activity.ts';
import { durableEventSchema } from '../events.ts';
import {
  generationParamsSchema,
  messageRoleSchema,
  messageSchema,
  queueModeSchema,
  runOutcomeSchema,
  sessionSchema,
} from '../nouns.ts';
import { sessionIdSchema } from './chat.ts';

const titleSchema = z.string().trim().min(1).max(200);
const readSeqSchema = z
  .number()
  .int()
  .min(0)
  .describe('How far you have read the session; what is new stands behind it. 0 = nothing yet.');

/** One session as it is now, or that it is gone; `ready` once the state at the beginning is told. */
export const overviewItemSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('session.changed'),
    session: sessionSchema,
    lastOutcome: runOutcomeSchema
      .nullable()
      .describe('How its last run ended; null = not known, or none yet.'),
    readSeq: readSeqSchema,
  }),
  z.object({
    type: z.literal('session.progressed'),
    sessionId: z.string(),
    activity: activitySchema,
  }),
  z.object({ type: z.literal('session.read'), sessionId: z.string(), readSeq: readSeqSchema }),
  z.object({ type: z.literal('session.deleted'), sessionId: z.string() }),
]);
export type OverviewItem = z.infer<typeof overviewItemSchema>;

/** Sessions: what there is, what happened in them, what becomes of them. */
export const sessionContract = {
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
      .output(
        z.object({
          sessions: z.array(sessionSchema),
          nextCursor: z.string().nullable(),
          readSeqs: z.record(z.string(), readSeqSchema).describe('Of those sessions that were ever read.'),
        }),
      ),
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
      .input(z.object({ id: sessionIdSchema }))
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
          id: sessionIdSchema,
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
      .input(z.object({ id: sessionIdSchema }))
      .output(z.object({ ok: z.literal(true) })),
    export: oc
      .route({
        method: 'GET',
        path: '/api/chat/{id}/export',
        tags: ['sessions'],
        summary: 'A session as JSON, Markdown, HTML or its journal as JSON lines',
      })
      .input(
        z.object({
          id: sessionIdSchema,
          format: z.enum(['json', 'markdown', 'html', 'jsonl']).default('json'),
        }),
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
          id: sessionIdSchema,
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
          id: sessionIdSchema,
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
          id: sessionIdSchema,
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
      .input(z.object({ id: sessionIdSchema, artifactId: z.string().max(128) }))
      .output(z.object({ data: z.string().describe('Base64.') })),
    pin: oc
      .route({
        method: 'POST',
        path: '/api/chat/{id}/pin',
        tags: ['sessions'],
        summary: 'Pin a message: it stays in the context whatever is compacted',
      })
      .input(
        z.object({
          id: sessionIdSchema,
          messageId: z.string().max(128),
          isPinned: z.boolean().default(true),
        }),
      )
      .output(z.object({ ok: z.literal(true) })),
    markRead: oc
      .route({
        method: 'POST',
        path: '/api/chat/{id}/read',
        tags: ['sessions'],
        summary: 'Say how far you have read a session; the mark never goes back',
      })
      .input(z.object({ id: sessionIdSchema, seq: z.number().int().min(0) }))
      .output(z.object({ readSeq: readSeqSchema })),
  },
  search: {
    messages: oc
      .route({
        method: 'GET',
        path: '/api/search',
        tags: ['sessions'],
        summary: 'Titles and messages that hold every word, the last one perhaps only begun; the best first',
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
              message: z
                .object({ id: z.string(), role: messageRoleSchema })
                .nullable()
                .describe('Null when the title of the session is what matches.'),
              seq: z.number().int(),
              excerpt: z.string(),
              marks: z
                .array(z.tuple([z.number().int(), z.number().int()]))
                .describe('Where the words stand in the excerpt: from, and up to but not including.'),
              createdAt: z.number().int(),
            }),
          ),
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
};
