import type { Json } from '../nouns.ts';

/** What a client asks. `params` is checked by the method. */
export interface WireRequest {
  type: 'req';
  id: string;
  method: string;
  params?: unknown;
}

export interface WireError {
  /** OpenClaw's code; ours stands in `details.fault`. */
  code: 'INVALID_REQUEST' | 'FORBIDDEN' | 'UNAVAILABLE';
  message: string;
  details: { code: string; fault: string; [key: string]: unknown };
  retryable?: boolean;
  retryAfterMs?: number;
}

export type WireResponse =
  | { type: 'res'; id: string; ok: true; payload: Json }
  | { type: 'res'; id: string; ok: false; error: WireError };

export interface WireEvent {
  type: 'event';
  event: string;
  payload: Json;
  /** Counts the events of one connection from 1 without gaps. */
  seq?: number;
}

const longestId = 256;

/** A frame that asks something; null for every other frame, which is to be ignored (F002). */
export const readRequest = (frame: unknown): WireRequest | null => {
  if (typeof frame !== 'object' || frame === null) return null;
  const { type, id, method, params } = frame as Record<string, unknown>;
  if (type !== 'req' || typeof id !== 'string' || typeof method !== 'string') return null;
  if (id === '' || id.length > longestId || method === '') return null;
  return { type, id, method, params };
};
