import type { Connection, SignOnProvider } from '@reeve/protocol';
import type { Actor, Owner } from '../gate/actor.ts';
import type { Client, Principal, SignedIn } from './identity.ts';

/** What came of a sign-in at another place: a session, or null where it connected the account of whoever began it. */
export interface SignedOn {
  signedIn: SignedIn | null;
  /** A path of ours. */
  returnTo: string;
}

/** How a sign-in is begun. */
export interface SignOnStart {
  /** Address under which the browser has us open, without a path. */
  baseUrl: string;
  /** A path of ours to go to afterwards; anything else counts as `/`. */
  returnTo: string;
  /**
   * Connects the account of whoever this is instead of signing in, as long as nobody ends what they came with. Taken
   * from the connection, never from a request.
   */
  by?: Principal;
}

/**
 * Sign-in by another place that knows people: OpenID Connect and SAML. The `ticket` stays with the browser that began
 * (as a cookie); without it nothing is finished. All but `providers` throw FaultError NOT_FOUND for a provider that is
 * not set up, SIGN_ON_FAILED for what cannot be believed, SIGN_ON_REFUSED for who is known but may not.
 */
export interface SignOn {
  providers(): SignOnProvider[];
  begin(
    provider: Pick<SignOnProvider, 'kind' | 'name'>,
    start: SignOnStart,
  ): Promise<{ url: string; ticket: string }>;
  /** `answer` is the query of the callback. */
  finishOidc(
    name: string,
    given: { ticket: string | undefined; answer: URLSearchParams },
    client: Client,
  ): Promise<SignedOn>;
  /** An answer that a form of another site posted, so that no cookie came along: checked, and kept under a code for a minute. */
  acceptSaml(name: string, given: { response: string }, client: Client): Promise<{ code: string }>;
  finishSaml(
    name: string,
    given: { ticket: string | undefined; code: string },
    client: Client,
  ): Promise<SignedOn>;
  /** What the identity provider is told about us, as XML. */
  metadata(name: string, baseUrl: string): Promise<string>;
  connections(owner: Owner): Promise<Connection[]>;
  /** Throws FaultError NOT_FOUND, CONFLICT (it is the only way to sign in). */
  disconnect(actor: Actor, id: string): Promise<void>;
}
