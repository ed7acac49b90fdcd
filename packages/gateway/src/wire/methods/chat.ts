import { sameOwner } from '@reeve/core';
import { FaultError, type SendOutput } from '@reeve/protocol';
import {
  chatAbortSchema,
  chatHistorySchema,
  chatSendOlderSchema,
  chatSendSchema,
} from '@reeve/protocol/wire';
import { z } from 'zod';
import { type Call, defineMethod } from '../method.ts';
import { wireIdOf } from '../names.ts';
import { modelRef, presentMessage } from '../present.ts';
import { answerOlder } from './chat-older.ts';
import { maybeSession, nameSession, rowOf } from './sessions-of.ts';
import { findRun, speak } from './speak.ts';

const openclawForm = chatSendSchema.transform((params) => ({ form: 'openclaw' as const, params }));
const olderForm = chatSendOlderSchema.transform((params) => ({ form: 'older' as const, params }));

const send = async (call: Call, params: z.output<typeof chatSendSchema>): Promise<object> => {
  const named = await nameSession(call, params.sessionKey);
  const unfollow = call.hub.follow(call.connection, call.actor, named);
  const letGo = call.connection.hold(named.sessionId);
  let runId: string | undefined;
  try {
    const { wireId, sent } = await speak(call, { ...params, named, text: params.message });
    runId = sent.runId;
    return { runId: wireId, status: await statusOf(call, wireId, sent), sessionKey: named.key };
  } finally {
    // The answer first, then what it started.
    setImmediate(() => {
      letGo();
      unfollow(runId);
    });
  }
};

/** A slash command is over when it is accepted: whoever is told only that it began may wait for ever. */
const statusOf = async (
  call: Call,
  wireId: string,
  sent: SendOutput,
): Promise<'started' | 'in_flight' | 'ok'> => {
  if (sent.runId === sent.messageId) return 'ok';
  if (!sent.isRepeated) return 'started';
  return (await findRun(call, wireId))?.outcome === null ? 'in_flight' : 'ok';
};

/** Messages that fit into an answer; clients refuse frames beyond a few megabytes. */
const historyChars = 4_000_000;

const history = async (call: Call, params: z.output<typeof chatHistorySchema>): Promise<object> => {
  const { core } = call.services;
  const named = await nameSession(call, params.sessionKey);
  const session = await maybeSession(call, named);
  const [cursorSession, cursorSeq] = params.cursor?.split(':') ?? [];
  if (params.cursor !== undefined && (!session || cursorSession !== session.id)) return { kind: 'reset' };
  const { provider, model } = modelRef(core.catalog.current().id);
  const common = {
    sessionKey: named.key,
    pendingInputs: { items: [], total: 0 },
    defaults: { modelProvider: provider, model },
    thinkingLevel: 'off',
  };
  if (!session) return { ...common, messages: [], hasMore: false, totalMessages: 0, lastSeq: 0 };
  const after = params.cursor === undefined ? params.after : Number(cursorSeq);
  if (after !== undefined && !Number.isSafeInteger(after)) return { kind: 'reset' };
  const page = await core.sessions.history(call.actor, session.id, { after, limit: params.limit });
  const { messages, isCut } = fit(page.messages, after !== undefined);
  const hasMore = page.hasMore || isCut;
  const known = after !== undefined && hasMore ? (messages.at(-1)?.seq ?? after) : page.lastSeq;
  const deltaCursor = `${session.id}:${known}`;
  const sessionInfo = rowOf(call, session, named.key);
  const shown = (await call.runNames.show(messages)).map(presentMessage);
  if (params.cursor !== undefined) return { kind: 'delta', messages: shown, deltaCursor, sessionInfo };
  return {
    ...common,
    sessionId: session.id,
    messages: shown,
    hasMore,
    totalMessages: session.messageCount,
    lastSeq: page.lastSeq,
    deltaCursor,
    sessionInfo,
  };
};

/** The newest that fit, or with `isForward` the oldest: whoever reads on comes back for the rest. */
const fit = <T extends { text: string }>(messages: T[], isForward: boolean) => {
  let left = historyChars;
  const ordered = isForward ? messages : [...messages].reverse();
  const fitting = ordered.filter((message, index) => {
    left -= message.text.length;
    return left >= 0 || index === 0;
  });
  return {
    messages: isForward ? fitting : fitting.reverse(),
    isCut: fitting.length < messages.length,
  };
};

/** Without a key, everything of the owner's that runs or waits stops (F014). */
const abort = async (call: Call, params: z.output<typeof chatAbortSchema>): Promise<object> => {
  const { core, store } = call.services;
  const name = params.sessionKey ?? params.session_key;
  const run = params.runId === undefined ? null : await findRun(call, params.runId);
  if (params.runId !== undefined && !run) return { ok: true, aborted: false, runIds: [] };
  const named = name === undefined ? null : await nameSession(call, name);
  if (run && named && run.sessionId !== named.sessionId)
    throw new FaultError('NOT_FOUND', 'That run is not one of this session.');
  const mine = (await store.openTurns(run?.sessionId ?? named?.sessionId)).filter(
    (turn) => sameOwner(turn.owner, call.actor) && (run === null || turn.runId === run.runId),
  );
  const sessionIds = [...new Set(mine.map((turn) => turn.sessionId))];
  const called = new Map<string, string>();
  for (const turn of mine) {
    const [event] = await store.events(turn.sessionId, turn.seq - 1, 1);
    if (event?.type === 'message.received')
      called.set(turn.runId, wireIdOf(event.data.idempotencyKey, turn.runId));
  }
  const stopped = await Promise.all(
    sessionIds.map((sessionId) => core.chat.abort(call.actor, sessionId, run?.runId)),
  );
  const runIds = stopped.flat().map((runId) => called.get(runId) ?? runId);
  return { ok: true, aborted: runIds.length > 0, runIds };
};

export const chatMethods = [
  defineMethod({
    name: 'chat.send',
    scope: 'operator.write',
    params: z.union([openclawForm, olderForm]),
    handle: (call, request) =>
      request.form === 'openclaw' ? send(call, request.params) : answerOlder(call, request.params),
  }),
  defineMethod({ name: 'chat.history', scope: 'operator.read', params: chatHistorySchema, handle: history }),
  defineMethod({
    name: 'chat.abort',
    aliases: ['sessions.abort'],
    scope: 'operator.write',
    params: chatAbortSchema,
    handle: abort,
  }),
];
