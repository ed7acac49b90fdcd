import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import type { AuditCheckpoint, AuditEntry, AuditRecord } from '@reeve/core';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Schema } from '../sqlite/schema.ts';

type Row = Selectable<Schema['audit']>;

/** What is hashed. Every column is bound, so that none can be changed alone. JSON texts hold no raw newline. */
export const sealedText = (previous: string, row: Omit<Row, 'hash'>): string =>
  JSON.stringify([
    previous,
    row.tenant,
    row.seq,
    row.at,
    row.type,
    row.outcome,
    row.actor,
    row.target,
    row.session_id,
    row.correlation_id,
    row.entry_json,
  ]);

const sealedSchema = z.tuple([
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.string(),
  z.string(),
  z.string().nullable(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
]);

/** The entry of a text that was hashed; null for any other text. */
export const toSealedRow = (text: string): Omit<Row, 'hash'> | null => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = sealedSchema.safeParse(value);
  if (!parsed.success) return null;
  const [, tenant, seq, at, type, outcome, actor, target, session_id, correlation_id, entry_json] =
    parsed.data;
  return { tenant, seq, at, type, outcome, actor, target, session_id, correlation_id, entry_json };
};

/** SHA-256, hex. */
export const hashOf = (text: string): string => hash('sha256', text);

export const auditHash = (previous: string, row: Omit<Row, 'hash'>): string =>
  hashOf(sealedText(previous, row));

export const toRow = (entry: AuditEntry, seq: number, at: number): Omit<Row, 'hash'> => {
  const {
    tenantId,
    actor,
    type,
    outcome = '',
    target = '',
    sessionId = '',
    correlationId = '',
    ...rest
  } = entry;
  return {
    tenant: tenantId,
    seq,
    at,
    type,
    outcome,
    actor,
    target,
    session_id: sessionId,
    correlation_id: correlationId,
    entry_json: JSON.stringify(rest),
  };
};

export const toRecord = (row: Row): AuditRecord => ({
  tenantId: row.tenant,
  seq: row.seq,
  at: row.at,
  type: row.type,
  actor: row.actor,
  ...(row.outcome !== '' && { outcome: row.outcome }),
  ...(row.target !== '' && { target: row.target }),
  ...(row.session_id !== '' && { sessionId: row.session_id }),
  ...(row.correlation_id !== '' && { correlationId: row.correlation_id }),
  ...(JSON.parse(row.entry_json) as Pick<AuditEntry, 'channel' | 'address' | 'durationMs' | 'data'>),
  hash: row.hash,
});

/** Checks heads of chains with one Ed25519 key (RFC 8032). */
export interface KeyCheck {
  /** `SHA256:` and the digest of the key (SPKI, DER) in base64, as people compare it. */
  fingerprint: string;
  isValid(checkpoint: AuditCheckpoint): boolean;
}

/** Signs them, too. */
export interface Signer extends KeyCheck {
  /** SPKI PEM. */
  publicKey: string;
  sign(head: Omit<AuditCheckpoint, 'signature'>): string;
}

const signed = ({ tenantId, seq, hash: value, at, isAnchor }: Omit<AuditCheckpoint, 'signature'>) =>
  Buffer.from(JSON.stringify(['reeve audit', tenantId, seq, value, at, isAnchor]));

/** `privateKey` is PKCS #8 PEM, `publicKey` SPKI PEM. */
/** `publicKey` is SPKI PEM. Throws for anything else. */
export const createKeyCheck = (publicKey: string): KeyCheck => {
  // Reading a key from its text takes twice as long as signing with it.
  const key = createPublicKey(publicKey);
  const digest = hash('sha256', key.export({ type: 'spki', format: 'der' }), 'base64');
  return {
    fingerprint: `SHA256:${digest.replace(/=+$/, '')}`,
    isValid: (checkpoint) => {
      try {
        return verify(null, signed(checkpoint), key, Buffer.from(checkpoint.signature, 'base64url'));
      } catch {
        return false;
      }
    },
  };
};

/** `privateKey` is PKCS #8 PEM, `publicKey` SPKI PEM. */
export const createSigner = ({
  privateKey,
  publicKey,
}: {
  privateKey: string;
  publicKey: string;
}): Signer => {
  const key = createPrivateKey(privateKey);
  return {
    ...createKeyCheck(publicKey),
    publicKey,
    sign: (head) => sign(null, signed(head), key).toString('base64url'),
  };
};
