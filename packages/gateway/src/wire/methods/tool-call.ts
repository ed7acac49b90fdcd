import { type FaultCode, FaultError, faultCatalogue, type Json } from '@reeve/protocol';
import type { Call } from '../method.ts';
import type { Named } from '../names.ts';
import { findSession, maybeSession } from './sessions-of.ts';

/** A tool called by the user's own hand: through the one gate, told in the journal of the session it is called in. */
export const callTool = async (call: Call, named: Named, name: string, args: Json): Promise<Json> => {
  await openSession(call, named);
  const result = await call.services.core.callTool(
    call.actor,
    { sessionId: named.sessionId, name, args },
    call.connection.signal,
  );
  if (result.status === 'waiting')
    throw new FaultError('APPROVAL_NEEDED', undefined, { details: { approvalId: result.approvalId } });
  const value = parse(result.text);
  if (result.status === 'ok') return value;
  const said = (value as { error?: { code?: string; message?: string; next?: string } } | null)?.error;
  const code =
    said?.code !== undefined && said.code in faultCatalogue ? (said.code as FaultCode) : 'INVALID_PARAMS';
  throw new FaultError(code, said?.message ?? result.text.slice(0, 500), {
    ...(said?.next !== undefined && { next: said.next }),
  });
};

const openSession = async (call: Call, named: Named): Promise<void> => {
  const { actor, names, services } = call;
  if (named.isId) await findSession(call, named);
  else if (!(await maybeSession(call, named)))
    await services.store.write((tx) =>
      tx.append(
        named.sessionId,
        {
          type: 'session.created',
          data: {
            tenantId: actor.tenantId,
            owner: actor.userId,
            channel: actor.channel,
            title: '',
            queueMode: 'queue',
          },
        },
        'created',
      ),
    );
  await names.remember(actor, named);
};

const parse = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
};
