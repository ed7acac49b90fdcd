import { type Fault, FaultError } from '@reeve/protocol';
import { z } from 'zod';
import {
  type AnswerSource,
  type ApiAnswer,
  type ApiContext,
  collectAnswer,
  streamAnswer,
} from './answer-source.ts';
import { errorBody } from './errors.ts';
import { openSource } from './open-source.ts';
import { resolveReferences } from './references.ts';
import {
  fromResponses,
  type ResponsesRequest,
  responseIdPrefix,
  responsesRequestSchema,
} from './responses-wire.ts';
import { readAnswer } from './steward-source.ts';

const usageOf = ({ usage }: ApiAnswer) => ({
  input_tokens: usage.inputTokens,
  input_tokens_details: { cached_tokens: usage.cacheReadTokens ?? 0 },
  output_tokens: usage.outputTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: usage.inputTokens + usage.outputTokens,
});

const textPart = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });

const messageItem = (id: string, text: string) => ({
  id,
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [textPart(text)],
});

const callItem = (id: string, call: ApiAnswer['toolCalls'][number]) => ({
  id,
  type: 'function_call',
  status: 'completed',
  call_id: call.id,
  name: call.name,
  arguments: typeof call.args === 'string' ? call.args : JSON.stringify(call.args),
});

const reasoningItem = (id: string, text: string) => ({
  id,
  type: 'reasoning',
  summary: [{ type: 'summary_text', text }],
});

const endings: Record<string, { status: string; incomplete_details: { reason: string } | null }> = {
  length: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
  'content-filter': { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
};

/** The fields of a response object that repeat the request. */
const frame = (id: string, body: Partial<ResponsesRequest>, createdAt: number) => ({
  id: `${responseIdPrefix}${id}`,
  object: 'response',
  created_at: createdAt,
  error: null,
  incomplete_details: null,
  instructions: body.instructions ?? null,
  max_output_tokens: body.max_output_tokens ?? null,
  metadata: body.metadata ?? {},
  parallel_tool_calls: true,
  previous_response_id: body.previous_response_id ?? null,
  reasoning: { effort: body.reasoning?.effort ?? null, summary: null },
  store: true,
  temperature: body.temperature ?? null,
  text: { format: body.text?.format ?? { type: 'text' } },
  tool_choice: body.tool_choice ?? 'auto',
  tools: (body.tools ?? []).map((tool) => ({ strict: false, ...tool })),
  top_p: body.top_p ?? null,
  truncation: 'disabled',
  usage: null,
});
type Frame = ReturnType<typeof frame>;

const finished = (base: Frame, model: string, output: unknown[], answer: ApiAnswer) => ({
  ...base,
  status: 'completed',
  ...endings[answer.finishReason],
  model,
  output,
  usage: usageOf(answer),
});

/** `POST /v1/responses`. Answers are always kept in the journal: `store: false` changes nothing. */
export const createResponse = async (context: ApiContext): Promise<void> => {
  const parsed = responsesRequestSchema.safeParse(context.request.body);
  if (!parsed.success) throw new FaultError('INVALID_PARAMS', z.prettifyError(parsed.error));
  const body = parsed.data;
  const items = await resolveReferences(context, body.input);
  const source = await openSource(context, fromResponses(body, items));
  const base = frame(source.id, body, Math.floor(context.now() / 1000));
  await (body.stream ? writeStream(context, source, base, body.model) : writeWhole(context, source, base));
};

const writeWhole = async (context: ApiContext, source: AnswerSource, base: Frame): Promise<void> => {
  const collected = await collectAnswer(context, source);
  if (!collected) return;
  const { answer, reasoning } = collected;
  source.keep?.(answer.text);
  const output = [
    ...(reasoning === '' ? [] : [reasoningItem(`rs_${source.id}`, reasoning)]),
    ...(answer.text === '' ? [] : [messageItem(`msg_${source.id}`, answer.text)]),
    ...answer.toolCalls.map((call, index) => callItem(`fc_${source.id}_${index}`, call)),
  ];
  await context.reply.send(finished(base, answer.model, output, answer));
};

const writeStream = (
  context: ApiContext,
  source: AnswerSource,
  base: Frame,
  model: string,
): Promise<void> => {
  let sequence = 0;
  return streamAnswer(
    context,
    async (sse) => {
      const send = (type: string, fields: object) =>
        sse.send(JSON.stringify({ type, sequence_number: sequence++, ...fields }));
      const pending = { ...base, status: 'in_progress', model, output: [] };
      const output: unknown[] = [];
      /** The item that is being written: thinking, then text; each ends when the other begins. */
      let open: { kind: 'reasoning' | 'text'; id: string; text: string } | null = null;

      const begin = async (kind: 'reasoning' | 'text') => {
        const output_index = output.length;
        const id = `${kind === 'text' ? 'msg' : 'rs'}_${source.id}_${output_index}`;
        open = { kind, id, text: '' };
        const item =
          kind === 'text'
            ? { ...messageItem(id, ''), status: 'in_progress', content: [] }
            : { ...reasoningItem(id, ''), summary: [] };
        await send('response.output_item.added', { output_index, item });
        if (kind === 'text')
          await send('response.content_part.added', {
            item_id: id,
            output_index,
            content_index: 0,
            part: textPart(''),
          });
        else
          await send('response.reasoning_summary_part.added', {
            item_id: id,
            output_index,
            summary_index: 0,
            part: { type: 'summary_text', text: '' },
          });
        return open;
      };
      const end = async () => {
        if (!open) return;
        const { kind, id, text } = open;
        open = null;
        const at = { item_id: id, output_index: output.length };
        if (kind === 'text') {
          await send('response.output_text.done', { ...at, content_index: 0, text, logprobs: [] });
          await send('response.content_part.done', { ...at, content_index: 0, part: textPart(text) });
        } else {
          await send('response.reasoning_summary_text.done', { ...at, summary_index: 0, text });
          await send('response.reasoning_summary_part.done', {
            ...at,
            summary_index: 0,
            part: { type: 'summary_text', text },
          });
        }
        const item = kind === 'text' ? messageItem(id, text) : reasoningItem(id, text);
        await send('response.output_item.done', { output_index: at.output_index, item });
        output.push(item);
      };

      await send('response.created', { response: pending });
      await send('response.in_progress', { response: pending });
      for await (const part of source.parts(sse.signal)) {
        if (part.type !== 'end') {
          let current = open as { kind: 'reasoning' | 'text'; id: string; text: string } | null;
          if (current?.kind !== part.type) {
            await end();
            current = await begin(part.type);
          }
          current.text += part.delta;
          const at = { item_id: current.id, output_index: output.length, delta: part.delta };
          await (part.type === 'text'
            ? send('response.output_text.delta', { ...at, content_index: 0, logprobs: [] })
            : send('response.reasoning_summary_text.delta', { ...at, summary_index: 0 }));
          continue;
        }
        await end();
        const { answer } = part;
        source.keep?.(answer.text);
        for (const [index, call] of answer.toolCalls.entries()) {
          const item = callItem(`fc_${source.id}_${index}`, call);
          const at = { item_id: item.id, output_index: output.length };
          await send('response.output_item.added', {
            output_index: at.output_index,
            item: { ...item, status: 'in_progress', arguments: '' },
          });
          await send('response.function_call_arguments.delta', { ...at, delta: item.arguments });
          await send('response.function_call_arguments.done', {
            ...at,
            name: item.name,
            arguments: item.arguments,
          });
          await send('response.output_item.done', { output_index: at.output_index, item });
          output.push(item);
        }
        const response = finished(base, answer.model, output, answer);
        await send(response.status === 'completed' ? 'response.completed' : 'response.incomplete', {
          response,
        });
      }
    },
    (sse, value: Fault) => {
      const { code, message } = errorBody(value).error;
      const response = { ...base, status: 'failed', model, output: [], error: { code, message } };
      return sse.send(JSON.stringify({ type: 'response.failed', sequence_number: sequence++, response }));
    },
  );
};

/** `GET /v1/responses/{id}`: an answer of the steward as it lies in the journal. */
export const retrieveResponse = async (
  context: Pick<ApiContext, 'services' | 'actor'>,
  runId: string,
): Promise<object> => {
  const { turn, answer } = await readAnswer(context, runId);
  const base = frame(runId, {}, Math.floor((answer?.createdAt ?? 0) / 1000));
  if (turn.state !== 'ended')
    return { ...base, status: 'in_progress', model: turn.model ?? 'reeve', output: [] };
  if (!answer || turn.fault) {
    const error = turn.fault && { code: turn.fault.code.toLowerCase(), message: turn.fault.message };
    const status = turn.outcome === 'cancelled' ? 'cancelled' : 'failed';
    return { ...base, status, error, model: turn.model ?? 'reeve', output: [] };
  }
  return {
    ...base,
    status: 'completed',
    model: `${answer.provider}/${answer.model}`,
    output: answer.text === '' ? [] : [messageItem(`msg_${runId}`, answer.text)],
  };
};
