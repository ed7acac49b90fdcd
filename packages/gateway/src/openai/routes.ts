import type { Actor } from '@reeve/core';
import {
  type Fault,
  FaultError,
  fault,
  isFaultError,
  type SendOutput,
  type StreamItem,
} from '@reeve/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { faultOf, statusOf } from '../http/faults.ts';
import { openSse, prepareStream } from '../http/sse.ts';
import { createAnswerCollector, type RunAnswer, toReply } from '../routes/answer.ts';
import { findThread } from './thread.ts';
import {
  type CompletionRequest,
  completionRequestSchema,
  errorBody,
  finishReasonOf,
  toConversation,
  usageOf,
} from './wire.ts';

/** Names for "whatever is the default", for clients that insist on a model. */
const defaultNames = new Set(['', 'reeve', 'reeve/default', 'default']);

/** The OpenAI-compatible surface (F011): `POST /v1/chat/completions`, `GET /v1/models[/{id}]`. */
export const registerOpenAiRoutes = (
  app: FastifyInstance,
  services: Services,
  actorOf: (request: FastifyRequest) => Actor,
): void => {
  const { core, store } = services;

  const accept = async (request: FastifyRequest, body: CompletionRequest): Promise<SendOutput> => {
    const actor = actorOf(request);
    const header = (name: string) => {
      const value = request.headers[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const sessionId = header('x-reeve-session');
    const conversation = toConversation(body);
    const found = await findThread(store, actor, {
      conversation,
      session:
        sessionId !== undefined
          ? { kind: 'id', value: sessionId }
          : body.user
            ? { kind: 'user', value: body.user }
            : null,
      isRetry: Number(header('x-stainless-retry-count') ?? 0) > 0,
    });
    if ('joined' in found) return found.joined;
    const idempotencyKey = header('idempotency-key');
    const maxOutputTokens = body.max_completion_tokens ?? body.max_tokens;
    const params = {
      ...(body.temperature != null && { temperature: body.temperature }),
      ...(body.top_p != null && { topP: body.top_p }),
      ...(maxOutputTokens != null && { maxOutputTokens }),
    };
    return core.chat.accept(actor, {
      text: conversation.text,
      ...found.input,
      ...(idempotencyKey !== undefined && { idempotencyKey: `openai:${idempotencyKey}` }),
      ...(!defaultNames.has(body.model) && { model: body.model }),
      ...(Object.keys(params).length > 0 && { params }),
    });
  };

  const follow = (
    request: FastifyRequest,
    sent: SendOutput,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<StreamItem>> =>
    core.streams.open(
      actorOf(request),
      { sessionId: sent.sessionId, after: sent.seq, runId: sent.runId },
      signal,
    );

  const answerWhole = async (
    request: FastifyRequest,
    reply: FastifyReply,
    sent: SendOutput,
  ): Promise<void> => {
    const gone = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    const collector = createAnswerCollector(sent);
    for await (const item of await follow(request, sent, gone.signal)) collector.add(item);
    if (gone.signal.aborted) return;
    const answer = collector.result();
    toReply(answer);
    await reply.send({
      id: `chatcmpl-${sent.runId}`,
      object: 'chat.completion',
      created: Math.floor(Date.now() / 1000),
      model: answer.model,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: answer.text, refusal: null },
          logprobs: null,
          finish_reason: finishReasonOf(answer.finishReason),
        },
      ],
      usage: usageOf(answer),
    });
  };

  const answerStream = async (
    request: FastifyRequest,
    reply: FastifyReply,
    body: CompletionRequest,
    sent: SendOutput,
  ): Promise<void> => {
    prepareStream(services.identity, request, reply);
    const sse = openSse(reply);
    const collector = createAnswerCollector(sent);
    const base = {
      id: `chatcmpl-${sent.runId}`,
      object: 'chat.completion.chunk',
      created: Math.floor(Date.now() / 1000),
      model: body.model,
    };
    const chunk = (delta: object, finish_reason: string | null = null) =>
      sse.send(JSON.stringify({ ...base, choices: [{ index: 0, delta, logprobs: null, finish_reason }] }));
    const shown = createShownText();
    try {
      await chunk({ role: 'assistant', content: '' });
      for await (const item of await follow(request, sent, sse.signal)) {
        collector.add(item);
        const text = shown.next(item, collector.runId());
        if (text !== '') await chunk({ content: text });
      }
      if (sse.signal.aborted) return;
      const answer = collector.result();
      toReply(answer);
      const rest = shown.rest(answer);
      if (rest !== '') await chunk({ content: rest });
      await chunk({}, finishReasonOf(answer.finishReason));
      if (body.stream_options?.include_usage)
        await sse.send(JSON.stringify({ ...base, choices: [], usage: usageOf(answer) }));
      await sse.send('[DONE]');
    } catch (error) {
      if (!isFaultError(error)) services.log.error({ err: error }, 'a stream broke');
      await sse.send(JSON.stringify(errorBody(faultOf(error) ?? fault('INTERNAL_ERROR'))));
    } finally {
      sse.end();
    }
  };

  app.post('/v1/chat/completions', async (request, reply) => {
    const parsed = completionRequestSchema.safeParse(request.body);
    if (!parsed.success) throw new FaultError('INVALID_PARAMS', z.prettifyError(parsed.error));
    const sent = await accept(request, parsed.data);
    reply.header('x-reeve-session', sent.sessionId).header('x-reeve-run', sent.runId);
    await (parsed.data.stream
      ? answerStream(request, reply, parsed.data, sent)
      : answerWhole(request, reply, sent));
    return reply;
  });

  const created = Math.floor(services.system.startedAt / 1000);
  const models = async () => [
    { id: 'reeve', object: 'model', created, owned_by: 'reeve' },
    ...(await core.catalog.list()).map((model) => ({
      id: model.id,
      object: 'model',
      created,
      owned_by: model.provider,
    })),
  ];
  app.get('/v1/models', async () => ({ object: 'list', data: await models() }));
  app.get<{ Params: { '*': string } }>('/v1/models/*', async (request) => {
    const found = (await models()).find((model) => model.id === request.params['*']);
    if (!found) throw new FaultError('NOT_FOUND', `There is no model ${request.params['*']}.`);
    return found;
  });
};

/** This API can only add text: what was shown stays shown, so a replacement adds what it has beyond that. */
const createShownText = () => {
  let all = '';
  let current = '';
  let currentId = '';
  const show = (text: string) => {
    all += text;
    return text;
  };
  return {
    next(item: StreamItem, runId: string): string {
      if ((item.type !== 'message.delta' && item.type !== 'message.replaced') || item.data.runId !== runId)
        return '';
      const { messageId, text } = item.data;
      const separator = messageId !== currentId && all !== '' && text !== '' ? '\n\n' : '';
      if (messageId !== currentId) current = '';
      currentId = messageId;
      if (item.type === 'message.delta') {
        current += text;
        return show(separator + text);
      }
      if (text.startsWith(current)) {
        const more = text.slice(current.length);
        current = text;
        return show(separator + more);
      }
      if (text === '') {
        current = '';
        return show('\n\n');
      }
      current = text;
      return show(`\n\n${text}`);
    },
    /** What the whole answer has and was never shown live, as after a restart in between. */
    rest(answer: RunAnswer): string {
      if (all === '') return answer.text;
      return answer.text.startsWith(all) ? answer.text.slice(all.length) : '';
    },
  };
};

export const sendOpenAiError = (reply: FastifyReply, value: Fault): void => {
  void reply.status(statusOf(value)).send(errorBody(value));
};
