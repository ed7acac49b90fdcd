import { FaultError, type StreamItem } from '@reeve/protocol';
import { createAnswerCollector, toReply } from '../routes/answer.ts';
import type { AnswerPart, AnswerSource, ApiContext } from './answer-source.ts';
import { type ApiRequest, toClientCallId } from './api-request.ts';
import { createShownText } from './shown-text.ts';
import { findThread } from './thread.ts';

/** The steward answers: a durable turn of a session, with memory, its own tools and those of the client. */
export const openSteward = async (
  { services: { core, store }, actor, request, reply, now }: ApiContext,
  api: ApiRequest,
  ref: string | null,
): Promise<AnswerSource> => {
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const found = await findThread(store, actor, {
    request: api,
    sessionId: header('x-reeve-session'),
    isRetry: Number(header('x-stainless-retry-count') ?? 0) > 0,
    now: now(),
  });
  const idempotencyKey = header('idempotency-key');
  const { text, images } = api.conversation.input;
  const sent =
    'joined' in found
      ? found.joined
      : await core.chat.accept(actor, {
          text,
          ...found.input,
          ...(images.length > 0 && { images }),
          ...(idempotencyKey !== null && { idempotencyKey: `openai:${idempotencyKey}` }),
          ...(ref !== null && { model: ref }),
          ...(Object.keys(api.params).length > 0 && { params: api.params }),
          ...(Object.keys(api.client).length > 0 && { client: api.client }),
        });
  reply.header('x-reeve-session', sent.sessionId).header('x-reeve-run', sent.runId);
  const clientTools = new Set(api.client.tools?.map((tool) => tool.name));

  return {
    id: sent.runId,
    async *parts(signal): AsyncGenerator<AnswerPart> {
      const collector = createAnswerCollector(sent);
      const shown = createShownText();
      let messageId = '';
      const next = (item: StreamItem): string => {
        if (item.type !== 'message.delta' && item.type !== 'message.replaced') return '';
        if (item.data.runId !== collector.runId()) return '';
        const isNew = item.data.messageId !== messageId;
        if (isNew && item.data.text === '') return '';
        messageId = item.data.messageId;
        const separator = isNew ? shown.begin() : '';
        return (
          separator +
          (item.type === 'message.delta' ? shown.add(item.data.text) : shown.replace(item.data.text))
        );
      };
      const { sessionId, seq, runId } = sent;
      for await (const item of await core.streams.open(actor, { sessionId, after: seq, runId }, signal)) {
        collector.add(item);
        const delta = next(item);
        if (delta !== '') yield { type: 'text', delta };
        else if (item.type === 'reasoning.delta' && item.data.runId === collector.runId())
          yield { type: 'reasoning', delta: item.data.text };
      }
      if (signal.aborted) return;
      const answer = collector.result();
      toReply(answer);
      const rest = shown.rest(answer.text);
      if (rest !== '') yield { type: 'text', delta: rest };
      yield {
        type: 'end',
        answer: {
          text: answer.text,
          toolCalls: answer.toolCalls
            .filter((call) => clientTools.has(call.name))
            .map((call) => ({ ...call, id: toClientCallId(collector.runId(), call.id) })),
          finishReason: answer.finishReason,
          model: answer.model,
          usage: answer.usage,
        },
      };
    },
  };
};

/** The session and run behind an answer's id; throws FaultError NOT_FOUND for one that is not the caller's. */
export const readAnswer = async (
  { services: { store }, actor }: Pick<ApiContext, 'services' | 'actor'>,
  runId: string,
) => {
  const known = await store.turnWithAnswer(actor, runId);
  if (!known) throw new FaultError('NOT_FOUND', 'There is no such response.');
  return known;
};
