import type { EmergencyIndicator, SecretPolicy, SecretVerify } from '@reeve/protocol';

/** Whose a secret is: everybody's in a tenant, or one person's. */
export interface SecretScope {
  tenantId: string;
  /** null = the tenant's. */
  userId: string | null;
}

export interface SecretId extends SecretScope {
  name: string;
}

export interface SecretVersion {
  version: number;
  value: string;
  /** Unix time, ms; null = not known. */
  createdAt: number | null;
  /** Unix time, ms, until which it may be named by its number; null = as long as it is current or on trial. */
  validUntil: number | null;
}

/** A rotation that has begun. Stored beside the values, so that a restart goes on with it. */
export type Rotation =
  | { phase: 'verifying'; from: number; to: number; attempts: number }
  | { phase: 'window'; from: number; to: number; until: number };

/** A secret as it is kept: all of it is encrypted. */
export interface StoredSecret {
  /** Oldest first; during a rotation more than one. */
  versions: SecretVersion[];
  /** The version that a handle without number means. */
  current: number;
  policy: SecretPolicy | null;
  rotation: Rotation | null;
  revoked: { at: number; indicator: EmergencyIndicator } | null;
  /** Why the last rotation was taken back. */
  lastFailure: string | null;
  createdAt: number | null;
  updatedAt: number | null;
}

/** A secret without any of its values. */
export type SecretMetadata = SecretId & Omit<StoredSecret, 'versions'>;

/**
 * Where secrets are kept. Everything rejects with FaultError SECRETS_UNAVAILABLE when the place fails or answers
 * nonsense; `set` and `delete` with SECRETS_READ_ONLY where it can only be read. A `set` that resolved is durable,
 * and one that was cut off left the old or the new secret. No message of a fault holds a value. Names that nobody has
 * are null, also those with strange characters. After `close` values are forgotten and nothing may be called.
 */
export interface SecretStore {
  readonly canWrite: boolean;
  get(id: SecretId): Promise<StoredSecret | null>;
  set(id: SecretId, secret: StoredSecret): Promise<void>;
  /** Resolves to whether there was one. */
  delete(id: SecretId): Promise<boolean>;
  /** Of all tenants, in no order; never values. */
  list(): Promise<SecretMetadata[]>;
  close(): Promise<void>;
}

/**
 * Tries a value with the provider that it is for. Never rejects. `unknown` = the provider could not be asked or did
 * not say, which may pass; `reason` never holds the value.
 */
export type SecretVerifier = (
  rule: SecretVerify,
  value: string,
  signal: AbortSignal,
) => Promise<{ result: 'valid' } | { result: 'invalid' | 'unknown'; reason: string }>;

export type SecretAuditType =
  | 'secret.read'
  | 'secret.refused'
  | 'secret.set'
  | 'secret.deleted'
  | 'secret.policy_changed'
  | 'secret.rotation_started'
  | 'secret.rotated'
  | 'secret.rotation_failed'
  | 'secret.rotation_due'
  | 'secret.version_dropped'
  | 'secret.rolled_back'
  | 'secret.emergency'
  | 'secret.locked'
  | 'secret.unlocked';

/** One line for the ledger. Names and numbers, never values. */
export interface SecretAuditEntry {
  tenantId: string;
  /** Who; null = Reeve itself. */
  actor: string | null;
  type: SecretAuditType;
  /** Name of the secret; `*` = all. */
  target: string;
  data?: Record<string, string | number | boolean | null>;
}
