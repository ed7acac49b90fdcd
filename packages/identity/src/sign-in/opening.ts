import type { Client, Clock, NewId, Owner, Person, SignedIn } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { AccessTokens } from '../credentials/access-tokens.ts';
import type { SessionRows } from '../credentials/sessions.ts';
import { digest, newSecret } from '../secrets.ts';

/** Opens a session for somebody who was proven: the one place where a sign-in becomes one. */
export type Open = (owner: Owner, asTokens: boolean, client: Client, how: string) => Promise<SignedIn>;

export const createOpening = (deps: {
  clock: Clock;
  newId: NewId;
  sessions: SessionRows;
  accessTokens: AccessTokens;
  audit: Audit;
  present: (owner: Owner) => Person | null;
  /** How long a cookie is good, ms. */
  sessionMs: () => number;
}): Open => {
  const { clock, sessions, accessTokens, audit } = deps;
  return async (owner, asTokens, client, how) => {
    const person = deps.present(owner);
    // Whoever is disabled learns no more than that it was not right.
    if (!person) throw new FaultError('SIGN_IN_FAILED');
    audit(owner, 'auth.login', { address: client.address, data: { how } });
    if (asTokens) return { status: 'ok', owner, tokens: await accessTokens.open(owner, person.role, client) };
    const cookie = newSecret('rvs_');
    const maxAgeMs = deps.sessionMs();
    await sessions.open({
      owner,
      kind: 'cookie',
      hash: digest(cookie),
      expiresAt: clock.now() + maxAgeMs,
      client,
      id: deps.newId('sgn_'),
    });
    return { status: 'ok', owner, cookie, maxAgeMs };
  };
};
