import type { FastifyRequest } from 'fastify';

/** Strict: no other site's page, link or form can make a browser send it; HttpOnly: no script can read it. */
export const sessionCookie = {
  name: 'reeve_session',
  options: (request: FastifyRequest) => ({
    path: '/',
    httpOnly: true,
    sameSite: 'strict' as const,
    secure: request.protocol === 'https',
  }),
};
