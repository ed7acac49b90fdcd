import {
  type ClientRequest,
  FaultError,
  type GenerationParams,
  jsonSchema,
  type ThinkingLevel,
} from '@reeve/protocol';
import { z } from 'zod';
import type { ApiRequest } from './api-request.ts';
import { parseArguments, type Said, toConversation, toImage } from './conversation.ts';

/** The part of OpenAI's chat completions API that is served; fields that would change the answer and are not, are refused. */
const partSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('refusal'), refusal: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) }),
]);
const contentSchema = z.union([z.string(), z.array(partSchema), z.null()]);
const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: contentSchema.optional(),
  tool_calls: z
    .array(
      z.object({
        id: z.string().min(1).max(200),
        type: z.literal('function').optional(),
        function: z.object({ name: z.string(), arguments: z.string() }),
      }),
    )
    .nullish(),
  tool_call_id: z.string().max(200).optional(),
});

export const toolNameSchema = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const functionSchema = z.object({
  name: toolNameSchema,
  description: z.string().nullish(),
  parameters: z.record(z.string(), jsonSchema).nullish(),
});

export const effortSchema = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']);

export const completionRequestSchema = z.object({
  model: z.string().max(200).default('reeve'),
  messages: z.array(messageSchema).min(1).max(10_000),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  seed: z.number().int().nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  reasoning_effort: effortSchema.nullish(),
  user: z.string().max(200).nullish(),
  n: z.literal(1).nullish(),
  tools: z
    .array(z.object({ type: z.literal('function'), function: functionSchema }))
    .max(256)
    .nullish(),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'required']),
      z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
    ])
    .nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object') }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({
          name: z.string().max(64),
          schema: z.record(z.string(), jsonSchema).optional(),
        }),
      }),
    ])
    .nullish(),
  functions: z.never({ error: 'functions are deprecated: send tools' }).optional(),
  audio: z.never({ error: 'audio is not served' }).optional(),
});
export type CompletionRequest = z.infer<typeof completionRequestSchema>;

type Content = z.infer<typeof contentSchema> | undefined;

const textOf = (content: Content): string =>
  typeof content === 'string'
    ? content
    : (content ?? [])
        .flatMap((part) =>
          part.type === 'text' ? [part.text] : part.type === 'refusal' ? [part.refusal] : [],
        )
        .join('\n');

const imagesOf = (content: Content) =>
  typeof content === 'string'
    ? []
    : (content ?? []).flatMap((part) => (part.type === 'image_url' ? [toImage(part.image_url.url)] : []));

const toSaid = ({ role, content, tool_calls, tool_call_id }: z.infer<typeof messageSchema>): Said[] => {
  const text = textOf(content);
  switch (role) {
    case 'user':
      return [{ role, text, images: imagesOf(content) }];
    case 'assistant': {
      const toolCalls = (tool_calls ?? []).map((call) => ({
        id: call.id,
        name: call.function.name,
        args: parseArguments(call.function.arguments),
      }));
      return [{ role, text, toolCalls }];
    }
    case 'tool':
      return [{ role, callId: tool_call_id ?? '', text }];
    default:
      return [];
  }
};

/** OpenAI's `none` is our `off`. */
export const toThinking = (effort: z.infer<typeof effortSchema>): ThinkingLevel =>
  effort === 'none' ? 'off' : effort;

/** Throws FaultError INVALID_PARAMS for two tools of one name: nobody could tell whose call it is. */
export const toOffers = (functions: readonly z.infer<typeof functionSchema>[]) => {
  const names = new Set<string>();
  return functions.map(({ name, description, parameters }) => {
    if (names.has(name)) throw new FaultError('INVALID_PARAMS', `Two tools are called ${name}.`);
    names.add(name);
    return {
      name,
      description: description ?? '',
      parameters: parameters ?? { type: 'object', properties: {} },
    };
  });
};

/** Only what the client set: the rest is the owner's to say. */
export const setParams = (
  params: {
    [K in keyof GenerationParams]: GenerationParams[K] | null;
  },
): GenerationParams => Object.fromEntries(Object.entries(params).filter(([, value]) => value != null));

const clientOf = ({ tools, tool_choice, response_format }: CompletionRequest): ClientRequest => ({
  ...(tools && tools.length > 0 && { tools: toOffers(tools.map((tool) => tool.function)) }),
  ...(tool_choice && {
    toolChoice: typeof tool_choice === 'string' ? tool_choice : { tool: tool_choice.function.name },
  }),
  ...(response_format && response_format.type !== 'text' && { responseFormat: formatOf(response_format) }),
});

const formatOf = (
  format: Exclude<NonNullable<CompletionRequest['response_format']>, { type: 'text' }>,
): NonNullable<ClientRequest['responseFormat']> =>
  format.type === 'json_object'
    ? { type: 'json' }
    : {
        type: 'json',
        name: format.json_schema.name,
        ...(format.json_schema.schema && { schema: format.json_schema.schema }),
      };

/** Throws FaultError INVALID_PARAMS. */
export const fromCompletion = (body: CompletionRequest): ApiRequest => ({
  model: body.model,
  conversation: toConversation(
    body.messages
      .filter(({ role }) => role === 'system' || role === 'developer')
      .map(({ content }) => textOf(content)),
    body.messages.flatMap(toSaid),
  ),
  params: setParams({
    temperature: body.temperature,
    topP: body.top_p,
    maxOutputTokens: body.max_completion_tokens ?? body.max_tokens,
    stop: typeof body.stop === 'string' ? [body.stop] : body.stop,
    seed: body.seed,
    frequencyPenalty: body.frequency_penalty,
    presencePenalty: body.presence_penalty,
    thinking: body.reasoning_effort ? toThinking(body.reasoning_effort) : undefined,
  }),
  client: clientOf(body),
  user: body.user ?? null,
  continues: null,
});
