import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { streamItemSchema } from '../events.ts';
import {
  generationParamsSchema,
  notificationSchema,
  queueModeSchema,
  runOutcomeSchema,
  usageSchema,
} from '../nouns.ts';

export const sessionIdSchema = z.string().min(1).max(128).describe('Id of the session.');
const textSchema = z.string().min(1).max(1_000_000).describe('What the user says.');
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
  sessionId: sessionIdSchema.optional().describe('Session to speak in; a new one when absent.'),
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
  language: z
    .string()
    .max(35)
    .optional()
    .describe('Language of whoever speaks (BCP 47), for the answers of slash commands.'),
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

/** Talking in sessions. Paths follow F010, F016 and F017 where those name one. */
export const chatContract = {
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
          sessionId: sessionIdSchema,
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
      .input(z.object({ id: sessionIdSchema, runId: z.string().max(128).optional() }))
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
          session_id: sessionIdSchema.optional(),
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
          session_id: sessionIdSchema.optional(),
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
      .input(z.object({ session_id: sessionIdSchema.optional() }))
      .output(z.object({ notifications: z.array(notificationSchema) })),
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
          sessionId: sessionIdSchema.optional(),
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
