import { type Fault, FaultError } from '@reeve/protocol';
import { z } from 'zod';
import { statusOf } from '../http/faults.ts';

/** The part of OpenAI's chat completions API that is served; fields that would change the answer and are not, are refused. */
const textPart = z.object({ type: z.literal('text'), text: z.string() });
const contentSchema = z.union([z.string(), z.array(textPart), z.null()]);
const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: contentSchema.optional(),
});

export const completionRequestSchema = z.object({
  model: z.string().max(200).default('reeve'),
  messages: z.array(messageSchema).min(1).max(10_000),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  user: z.string().max(200).nullish(),
  n: z.literal(1).nullish(),
  tools: z.array(z.unknown()).max(0, 'tools of the client are not supported by this Reeve').nullish(),
});
export type CompletionRequest = z.infer<typeof completionRequestSchema>;

export interface Conversation {
  instructions: string;
  /** What was said before the message that is to be answered. */
  history: { role: 'user' | 'assistant'; text: string }[];
  text: string;
}

const textOf = (content: z.infer<typeof contentSchema> | undefined): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text).join('\n');

/** Throws FaultError INVALID_PARAMS when there is nothing to answer. */
export const toConversation = (request: CompletionRequest): Conversation => {
  const instructions: string[] = [];
  const said: Conversation['history'] = [];
  for (const { role, content } of request.messages) {
    const text = textOf(content);
    if (role === 'system' || role === 'developer') instructions.push(text);
    else said.push({ role, text });
  }
  const lastAnswer = said.findLastIndex((message) => message.role === 'assistant');
  const text = said
    .slice(lastAnswer + 1)
    .map((message) => message.text)
    .join('\n\n');
  if (text.trim() === '')
    throw new FaultError('INVALID_PARAMS', 'The last message must be one of the user, and say something.');
  return { instructions: instructions.join('\n\n'), history: said.slice(0, lastAnswer + 1), text };
};

const types: Record<number, string> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
};

/** OpenAI's error shape. */
export const errorBody = (fault: Fault) => {
  const status = statusOf(fault);
  return {
    error: {
      message: fault.next === undefined ? fault.message : `${fault.message} ${fault.next}`,
      type: types[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error'),
      param: null,
      code: fault.code.toLowerCase(),
    },
  };
};

const finishReasons: Record<string, string> = { length: 'length', 'content-filter': 'content_filter' };
export const finishReasonOf = (reason: string): string => finishReasons[reason] ?? 'stop';

export const usageOf = (answer: { inputTokens: number; outputTokens: number }) => ({
  prompt_tokens: answer.inputTokens,
  completion_tokens: answer.outputTokens,
  total_tokens: answer.inputTokens + answer.outputTokens,
});
