import type { Kysely } from 'kysely';

export type Db = Kysely<IdentitySchema>;

/**
 * Two kinds of tables. Those of better-auth have its names and forms (times as ISO text), so that its plugins work on
 * them; ours begin with `reeve_` (times as Unix ms, flags as 0 or 1).
 */
export interface IdentitySchema {
  user: {
    id: string;
    name: string;
    email: string;
    emailVerified: number;
    image: string | null;
    createdAt: string;
    updatedAt: string;
  };
  /** One row per way to sign in; `credential` is the one with a password. */
  account: {
    id: string;
    accountId: string;
    providerId: string;
    userId: string;
    password: string | null;
    createdAt: string;
    updatedAt: string;
  };
  /** A tenant. */
  organization: { id: string; name: string; slug: string; createdAt: string };
  member: { id: string; organizationId: string; userId: string; role: string; createdAt: string };
  passkey: {
    id: string;
    name: string | null;
    userId: string;
    credentialID: string;
    createdAt: string | null;
  };

  /** What better-auth does not know of a member. */
  reeve_person: {
    tenant_id: string;
    user_id: string;
    flags_json: string;
    language: string | null;
    is_disabled: number;
  };
  reeve_role: { tenant_id: string; name: string; base: string; description: string };
  /** Where somebody is signed in: by a cookie, or by tokens that are renewed. */
  reeve_session: {
    id: string;
    tenant_id: string;
    user_id: string;
    kind: string;
    /** Of the cookie, or of the refresh token that is good now. */
    hash: string;
    user_agent: string;
    address: string;
    created_at: number;
    last_used_at: number;
    expires_at: number;
  };
  reeve_key: {
    id: string;
    tenant_id: string;
    user_id: string;
    name: string;
    hash: string;
    masked: string;
    scopes_json: string | null;
    created_at: number;
    expires_at: number | null;
    last_used_at: number | null;
  };
  reeve_device: {
    id: string;
    tenant_id: string;
    user_id: string;
    device_id: string;
    /** What the device was admitted with: its end is the end of the device's tokens. */
    credential: string;
    scopes_json: string;
    hash: string;
    created_at: number;
  };
  /** Invitations and links that set a password: each good once. */
  reeve_ticket: {
    id: string;
    kind: string;
    tenant_id: string;
    /** Whose password it sets. */
    user_id: string | null;
    role: string | null;
    email: string | null;
    name: string | null;
    hash: string;
    created_by: string;
    created_at: number;
    expires_at: number;
  };
  reeve_channel_link: {
    id: string;
    tenant_id: string;
    user_id: string;
    channel: string;
    identifier: string;
    created_at: number;
  };
  reeve_scim_token: {
    id: string;
    tenant_id: string;
    name: string;
    hash: string;
    masked: string;
    created_by: string;
    created_at: number;
  };
  /** What a directory calls a person. */
  reeve_scim_user: {
    user_id: string;
    tenant_id: string;
    user_name: string;
    external_id: string | null;
    updated_at: number;
  };
  reeve_group: {
    id: string;
    tenant_id: string;
    name: string;
    external_id: string | null;
    created_at: number;
    updated_at: number;
  };
  reeve_group_member: { group_id: string; user_id: string };
  reeve_totp: { user_id: string; secret_sealed: string; is_confirmed: number; last_step: number };
  reeve_recovery_code: { user_id: string; hash: string };
  reeve_jwt_key: { kid: string; public_jwk: string; private_sealed: string; created_at: number };
  /** What was brought over from before, so that it is brought over once. */
  reeve_done: { name: string; at: number };
}
