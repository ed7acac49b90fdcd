import { fault, isTooDeep } from '@reeve/protocol';
import { satisfiesScope, type WireRequest, wireLimits } from '@reeve/protocol/wire';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { faultOf } from '../http/faults.ts';
import { type Admission, isMessageAction } from '../identity/admission.ts';
import { wirePermission } from './authority.ts';
import type { Connection } from './connection.ts';
import { invalidRequest, missingScope, toWireError, unknownMethod } from './faults.ts';
import type { Call, Method } from './method.ts';

export interface Dispatch {
  /** Never rejects: whatever happens, the request gets an answer. */
  run(connection: Connection, request: WireRequest, load: { requests: number }): Promise<void>;
  /** Names of everything that is served. */
  names: readonly string[];
}

/** Finds, authorises, checks and runs a method. The one way from a socket to anything it can do. */
export const createDispatch = (
  methods: readonly Method[],
  services: Services,
  admission: Admission,
  context: Pick<Call, 'names' | 'runNames' | 'hub' | 'clock' | 'newId'>,
): Dispatch => {
  const table = new Map<string, Method>();
  for (const method of methods)
    for (const name of [method.name, ...(method.aliases ?? [])]) {
      if (table.has(name)) throw new Error(`two methods are called ${name}`);
      table.set(name, method);
    }
  const names = [...table.keys()].sort();

  const run: Dispatch['run'] = async (connection, { id, method: name, params = {} }, load) => {
    const method = table.get(name);
    if (!method) return connection.refuse(id, unknownMethod(name));
    if (typeof method.scope === 'string' && !satisfiesScope(connection.scopes, method.scope))
      return connection.refuse(id, missingScope(method.scope));
    if (isTooDeep(params))
      return connection.refuse(id, invalidRequest(`${name}: nested too deeply`, 'INVALID_PARAMS'));
    const parsed = method.params.safeParse(params);
    if (!parsed.success)
      return connection.refuse(id, invalidRequest(describe(name, parsed.error), 'INVALID_PARAMS'));
    if (typeof method.scope === 'function') {
      const scope = method.scope(parsed.data);
      if (!satisfiesScope(connection.scopes, scope)) return connection.refuse(id, missingScope(scope));
    }
    if (load.requests >= wireLimits.requestsAtOnce)
      return connection.refuse(
        id,
        toWireError(fault('BUSY', 'Too many requests of this connection are being answered.')),
      );
    load.requests += 1;
    try {
      const action = `ws.${method.name}`;
      const refused = await admission.check({
        actor: connection.principal.actor,
        address: connection.address,
        action,
        permission: wirePermission(method),
        isMessage: isMessageAction(action),
      });
      if (refused) return connection.refuse(id, toWireError(refused));
      const payload = await method.handle(
        {
          ...context,
          actor: connection.principal.actor,
          connection,
          requestId: id,
          services,
          methods: names,
          answer: (early) => connection.respond(id, early),
        },
        parsed.data,
      );
      connection.respond(id, payload);
    } catch (error) {
      const known = faultOf(error);
      // What the client sent stays out of the log; whoever left in the middle broke nothing.
      if (!known && !connection.signal.aborted)
        services.log.error(
          { connection: connection.id, method: method.name, err: error },
          'a wire method broke',
        );
      connection.refuse(id, toWireError(known ?? fault('INTERNAL_ERROR')));
    } finally {
      load.requests -= 1;
    }
  };
  return { run, names };
};

const describe = (method: string, error: z.ZodError): string =>
  `invalid ${method} params: ${z.prettifyError(error).slice(0, 500)}`;
