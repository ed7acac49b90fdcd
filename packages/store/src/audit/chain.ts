import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import type { AuditCheckpoint, AuditEntry, AuditRecord } from '@reeve/core';
import type { Selectable } from 'kysely';
import type { Schema } from '../sqlite/schema.ts';

type Row = Selectable<Schema['audit']>;

/** Every column is bound, so that none can be changed alone. JSON texts hold no raw newline. */
export const auditHash = (previous: string, row: Omit<Row, 'hash'>): string =>
  hash(
    'sha256',
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
    ]),
  );

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

/** Signs and checks heads of chains with one Ed25519 key (RFC 8032). */
export interface Signer {
  /** SPKI PEM. */
  publicKey: string;
  sign(head: Omit<AuditCheckpoint, 'signature'>): string;
  isValid(checkpoint: AuditCheckpoint): boolean;
}

const signed = ({ tenantId, seq, hash: value, at, isAnchor }: Omit<AuditCheckpoint, 'signature'>) =>
  Buffer.from(JSON.stringify(['reeve audit', tenantId, seq, value, at, isAnchor]));

/** `privateKey` is PKCS #8 PEM, `publicKey` SPKI PEM. */
export const createSigner = ({
  privateKey,
  publicKey,
}: {
  privateKey: string;
  publicKey: string;
}): Signer => {
  // Reading a key from its text takes twice as long as signing with it.
  const signKey = createPrivateKey(privateKey);
  const verifyKey = createPublicKey(publicKey);
  return {
    publicKey,
    sign: (head) => sign(null, signed(head), signKey).toString('base64url'),
    isValid: (checkpoint) => {
      try {
        return verify(null, signed(checkpoint), verifyKey, Buffer.from(checkpoint.signature, 'base64url'));
      } catch {
        return false;
      }
    },
  };
};
