import { withEventMeta } from '@orpc/server';
import { isDurable, type SendOutput, type StreamItem, type Usage } from '@reeve/protocol';
import { signedIn } from '../context.ts';
import { prepareStream } from '../http/sse.ts';
import { addUsage, createAnswerCollector, speak, toReply } from './answer.ts';

const { chat } = signedIn;

const never = new AbortController().signal;

interface AskInput {
  message: string;
  session_id?: string | undefined;
  model?: string | undefined;
  idempotency_key?: string | undefined;
}

const toAccept = ({ message, session_id, model, idempotency_key }: AskInput) => ({
  text: message,
  ...(session_id !== undefined && { sessionId: session_id }),
  ...(model !== undefined && { model }),
  ...(idempotency_key !== undefined && { idempotencyKey: idempotency_key }),
});

const withoutUndefined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

async function* withIds(items: AsyncIterable<StreamItem>): AsyncGenerator<StreamItem> {
  for await (const item of items)
    yield isDurable(item) ? withEventMeta(item, { id: String(item.seq) }) : item;
}

async function* answerInPieces(sent: SendOutput, items: AsyncIterable<StreamItem>, signal: AbortSignal) {
  const collector = createAnswerCollector(sent);
  let shown = '';
  for await (const item of items) {
    collector.add(item);
    if (item.type === 'message.delta' && item.data.runId === collector.runId()) {
      shown += item.data.text;
      yield { text: item.data.text };
    } else if (item.type === 'message.replaced' && item.data.runId === collector.runId()) {
      shown = item.data.text;
      yield { text: item.data.text, is_replacement: true };
    }
  }
  signal.throwIfAborted();
  const reply = toReply(collector.result());
  // Nothing was live: a slash command, or an answer that was there already.
  if (shown === '' && reply.reply !== '') yield { text: reply.reply };
  return reply;
}

export const chatRoutes = {
  send: chat.send.handler(({ input, context }) =>
    context.services.core.chat.accept(context.actor, withoutUndefined(input)),
  ),

  // The stream is opened before the answer begins: a session that is not there is a 404, not an event.
  stream: chat.stream.handler(async ({ input, context, lastEventId, signal = never }) => {
    const { core } = context.services;
    const resumed = lastEventId === undefined ? Number.NaN : Number(lastEventId);
    const after = Number.isSafeInteger(resumed) && resumed >= 0 ? resumed : input.after;
    const items = await core.streams.open(context.actor, { ...input, after }, signal);
    prepareStream(context.reply.request, context.reply);
    return withIds(items);
  }),

  abort: chat.abort.handler(async ({ input, context }) => {
    const runIds = await context.services.core.chat.abort(context.actor, input.id, input.runId);
    return { ok: true as const, aborted: runIds.length > 0, runIds };
  }),

  ask: chat.ask.handler(async ({ input, context, signal = never }) => {
    const { sent, items } = await speak(context.services, context.actor, toAccept(input), signal);
    const collector = createAnswerCollector(sent);
    for await (const item of items) collector.add(item);
    signal.throwIfAborted();
    return toReply(collector.result());
  }),

  askStream: chat.askStream.handler(async ({ input, context, signal = never }) => {
    const { sent, items } = await speak(context.services, context.actor, toAccept(input), signal);
    prepareStream(context.reply.request, context.reply);
    return answerInPieces(sent, items, signal);
  }),

  notifications: chat.notifications.handler(async ({ input, context }) => {
    const { store } = context.services;
    const notifications = await store.notifications(context.actor, input.session_id);
    await store.write(async (tx) => {
      for (const one of notifications) await tx.markDelivered(one.sessionId, one.seq);
    });
    return { notifications };
  }),
};

export const usageRoutes = {
  get: signedIn.usage.get.handler(async ({ input, context }) => {
    const report = await context.services.store.usage(context.actor, input.since, input.sessionId);
    return {
      total: report.byModel
        .map((row) => row.usage)
        .reduce<Usage>(addUsage, { inputTokens: 0, outputTokens: 0 }),
      calls: report.byModel.reduce((calls, row) => calls + row.calls, 0),
      ...report,
    };
  }),
};
