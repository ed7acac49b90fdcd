import type { FastifyRequest } from 'fastify';

/** The Host that was checked at the door: with a trusted proxy Fastify's own would be what X-Forwarded-Host says. */
const hereOf = ({ headers, protocol }: FastifyRequest): string =>
  `${protocol === 'https' ? 'https' : 'http'}://${headers.host}`;

/** Under which address the caller's browser has us open: what it says itself, checked against the host already. */
export const originOf = (request: FastifyRequest): string => request.headers.origin ?? hereOf(request);

/** What addresses begin with that the caller's browser, or another program, is to come back to. */
export const baseUrlOf = (
  system: { url(): string; publicUrl(): string },
  request: FastifyRequest,
): string => {
  const published = system.publicUrl();
  // Unless the owner named one, it is the one that is in use: cookies belong to it.
  return published === system.url() ? hereOf(request) : published;
};
