import type { Json, ScimToken } from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';

/** A directory that was let in by a token of a tenant. */
export interface ScimClient {
  tenantId: string;
  tokenId: string;
}

export interface ScimRequest {
  method: string;
  /** Below `/scim/v2`, such as `/Users` with an id behind it. */
  path: string;
  query: URLSearchParams;
  /** Undefined when there is none. */
  body: unknown;
  /** What `meta.location` begins with. */
  baseUrl: string;
}

export interface ScimAnswer {
  status: number;
  /** Absent for 204. */
  body?: Record<string, Json>;
}

/** Provisioning by SCIM 2.0 (RFC 7643, 7644): people and groups of one tenant, kept by its directory. */
export interface Scim {
  /** Null for what is no token of ours. */
  authenticate(bearer: string): Promise<ScimClient | null>;
  /** What goes wrong in the protocol is an answer; rejects only for bugs. */
  handle(client: ScimClient, request: ScimRequest): Promise<ScimAnswer>;
  createToken(actor: Actor, name: string): Promise<ScimToken & { token: string }>;
  tokens(tenantId: string): Promise<ScimToken[]>;
  /** Throws FaultError NOT_FOUND. */
  revokeToken(actor: Actor, id: string): Promise<void>;
}
