import type { ScimClient } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../context.ts';
import { faultOf, statusOf } from '../http/faults.ts';
import { baseUrlOf } from '../http/page-origin.ts';
import { addressOf } from './address.ts';
import type { Attempts } from './attempts.ts';

const prefix = '/scim/v2';
const contentType = 'application/scim+json; charset=utf-8';
const bodyLimit = 1024 * 1024;

/** These requests are signed in by tokens of their own. */
export const isScimPath = (path: string): boolean => path === prefix || path.startsWith(`${prefix}/`);

/** SCIM 2.0 for directories. What it says and how is identity's; here it is only carried over HTTP. */
export const registerScim = (
  app: FastifyInstance,
  services: Services,
  options: { trustProxy: boolean; attempts: Attempts },
): void => {
  const { scim } = services.identity;
  const { attempts } = options;

  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const known = faultOf(error);
    if (!known) services.log.error({ requestId: request.id, err: error }, 'a request of SCIM broke');
    const status = known ? statusOf(known) : 500;
    if (known?.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(known.retryAfterMs / 1000));
    return reply
      .status(status)
      .type(contentType)
      .send({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: String(status),
        detail: known?.message ?? 'Something broke inside Reeve.',
      });
  };

  /** Known before a byte of the body is read. */
  const clients = new WeakMap<FastifyRequest, ScimClient>();
  const admit = async (request: FastifyRequest): Promise<void> => {
    const address = addressOf(request.raw, options.trustProxy);
    const retryAfterMs = attempts.lockedFor('shared', address);
    if (retryAfterMs > 0)
      throw new FaultError('RATE_LIMIT', 'Too many wrong credentials from this address.', { retryAfterMs });
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const client = bearer === undefined ? null : await scim.authenticate(bearer);
    if (!client) {
      if (bearer !== undefined) attempts.failed('shared', address);
      throw new FaultError('AUTH_FAILED', 'This is no token of SCIM.');
    }
    clients.set(request, client);
  };

  void app.register(async (scope) => {
    scope.setErrorHandler(answerError);
    scope.addHook('onRequest', admit);
    // The body may have taken minutes, and the token may have been revoked meanwhile.
    scope.addHook('preValidation', admit);
    scope.addContentTypeParser(
      'application/scim+json',
      { parseAs: 'string', bodyLimit },
      scope.getDefaultJsonParser('error', 'error'),
    );
    scope.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: `${prefix}/*`,
      bodyLimit,
      handler: async (request, reply) => {
        const url = new URL(request.url, 'http://reeve.invalid');
        const { status, body } = await scim.handle(clients.get(request)!, {
          method: request.method,
          path: url.pathname.slice(prefix.length),
          query: url.searchParams,
          body: request.body,
          baseUrl: baseUrlOf(services.system, request) + prefix,
        });
        reply.status(status);
        return body === undefined ? reply.send() : reply.type(contentType).send(JSON.stringify(body));
      },
    });
  });
};
