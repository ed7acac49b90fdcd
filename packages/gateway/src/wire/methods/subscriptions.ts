import { noParamsSchema, sessionRefSchema, sessionsSubscribeSchema } from '@reeve/protocol/wire';
import { defineMethod } from '../method.ts';
import { maybeSession, nameOfRef, nameSession } from './sessions-of.ts';

export const subscriptionMethods = [
  defineMethod({
    name: 'sessions.subscribe',
    scope: 'operator.read',
    params: noParamsSchema,
    async handle({ connection, hub }) {
      hub.subscribeAll(connection);
      return { subscribed: true };
    },
  }),
  defineMethod({
    name: 'sessions.unsubscribe',
    scope: 'operator.read',
    params: noParamsSchema,
    async handle({ connection, hub }) {
      hub.unsubscribeAll(connection);
      return { subscribed: false };
    },
  }),
  defineMethod({
    name: 'sessions.messages.subscribe',
    scope: 'operator.read',
    params: sessionsSubscribeSchema,
    async handle(call, { key, after }) {
      const named = await nameSession(call, key);
      const session = await maybeSession(call, named);
      const through = await call.hub.subscribe(
        call.connection,
        call.actor,
        named,
        session ? after : undefined,
      );
      return {
        subscribed: true,
        key: named.key,
        sessionId: named.sessionId,
        lastSeq: Math.max(through, session?.lastSeq ?? 0),
      };
    },
  }),
  defineMethod({
    name: 'sessions.messages.unsubscribe',
    scope: 'operator.read',
    params: sessionRefSchema,
    async handle(call, ref) {
      const named = await nameOfRef(call, ref);
      call.hub.unsubscribe(call.connection, named.sessionId);
      return { subscribed: false, key: named.key };
    },
  }),
];
