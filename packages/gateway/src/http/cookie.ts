import type { FastifyReply, FastifyRequest } from 'fastify';

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

/** Signs the browser in that this is the answer to. */
export const giveSession = (reply: FastifyReply, session: { cookie: string; maxAgeMs: number }): void => {
  reply.setCookie(sessionCookie.name, session.cookie, {
    ...sessionCookie.options(reply.request),
    maxAge: Math.floor(session.maxAgeMs / 1000),
  });
};
