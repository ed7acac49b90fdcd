/** Versions of the wire protocol that are served, the preferred one first. */
export const wireProtocols = [4, 3] as const;
export type WireProtocol = (typeof wireProtocols)[number];

/**
 * Limits of a socket. Those of clients that speak OpenClaw's handshake are OpenClaw's own (its clients rely on them);
 * those of clients that speak the older one (`auth.mode`, `client_info`) are F004's.
 */
export const wireLimits = {
  /** Bytes a socket may send before it is authenticated. */
  beforeAuthBytes: 64 * 1024,
  /** Sockets of one address that are not authenticated yet. */
  unauthenticatedPerAddress: 32,
  handshakeMs: 15_000,
  tickMs: 30_000,
  /** Longest frame a client may send. */
  maxPayloadBytes: 26_214_400,
  olderMaxPayloadBytes: 131_072,
  /** Bytes waiting for a client above which its socket is cut off. */
  maxBufferedBytes: 52_428_800,
  olderMaxBufferedBytes: 1_048_576,
  /** Bytes waiting for a client above which fragments are held back; what they said comes with a later one. */
  fragmentBufferedBytes: 1_048_576,
  /** Requests of one socket that are being answered. */
  requestsAtOnce: 256,
  /** Messages of one socket in ten seconds. */
  messagesPerWindow: 10_000,
  windowMs: 10_000,
} as const;

/** Why a socket was closed. */
export const closeCodes = {
  protocolMismatch: 1002,
  refused: 1008,
  tooBig: 1009,
  restart: 1012,
  tooSlow: 1013,
} as const;
