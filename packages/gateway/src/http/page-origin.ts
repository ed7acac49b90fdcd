import type { FastifyRequest } from 'fastify';

/** Under which address the caller's browser has us open: what it says itself, checked against the host already. */
export const originOf = ({ headers, protocol, host }: FastifyRequest): string =>
  headers.origin ?? `${protocol}://${host}`;

/** What addresses begin with that the caller's browser, or another program, is to come back to. */
export const baseUrlOf = (
  system: { url(): string; publicUrl(): string },
  request: FastifyRequest,
): string => {
  const published = system.publicUrl();
  // Unless the owner named one, it is the one that is in use: cookies belong to it.
  return published === system.url() ? `${request.protocol}://${request.host}` : published;
};
