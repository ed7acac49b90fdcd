import { FaultError, type Session } from '@reeve/protocol';
import type { SessionRef } from '@reeve/protocol/wire';
import type { Call } from '../method.ts';
import type { Named } from '../names.ts';
import { presentRow } from '../present.ts';

/** The session that a request names; it need not exist. Throws FaultError NOT_FOUND for the id of one that is not the actor's. */
export const nameSession = async (call: Call, name: string): Promise<Named> => {
  const named = await call.names.resolve(call.actor, name);
  if (named.isId) await findSession(call, named);
  return named;
};

export const findSession = (call: Call, named: Named): Promise<Session> =>
  call.services.core.sessions.get(call.actor, named.sessionId);

export const maybeSession = (call: Call, named: Named): Promise<Session | null> =>
  call.services.store.session(call.actor, named.sessionId);

/** By key, or by what a client calls the session's id. */
export const nameOfRef = async (call: Call, ref: SessionRef): Promise<Named> => {
  const key = ref.key ?? ref.session_key ?? ref.sessionKey;
  if (key !== undefined) return nameSession(call, key);
  const named = await call.names.resolveId(call.actor, ref.sessionId!);
  if (named.isId) await findSession(call, named);
  return named;
};

/** Throws FaultError NOT_FOUND when nobody spoke there yet. */
export const existingSession = async (
  call: Call,
  ref: SessionRef,
): Promise<{ named: Named; session: Session }> => {
  const named = await nameOfRef(call, ref);
  const session = await maybeSession(call, named);
  if (!session) throw new FaultError('NOT_FOUND', 'There is no such session.');
  return { named, session };
};

export const rowOf = (call: Call, session: Session, key: string): object =>
  presentRow(session, key, call.services.core.catalog.current().id, call.hub.activeRunIds(session.id));
