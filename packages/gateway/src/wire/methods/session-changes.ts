import { mainAgent } from '@reeve/core';
import { sessionRefSchema, sessionsCreateSchema, sessionsPatchSchema } from '@reeve/protocol/wire';
import type { z } from 'zod';
import { type Call, defineMethod } from '../method.ts';
import { existingSession, maybeSession, nameOfRef, rowOf } from './sessions-of.ts';
import { paramsOf } from './speak.ts';

/** A session under a name, or under its own id; one that is there already is left as it is. */
const create = async (call: Call, params: z.output<typeof sessionsCreateSchema>): Promise<object> => {
  const named = params.key === undefined ? null : await nameOfRef(call, { key: params.key });
  const known = named && (await maybeSession(call, named));
  const session =
    known ??
    (await call.services.core.sessions.create(call.actor, {
      title: params.label ?? params.displayName,
      model: params.model,
      ...(params.thinkingLevel !== undefined && { params: paramsOf(params.thinkingLevel) }),
    }));
  if (named && !known) await call.names.renew(call.actor, named.key, session.id);
  const key = named?.key ?? (await call.names.keyOf(call.actor, session.id));
  return { ok: true, key, sessionId: session.id, entry: rowOf(call, session, key) };
};

/** The name gets a session of its own that nobody has spoken in; the old one stays, under its id. */
const reset = async (call: Call, ref: z.output<typeof sessionRefSchema>): Promise<object> => {
  const { core } = call.services;
  const named = await nameOfRef(call, ref);
  const old = await maybeSession(call, named);
  if (old) await core.chat.abort(call.actor, old.id);
  const fresh = await core.sessions.create(
    call.actor,
    old ? { model: old.model ?? undefined, queueMode: old.queueMode } : {},
  );
  await call.names.renew(call.actor, named.key, fresh.id);
  const entry = { sessionId: fresh.id, updatedAt: fresh.updatedAt };
  return { ok: true, key: named.key, agentId: mainAgent, sessionId: fresh.id, entry };
};

const remove = async (call: Call, ref: z.output<typeof sessionRefSchema>): Promise<object> => {
  const named = await nameOfRef(call, ref);
  const session = await maybeSession(call, named);
  if (!session) return { ok: true, key: named.key, deleted: false, archived: [] };
  await call.services.core.sessions.delete(call.actor, session.id);
  // The id of a deleted session is not used again.
  if (!named.isId) await call.names.renew(call.actor, named.key);
  return { ok: true, key: named.key, deleted: true, archived: [] };
};

const patch = async (
  call: Call,
  { key, label, model, thinkingLevel }: z.output<typeof sessionsPatchSchema>,
): Promise<object> => {
  const { named, session } = await existingSession(call, { key });
  const changed = await call.services.core.sessions.update(call.actor, session.id, {
    ...(typeof label === 'string' && { title: label }),
    ...(model !== undefined && { model }),
    ...(thinkingLevel !== undefined && {
      params: thinkingLevel === null ? null : paramsOf(thinkingLevel),
    }),
  });
  return { ok: true, path: '', key: named.key, entry: rowOf(call, changed, named.key) };
};

/** The same as the slash command, and told in the session as one. */
const compact = async (call: Call, ref: z.output<typeof sessionRefSchema>): Promise<object> => {
  const { core, store } = call.services;
  const { named, session } = await existingSession(call, ref);
  const sent = await core.chat.accept(call.actor, { sessionId: session.id, text: '/compact' });
  const events = await store.events(session.id, sent.seq, 20);
  const compacted = events.some((event) => event.type === 'context.compacted');
  return { ok: true, key: named.key, compacted, ...(!compacted && { reason: 'nothing old enough' }) };
};

export const sessionChangeMethods = [
  defineMethod({
    name: 'sessions.create',
    scope: 'operator.write',
    params: sessionsCreateSchema,
    handle: create,
  }),
  defineMethod({ name: 'sessions.reset', scope: 'operator.admin', params: sessionRefSchema, handle: reset }),
  defineMethod({
    name: 'sessions.delete',
    scope: 'operator.admin',
    params: sessionRefSchema,
    handle: remove,
  }),
  defineMethod({
    name: 'sessions.patch',
    scope: 'operator.write',
    params: sessionsPatchSchema,
    handle: patch,
  }),
  defineMethod({
    name: 'sessions.compact',
    scope: 'operator.admin',
    params: sessionRefSchema,
    handle: compact,
  }),
];
