import type { Client, Clock, NewId, Owner, Person, SignedIn } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { AccessTokens } from '../credentials/access-tokens.ts';
import type { Holds, SessionRows } from '../credentials/sessions.ts';
import type { Revocations } from '../revocations.ts';
import { digest, newSecret } from '../secrets.ts';

/**
 * Opens a session for somebody who was proven: the one place where a sign-in becomes one. `holds` is what the proof
 * relies on where it is older than this call. Throws FaultError SIGN_IN_FAILED.
 */
export type Open = (
  owner: Owner,
  asTokens: boolean,
  client: Client,
  how: string,
  holds?: Holds,
) => Promise<SignedIn>;

export const createOpening = (deps: {
  clock: Clock;
  newId: NewId;
  sessions: SessionRows;
  revocations: Revocations;
  accessTokens: AccessTokens;
  audit: Audit;
  present: (owner: Owner) => Person | null;
  /** How long a cookie is good, ms. */
  sessionMs: () => number;
}): Open => {
  const { clock, sessions, accessTokens, audit } = deps;
  return async (owner, asTokens, client, how, given = () => true) => {
    const isStill = deps.revocations.since(owner);
    const holds: Holds = (tx) => isStill() && given(tx);
    const person = deps.present(owner);
    // Whoever is disabled learns no more than that it was not right.
    if (!person) throw new FaultError('SIGN_IN_FAILED');
    const opened = () => audit(owner, 'auth.login', { address: client.address, data: { how } });
    if (asTokens) {
      const tokens = await accessTokens.open(owner, person.role, client, holds);
      opened();
      return { status: 'ok', owner, tokens };
    }
    const cookie = newSecret('rvs_');
    const maxAgeMs = deps.sessionMs();
    await sessions.open({
      owner,
      kind: 'cookie',
      hash: digest(cookie),
      expiresAt: clock.now() + maxAgeMs,
      client,
      id: deps.newId('sgn_'),
      holds,
    });
    opened();
    return { status: 'ok', owner, cookie, maxAgeMs };
  };
};
