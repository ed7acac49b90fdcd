import { hash } from 'node:crypto';

/** Stands before the first link of a chain of hashes: the events of a session, the audit of a tenant. */
export const genesis = '0'.repeat(64);

/**
 * SHA-256 over the predecessor's hash and the event as stored, fields separated by a newline (which JSON text and
 * ids never contain raw), so that no change, reorder or removal inside a session goes unseen.
 */
export const chainHash = (
  previous: string,
  event: { session_id: string; seq: number; at: number; type: string; data_json: string },
): string =>
  hash(
    'sha256',
    `${previous}\n${event.session_id}\n${event.seq}\n${event.at}\n${event.type}\n${event.data_json}`,
  );

export const digest = (text: string): string => hash('sha256', text);
