import { mainAgent } from '@reeve/core';
import { FaultError, type Session } from '@reeve/protocol';
import { sessionRefSchema, sessionsListSchema, sessionsPreviewSchema } from '@reeve/protocol/wire';
import { z } from 'zod';
import { type Call, defineMethod } from '../method.ts';
import { modelRef, presentMessage } from '../present.ts';
import { existingSession, maybeSession, nameOfRef, rowOf } from './sessions-of.ts';

const pageSize = 200;

/** The store pages by cursor, these clients by offset. */
const readPage = async (
  call: Call,
  { limit, offset, search }: z.output<typeof sessionsListSchema>,
): Promise<{ sessions: Session[]; hasMore: boolean }> => {
  const found: Session[] = [];
  let cursor: string | undefined;
  do {
    const page = await call.services.core.sessions.list(call.actor, {
      limit: Math.min(pageSize, offset + limit + 1 - found.length),
      cursor,
      search,
    });
    found.push(...page.sessions);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && found.length <= offset + limit);
  return { sessions: found.slice(offset, offset + limit), hasMore: found.length > offset + limit };
};

const list = async (call: Call, params: z.output<typeof sessionsListSchema>): Promise<object> => {
  const { sessions, hasMore } = await readPage(call, params);
  const keys = await Promise.all(sessions.map((session) => call.names.keyOf(call.actor, session.id)));
  const { provider, model } = modelRef(call.services.core.catalog.current().id);
  return {
    ts: call.clock.now(),
    path: '',
    count: sessions.length,
    hasMore,
    ...(hasMore && { nextOffset: params.offset + params.limit }),
    limitApplied: params.limit,
    defaults: { modelProvider: provider, model, contextTokens: null },
    sessions: sessions.map((session, index) => rowOf(call, session, keys[index]!)),
  };
};

const describe = async (call: Call, ref: z.output<typeof sessionRefSchema>): Promise<object> => {
  const named = await nameOfRef(call, ref);
  const session = await maybeSession(call, named);
  return { session: session && rowOf(call, session, named.key) };
};

const get = async (call: Call, ref: z.output<typeof sessionRefSchema>): Promise<object> => {
  const { named, session } = await existingSession(call, ref);
  const { messages } = await call.services.core.sessions.history(call.actor, session.id, { limit: pageSize });
  return {
    session: rowOf(call, session, named.key),
    messages: (await call.runNames.show(messages)).map(presentMessage),
  };
};

const resolveSchema = z.intersection(sessionRefSchema, z.object({ allowMissing: z.boolean().optional() }));

const resolve = async (call: Call, ref: z.output<typeof resolveSchema>): Promise<object> => {
  const named = await nameOfRef(call, ref).catch((error: unknown) => {
    if (ref.allowMissing && error instanceof FaultError && error.fault.code === 'NOT_FOUND') return null;
    throw error;
  });
  const session = named && (await maybeSession(call, named));
  if (!named || !session) {
    if (ref.allowMissing) return { ok: false };
    throw new FaultError('NOT_FOUND', 'There is no such session.');
  }
  return {
    ok: true,
    key: named.key,
    agentId: mainAgent,
    ...(session.title !== '' && { displayName: session.title }),
  };
};

const preview = async (call: Call, params: z.output<typeof sessionsPreviewSchema>): Promise<object> => {
  const previews = await Promise.all(
    params.keys.map(async (name) => {
      const named = await call.names.resolve(call.actor, name);
      const session = await maybeSession(call, named);
      if (!session) return { key: named.key, status: 'missing', items: [] };
      const messages = await call.services.store.messages(session.id, {
        before: Number.MAX_SAFE_INTEGER,
        limit: params.limit,
      });
      const items = messages.map((message) => ({
        role: message.role === 'command' ? 'other' : message.role,
        text: message.text.slice(0, params.maxChars),
      }));
      return { key: named.key, status: items.length === 0 ? 'empty' : 'ok', items };
    }),
  );
  return { ts: call.clock.now(), previews };
};

export const sessionMethods = [
  defineMethod({ name: 'sessions.list', scope: 'operator.read', params: sessionsListSchema, handle: list }),
  defineMethod({
    name: 'sessions.describe',
    scope: 'operator.read',
    params: sessionRefSchema,
    handle: describe,
  }),
  defineMethod({ name: 'sessions.get', scope: 'operator.read', params: sessionRefSchema, handle: get }),
  defineMethod({ name: 'sessions.resolve', scope: 'operator.read', params: resolveSchema, handle: resolve }),
  defineMethod({
    name: 'sessions.preview',
    scope: 'operator.read',
    params: sessionsPreviewSchema,
    handle: preview,
  }),
];
