import { createReeveClient, toFaultError } from '@reeve/client';
import type { Fault } from '@reeve/protocol';
import { createStore } from '../lib/store.ts';

/** The browser's cookie speaks for us. */
export const client = createReeveClient({
  url: location.origin,
  // What was deleted goes, also when the page is left in that moment.
  fetch: (request, init) => fetch(request, { ...init, keepalive: request.method === 'DELETE' }),
});

/** True once the gateway said that nobody is signed in here. */
export const isSignedOut = createStore(false);

export const faultOf = (error: unknown): Fault => {
  const { fault } = toFaultError(error);
  if (fault.code === 'AUTH_FAILED') isSignedOut.set(true);
  return fault;
};
