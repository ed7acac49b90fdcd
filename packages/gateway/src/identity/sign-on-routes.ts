import type { Client, Clock, SignedOn } from '@reeve/core';
import { FaultError, isFaultError } from '@reeve/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../context.ts';
import { giveSession } from '../http/cookie.ts';
import { faultOf, statusOf } from '../http/faults.ts';
import { baseUrlOf } from '../http/page-origin.ts';
import { addressOf } from './address.ts';
import type { Attempts } from './attempts.ts';
import { failurePage, onwardPage, pagePolicy } from './sign-on-pages.ts';

const pathForm =
  /^\/api\/auth\/(?:oidc\/[a-z0-9-]+\/(?:start|callback)|saml\/[a-z0-9-]+\/(?:start|acs|finish|metadata))$/;
const postedForm = /^\/api\/auth\/saml\/[a-z0-9-]+\/acs$/;

/** Ways in that answer before anybody is signed in. */
export const isSignOnPath = (path: string): boolean => pathForm.test(path);
/** Where another site's form may post to: what it brings is signed, and nobody is signed in by it yet. */
export const isPostedByOthers = (method: string, path: string): boolean =>
  method === 'POST' && postedForm.test(path);

/** Binds a sign-in to the browser that began it. Lax: it comes along when the other place sends the browser back. */
const ticketCookie = {
  name: 'reeve_sign_on',
  options: (request: FastifyRequest) => ({
    path: '/api/auth',
    httpOnly: true,
    sameSite: 'lax' as const,
    secure: request.protocol === 'https',
  }),
};
const ticketSeconds = 600;
const formLimit = 512 * 1024;

export const giveTicket = (reply: FastifyReply, ticket: string): void => {
  reply.setCookie(ticketCookie.name, ticket, {
    ...ticketCookie.options(reply.request),
    maxAge: ticketSeconds,
  });
};

/** Sign-in by OpenID Connect and SAML: what a browser opens itself, and so pages and redirects instead of JSON. */
export const registerSignOn = (
  app: FastifyInstance,
  services: Services,
  options: { trustProxy: boolean; attempts: Attempts; clock: Clock },
): void => {
  const { identity, log } = services;
  const { signOn } = identity;
  const { attempts } = options;
  const clientOf = (request: FastifyRequest): Client => ({
    address: addressOf(request.raw, options.trustProxy),
    userAgent: String(request.headers['user-agent'] ?? ''),
  });
  const queryOf = (request: FastifyRequest) => new URL(request.url, 'http://reeve.invalid').searchParams;
  const nameOf = (request: FastifyRequest) => (request.params as { name: string }).name;

  /** What goes wrong is told as a page, and counts against whoever tries. */
  const page =
    (work: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const { address } = clientOf(request);
      try {
        const retryAfterMs = attempts.lockedFor('sign-in', address);
        if (retryAfterMs > 0)
          throw new FaultError('RATE_LIMIT', 'Too many tries to sign in from this address.', {
            retryAfterMs,
          });
        return await work(request, reply);
      } catch (error) {
        const known = faultOf(error);
        if (!known) log.error({ requestId: request.id, err: error }, 'a sign-in broke');
        if (isFaultError(error) && error.fault.code === 'SIGN_ON_FAILED') {
          attempts.failed('sign-in', address);
          log.warn({ provider: nameOf(request), cause: causeOf(error) }, error.message);
        }
        return reply
          .status(known ? statusOf(known) : 500)
          .header('content-security-policy', pagePolicy)
          .type('text/html; charset=utf-8')
          .send(failurePage(known));
      }
    };
  const ticketOf = (request: FastifyRequest) => request.cookies[ticketCookie.name];
  const welcome = (reply: FastifyReply, { signedIn, returnTo }: SignedOn) => {
    reply.clearCookie(ticketCookie.name, ticketCookie.options(reply.request));
    if (signedIn && 'cookie' in signedIn) giveSession(reply, signedIn);
    return reply
      .header('content-security-policy', pagePolicy)
      .type('text/html; charset=utf-8')
      .send(onwardPage(returnTo));
  };

  const start = (kind: 'oidc' | 'saml') =>
    page(async (request, reply) => {
      const retryAfterMs = attempts.begin(clientOf(request).address);
      if (retryAfterMs > 0)
        throw new FaultError('RATE_LIMIT', 'Too many sign-ins were begun from this address.', {
          retryAfterMs,
        });
      const { url, ticket } = await signOn.begin(
        { kind, name: nameOf(request) },
        { baseUrl: baseUrlOf(services.system, request), returnTo: queryOf(request).get('returnTo') ?? '/' },
      );
      giveTicket(reply, ticket);
      return reply.redirect(url, 303);
    });

  app.get('/api/auth/oidc/:name/start', start('oidc'));
  app.get('/api/auth/saml/:name/start', start('saml'));
  app.get(
    '/api/auth/oidc/:name/callback',
    page(async (request, reply) => {
      const given = { ticket: ticketOf(request), answer: queryOf(request) };
      return welcome(reply, await signOn.finishOidc(nameOf(request), given, clientOf(request)));
    }),
  );
  app.get(
    '/api/auth/saml/:name/finish',
    page(async (request, reply) => {
      const given = { ticket: ticketOf(request), code: queryOf(request).get('code') ?? '' };
      return welcome(reply, await signOn.finishSaml(nameOf(request), given, clientOf(request)));
    }),
  );
  app.get(
    '/api/auth/saml/:name/metadata',
    page(async (request, reply) =>
      reply
        .type('application/samlmetadata+xml')
        .send(await signOn.metadata(nameOf(request), baseUrlOf(services.system, request))),
    ),
  );
  // Its own scope: a form is taken nowhere else.
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formLimit },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    scope.post(
      '/api/auth/saml/:name/acs',
      { bodyLimit: formLimit },
      page(async (request, reply) => {
        const response = request.body instanceof URLSearchParams ? request.body.get('SAMLResponse') : null;
        if (!response) throw new FaultError('SIGN_ON_FAILED', 'There is no answer of SAML in this.');
        const name = nameOf(request);
        const { code } = await signOn.acceptSaml(name, { response }, clientOf(request));
        // No cookie came along with the form of another site; with this it does.
        return reply.redirect(`/api/auth/saml/${name}/finish?code=${encodeURIComponent(code)}`, 303);
      }),
    );
  });
};

/** For the log of whoever runs Reeve; never shown to whoever signs in. */
const causeOf = ({ cause }: Error): string | undefined =>
  cause instanceof Error ? cause.message.slice(0, 300) : undefined;
