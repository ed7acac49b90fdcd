import type { FastifyRequest } from 'fastify';

/** Under which address the caller's browser has us open: what it says itself, checked against the host already. */
export const originOf = ({ headers, protocol, host }: FastifyRequest): string =>
  headers.origin ?? `${protocol}://${host}`;
