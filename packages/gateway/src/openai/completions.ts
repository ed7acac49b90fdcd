import { type Fault, FaultError } from '@reeve/protocol';
import { z } from 'zod';
import {
  type AnswerSource,
  type ApiAnswer,
  type ApiContext,
  collectAnswer,
  streamAnswer,
} from './answer-source.ts';
import { completionRequestSchema, fromCompletion } from './completions-wire.ts';
import { errorBody } from './errors.ts';
import { openSource } from './open-source.ts';

const finishReasons: Record<string, string> = { length: 'length', 'content-filter': 'content_filter' };

const finishReasonOf = ({ toolCalls, finishReason }: ApiAnswer): string =>
  finishReasons[finishReason] ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop');

const usageOf = ({ usage }: ApiAnswer) => ({
  prompt_tokens: usage.inputTokens,
  completion_tokens: usage.outputTokens,
  total_tokens: usage.inputTokens + usage.outputTokens,
  ...(usage.cacheReadTokens !== undefined && {
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens },
  }),
});

const toolCallsOf = ({ toolCalls }: ApiAnswer) =>
  toolCalls.map((call) => ({
    id: call.id,
    type: 'function',
    function: {
      name: call.name,
      arguments: typeof call.args === 'string' ? call.args : JSON.stringify(call.args),
    },
  }));

/** `POST /v1/chat/completions`. */
export const completeChat = async (context: ApiContext): Promise<void> => {
  const parsed = completionRequestSchema.safeParse(context.request.body);
  if (!parsed.success) throw new FaultError('INVALID_PARAMS', z.prettifyError(parsed.error));
  const body = parsed.data;
  const source = await openSource(context, fromCompletion(body));
  const base = { id: `chatcmpl-${source.id}`, created: Math.floor(context.now() / 1000) };
  if (body.stream)
    await writeStream(
      context,
      source,
      { ...base, model: body.model },
      body.stream_options?.include_usage === true,
    );
  else await writeWhole(context, source, base);
};

const writeWhole = async (context: ApiContext, source: AnswerSource, base: object): Promise<void> => {
  const collected = await collectAnswer(context, source);
  if (!collected) return;
  const { answer, reasoning } = collected;
  const toolCalls = toolCallsOf(answer);
  await context.reply.send({
    ...base,
    object: 'chat.completion',
    model: answer.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: answer.text === '' && toolCalls.length > 0 ? null : answer.text,
          refusal: null,
          ...(reasoning !== '' && { reasoning_content: reasoning }),
          ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
        },
        logprobs: null,
        finish_reason: finishReasonOf(answer),
      },
    ],
    usage: usageOf(answer),
  });
};

const writeStream = (
  context: ApiContext,
  source: AnswerSource,
  known: object,
  includesUsage: boolean,
): Promise<void> =>
  streamAnswer(
    context,
    async (sse) => {
      const base = { ...known, object: 'chat.completion.chunk' };
      const chunk = (delta: object, finish_reason: string | null = null, options = {}) =>
        sse.send(
          JSON.stringify({ ...base, choices: [{ index: 0, delta, logprobs: null, finish_reason }] }),
          options,
        );
      await chunk({ role: 'assistant', content: '' }, null, { isLazy: true });
      for await (const part of source.parts(sse.signal)) {
        if (part.type === 'text') {
          await chunk({ content: part.delta });
        } else if (part.type === 'reasoning') {
          // Not OpenAI's own, but what clients of reasoning models read (DeepSeek, OpenRouter, vLLM).
          await chunk({ reasoning_content: part.delta });
        } else {
          const { answer } = part;
          const calls = toolCallsOf(answer);
          if (calls.length > 0) await chunk({ tool_calls: calls.map((call, index) => ({ index, ...call })) });
          await chunk({}, finishReasonOf(answer));
          if (includesUsage) await sse.send(JSON.stringify({ ...base, choices: [], usage: usageOf(answer) }));
          await sse.send('[DONE]');
        }
      }
    },
    (sse, value: Fault) => sse.send(JSON.stringify(errorBody(value))),
  );
