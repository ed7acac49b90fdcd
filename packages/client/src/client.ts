import { createORPCClient, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import { type Contract, contract } from '@reeve/protocol';
import { bodyToError, toFaultError } from './faults.ts';

/** Every procedure of the contract as a function; input and output are the contract's. */
export type ReeveClient = ContractRouterClient<Contract>;

export interface ReeveClientOptions {
  /** Address of the gateway. A function is asked before each request, so that a client survives a gateway that moved. */
  url: string | (() => string);
  /** Bearer token; absent in a browser, whose cookie speaks. A function is asked before each request. */
  token?: string | (() => string | undefined);
  fetch?: (request: Request, init: RequestInit) => Promise<Response>;
}

/**
 * A typed client over the REST paths of the contract. Calls reject with FaultError for every expected failure
 * (GATEWAY_UNREACHABLE when nothing answers), and with the signal's reason after abort. Iterators that a call
 * returns reject with what the connection gave; `toFaultError` names it.
 */
export const createReeveClient = ({ url, token, fetch }: ReeveClientOptions): ReeveClient => {
  const link = new OpenAPILink(contract, {
    url,
    headers: () => {
      const value = typeof token === 'function' ? token() : token;
      return value ? { authorization: `Bearer ${value}` } : {};
    },
    ...(fetch && { fetch }),
    customErrorResponseBodyDecoder: (body, response) => {
      const { code, status, message, data } = bodyToError(body, response.status);
      return new ORPCError(code, { status, message, data });
    },
    interceptors: [
      async ({ next, signal }) => {
        try {
          const output = await next();
          return signal && isAsyncIterator(output) ? closedBy(signal, output) : output;
        } catch (error) {
          signal?.throwIfAborted();
          throw toFaultError(error);
        }
      },
    ],
  });
  return createORPCClient(link);
};

const isAsyncIterator = (value: unknown): value is AsyncIterableIterator<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/**
 * Closes the connection itself when the signal aborts. The signal given to fetch does not suffice: undici follows it
 * weakly, and no longer once the request object was collected as garbage.
 */
async function* closedBy(signal: AbortSignal, items: AsyncIterableIterator<unknown>) {
  const close = () => {
    items.return?.().catch(() => {});
  };
  signal.addEventListener('abort', close, { once: true });
  try {
    signal.throwIfAborted();
    yield* items;
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', close);
  }
}
