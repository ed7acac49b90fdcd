import type { BuiltInRole } from '@reeve/protocol';

/** Whose something is: a person within a tenant. Every stored row has both. */
export interface Owner {
  tenantId: string;
  userId: string;
}

export const sameOwner = (a: Owner, b: Owner): boolean => a.userId === b.userId && a.tenantId === b.tenantId;

/** One text for a tenant and a user, to be hashed or used as a key; that of the first tenant is the user's id alone. */
export const ownerKey = ({ tenantId, userId }: Owner): string =>
  tenantId === homeTenant ? userId : `${tenantId}/${userId}`;

/** Who acts. Made by the door from a verified connection, never from a request body. */
export interface Actor extends Owner {
  /** A built-in role or one that the owner made. */
  role: BuiltInRole | (string & {});
  /** Where the request came in: http, web, cli, openai, schedule … */
  channel: string;
  /** What the credential is good for; absent = all that the role may. */
  scopes?: readonly string[];
}

/** The tenant and the account that exist from the first start on. */
export const homeTenant = 'home';
export const ownerId = 'owner';
export const ownerActor = (channel: string): Actor => ({
  tenantId: homeTenant,
  userId: ownerId,
  role: 'admin',
  channel,
});
