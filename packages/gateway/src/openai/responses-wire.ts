import { type ClientRequest, FaultError, jsonSchema } from '@reeve/protocol';
import { z } from 'zod';
import type { ApiRequest } from './api-request.ts';
import { effortSchema, setParams, toOffers, toolNameSchema, toThinking } from './completions-wire.ts';
import { parseArguments, type Said, toConversation, toImage } from './conversation.ts';

/** The part of OpenAI's Responses API that is served; what would change the answer and is not, is refused. */
const partSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input_text'), text: z.string() }),
  z.object({ type: z.literal('output_text'), text: z.string() }),
  z.object({ type: z.literal('refusal'), refusal: z.string() }),
  z.object({ type: z.literal('input_image'), image_url: z.string() }),
]);
const contentSchema = z.union([z.string(), z.array(partSchema)]);

const messageSchema = z.object({
  type: z.literal('message').optional(),
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: contentSchema,
});
const callSchema = z.object({
  type: z.literal('function_call'),
  call_id: z.string().min(1).max(200),
  name: z.string(),
  arguments: z.string(),
});
const resultSchema = z.object({
  type: z.literal('function_call_output'),
  call_id: z.string().min(1).max(200),
  output: contentSchema,
});
/** Thinking of an earlier answer: ours to keep, not the client's to bring. */
const reasoningSchema = z.object({ type: z.literal('reasoning') });

/** Something of an earlier answer by its id. Vercel's SDK sends these instead of the text. */
const referenceSchema = z.object({ type: z.literal('item_reference'), id: z.string().max(200) });

const itemSchema = z.union([callSchema, resultSchema, reasoningSchema, referenceSchema, messageSchema], {
  error: ({ input }) => {
    const type = (input as { type?: unknown } | null)?.type;
    return typeof type === 'string' && !servedItems.has(type)
      ? `items of type ${type.slice(0, 60)} are not served`
      : 'not an item, or one with a part that is not served';
  },
});
const servedItems: ReadonlySet<string> = new Set([
  'message',
  'function_call',
  'function_call_output',
  'reasoning',
  'item_reference',
]);
export type ResponseItem = z.infer<typeof itemSchema>;

const toolSchema = z.object({
  type: z.literal('function', { error: 'only tools of type function are served' }),
  name: toolNameSchema,
  description: z.string().nullish(),
  parameters: z.record(z.string(), jsonSchema).nullish(),
});

export const responsesRequestSchema = z.object({
  model: z.string().max(200).default('reeve'),
  input: z.preprocess(
    (input) => (typeof input === 'string' ? [{ role: 'user', content: input }] : input),
    z.array(itemSchema).min(1).max(10_000),
  ),
  instructions: z.string().nullish(),
  previous_response_id: z.string().max(200).nullish(),
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_output_tokens: z.number().int().min(1).nullish(),
  reasoning: z.object({ effort: effortSchema.nullish() }).nullish(),
  tools: z.array(toolSchema).max(256).nullish(),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'required']),
      z.object({ type: z.literal('function'), name: z.string() }),
    ])
    .nullish(),
  text: z
    .object({
      format: z
        .discriminatedUnion('type', [
          z.object({ type: z.literal('text') }),
          z.object({ type: z.literal('json_object') }),
          z.object({
            type: z.literal('json_schema'),
            name: z.string().max(64),
            schema: z.record(z.string(), jsonSchema),
          }),
        ])
        .nullish(),
    })
    .nullish(),
  user: z.string().max(200).nullish(),
  background: z.literal(false, { error: 'background answers are not served' }).nullish(),
  conversation: z
    .null({ error: 'conversations of OpenAI are not served: use previous_response_id' })
    .optional(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
export type ResponsesRequest = z.infer<typeof responsesRequestSchema>;

const textOf = (content: z.infer<typeof contentSchema>): string =>
  typeof content === 'string'
    ? content
    : content
        .flatMap((part) =>
          part.type === 'refusal' ? [part.refusal] : part.type === 'input_image' ? [] : [part.text],
        )
        .join('\n');

const imagesOf = (content: z.infer<typeof contentSchema>) =>
  typeof content === 'string'
    ? []
    : content.flatMap((part) => (part.type === 'input_image' ? [toImage(part.image_url)] : []));

/** Calls are items of their own in this API; for us they belong to the answer before them. */
const toSaid = (items: readonly ResponseItem[]): Said[] => {
  const said: Said[] = [];
  for (const item of items) {
    if ('call_id' in item) {
      if (item.type === 'function_call_output') {
        said.push({ role: 'tool', callId: item.call_id, text: textOf(item.output) });
        continue;
      }
      const call = { id: item.call_id, name: item.name, args: parseArguments(item.arguments) };
      const last = said.at(-1);
      if (last?.role === 'assistant') last.toolCalls.push(call);
      else said.push({ role: 'assistant', text: '', toolCalls: [call] });
    } else if ('role' in item) {
      const text = textOf(item.content);
      if (item.role === 'user') said.push({ role: 'user', text, images: imagesOf(item.content) });
      else if (item.role === 'assistant') said.push({ role: 'assistant', text, toolCalls: [] });
    }
  }
  return said;
};

export const responseIdPrefix = 'resp_';

/** Throws FaultError INVALID_PARAMS. */
export const runIdOf = (responseId: string): string => {
  if (!responseId.startsWith(responseIdPrefix))
    throw new FaultError('INVALID_PARAMS', 'A response id begins with resp_.');
  return responseId.slice(responseIdPrefix.length);
};

const clientOf = ({ tools, tool_choice, text }: ResponsesRequest): ClientRequest => {
  const format = text?.format;
  return {
    ...(tools && tools.length > 0 && { tools: toOffers(tools) }),
    ...(tool_choice && {
      toolChoice: typeof tool_choice === 'string' ? tool_choice : { tool: tool_choice.name },
    }),
    ...(format?.type === 'json_object' && { responseFormat: { type: 'json' } }),
    ...(format?.type === 'json_schema' && {
      responseFormat: { type: 'json', name: format.name, schema: format.schema },
    }),
  };
};

/** `items` are those of the body, with what they refer to in its place. Throws FaultError INVALID_PARAMS. */
export const fromResponses = (body: ResponsesRequest, items: readonly ResponseItem[]): ApiRequest => {
  const instructions = items.flatMap((item) =>
    'role' in item && (item.role === 'system' || item.role === 'developer') ? [textOf(item.content)] : [],
  );
  return {
    model: body.model,
    conversation: toConversation([body.instructions ?? '', ...instructions], toSaid(items)),
    params: setParams({
      temperature: body.temperature,
      topP: body.top_p,
      maxOutputTokens: body.max_output_tokens,
      thinking: body.reasoning?.effort ? toThinking(body.reasoning.effort) : undefined,
    }),
    client: clientOf(body),
    user: body.user ?? null,
    continues: body.previous_response_id ? runIdOf(body.previous_response_id) : null,
  };
};
