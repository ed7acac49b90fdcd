import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import type { Actor, Clock, Principal } from '@reeve/core';
import { type Config, deepestNesting, FaultError, fault, isTooDeep } from '@reeve/protocol';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { openAiActionOf, openAiPermissions } from './api-actions.ts';
import type { RequestContext, Services } from './context.ts';
import { answerClientError, bareHeaders } from './http/client-error.ts';
import { sessionCookie } from './http/cookie.ts';
import { type CredentialWatch, watchCredential } from './http/credential-watch.ts';
import type { DocsPage } from './http/docs-page.ts';
import { faultBody, faultOf, statusOf, toRpcError } from './http/faults.ts';
import { openPaths } from './http/open-paths.ts';
import { createOriginPolicy } from './http/origin.ts';
import { hurry, strangersBodyBytes } from './http/strangers.ts';
import { addressOf } from './identity/address.ts';
import { type Admission, createAdmission, isMessageAction } from './identity/admission.ts';
import { type Attempts, createAttempts } from './identity/attempts.ts';
import { createEntrance, type Entrance, isSameSite } from './identity/entrance.ts';
import { isScimPath, registerScim } from './identity/scim-routes.ts';
import { isPostedByOthers, isSignOnPath, registerSignOn } from './identity/sign-on-routes.ts';
import { sendOpenAiError } from './openai/errors.ts';
import { registerOpenAiRoutes } from './openai/routes.ts';
import { registerPage } from './page/routes.ts';
import { router } from './routes/router.ts';
import { isWireUpgrade, openWire } from './wire/upgrade.ts';

export interface GatewayOptions {
  allowedHosts: readonly string[];
  corsOrigins: readonly string[];
  bodyLimitBytes: number;
  trustProxy: boolean;
  host: string;
  auth: Config['gateway']['auth'];
  clock: Clock;
}

export interface Gateway {
  /** Resolves to the port. Throws FaultError PORT_TAKEN. */
  listen(host: string, port: number): Promise<number>;
  /** Refuses new work and lets answers end. */
  close(): Promise<void>;
}

const heartbeatMs = 15_000;
const halfYearSeconds = 15_552_000;
/** In which time a request must have arrived whole: the largest one over a slow line, and no more. */
const requestMs = 300_000;

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
    credential: CredentialWatch | null;
  }
}

/**
 * The one HTTP door: who calls, from where, may they; then the contract's routes, the OpenAI surface, the page. The way
 * to sign in must have passed {@link checkAuthMode}.
 */
export const createGateway = async (services: Services, options: GatewayOptions): Promise<Gateway> => {
  const { identity, log } = services;
  const entrance = createEntrance(identity, options);
  const origins = createOriginPolicy(options);
  const attempts = createAttempts(options.clock);
  const admission = createAdmission(services.core);

  const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const known = faultOf(error);
    if (!known)
      log.error(
        { requestId: request.id, method: request.method, path: pathOf(request), err: error },
        'a request broke',
      );
    const value = services.secrets.redactor.deep(known ?? fault('INTERNAL_ERROR'));
    if (value.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(value.retryAfterMs / 1000));
    if (request.url.startsWith('/v1/')) sendOpenAiError(reply, value);
    else
      void reply
        .status(statusOf(value))
        .send(faultBody(value, options.clock.now(), known ? undefined : request.id));
  };
  const app = fastify({
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: requestMs,
    trustProxy: options.trustProxy,
    logger: false,
    forceCloseConnections: true,
    http: { shouldUpgradeCallback: isWireUpgrade },
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: (error, request, reply) => refuse(error, request, reply.headers(bareHeaders)),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, options.clock.now()),
  });
  app.setErrorHandler(refuse);
  app.setNotFoundHandler(() => {
    throw new FaultError('METHOD_NOT_FOUND');
  });

  app.decorateRequest('principal', null);
  app.decorateRequest('credential', null);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    // Said below, where the request came over TLS (RFC 6797, section 7.2).
    strictTransportSecurity: false,
  });
  app.addHook('onRequest', async ({ method, url, protocol, headers: { host, origin } }, reply) => {
    // What is said here is private: no cache keeps it, unless a route knows better.
    reply.header('cache-control', 'no-store');
    if (protocol === 'https') reply.header('strict-transport-security', `max-age=${halfYearSeconds}`);
    if (!origins.isHostAllowed(host)) throw new FaultError('ORIGIN_REFUSED');
    const isPosted = isPostedByOthers(method, url.split('?', 1)[0]!);
    if (!isPosted && !origins.isOriginAllowed(origin, host!)) throw new FaultError('ORIGIN_REFUSED');
  });
  if (options.corsOrigins.length > 0) {
    await app.register(cors, {
      origin: (origin, allow) => allow(null, origins.isCorsOrigin(origin) ? origin! : false),
      credentials: false,
      methods: contractMethods,
      exposedHeaders: ['x-reeve-session', 'x-reeve-run', 'retry-after'],
    });
  }

  await app.register(cookie);
  app.addHook('onRequest', async (request, reply) => {
    if (isScimPath(pathOf(request))) return hurry(request, options.clock);
    const { authorization, origin } = request.headers;
    // A page of a configured origin brings a token of its own: what a browser sends by itself counts for ours alone.
    const isOtherPage = origins.isCorsOrigin(origin);
    const bearer = authorization === undefined ? undefined : /^Bearer (.+)$/i.exec(authorization)?.[1];
    const isOpenAi = request.url.startsWith('/v1/');
    const found = await entrance.admit({
      bearer,
      cookie: isOtherPage ? undefined : request.cookies[sessionCookie.name],
      channel: isOpenAi ? 'openai' : 'http',
      peer: request.socket.remoteAddress,
      header: (name) => headerOf(request, name),
      lockedMs: () => attempts.lockedFor('shared', addressOf(request.raw, options.trustProxy)),
    });
    // What a proxy or this machine says of a browser counts for our own page alone.
    const isForeign =
      (found?.by === 'proxy' || found?.by === 'none') && (isOtherPage || !isSameSite(request.headers));
    const principal = isForeign ? null : found;
    // Guessing over HTTP must not be the way around the limit of the sockets.
    if (!principal && bearer !== undefined)
      attempts.failed('shared', addressOf(request.raw, options.trustProxy));
    // A cookie goes along with whatever makes a browser call: only a page of ours may change anything by it.
    if (principal?.by === 'cookie' && !isReadOnly(request.method) && !isSameOrigin(request))
      throw new FaultError('ORIGIN_REFUSED');
    request.principal = principal;
    request.credential = principal && watchCredential(identity, principal, reply);
    if (principal && isOpenAi) {
      const action = openAiActionOf(pathOf(request));
      await admission.admit({
        actor: principal.actor,
        address: addressOf(request.raw, options.trustProxy),
        action,
        permission: openAiPermissions[action],
        isMessage: isMessageAction(action),
      });
    }
    const path = pathOf(request);
    if (!principal && !openPaths.has(path) && !isSignOnPath(path) && !page.isOpen(request.method, path))
      throw new FaultError('AUTH_FAILED');
    if (!principal) hurry(request, options.clock);
  });

  app.addHook('preValidation', async ({ body, credential }) => {
    // The body may have taken minutes: what was revoked meanwhile does nothing any more.
    if (credential?.isRevoked) throw new FaultError('AUTH_FAILED');
    if (isTooDeep(body))
      throw new FaultError('INVALID_PARAMS', `The body is nested more than ${deepestNesting} levels deep.`);
  });

  const page = registerPage(app);
  registerOpenAiRoutes(app, services, { actorOf, now: options.clock.now });
  registerSignOn(app, services, { ...options, attempts });
  registerScim(app, services, { ...options, attempts });
  registerDocs(app);
  const wire = openWire(app.server, services, { ...options, origins, attempts, entrance, admission });
  registerContract(app, services, { ...options, attempts, entrance, admission }, wire.clients);

  return {
    async listen(host, port) {
      try {
        await app.listen({ host, port });
      } catch (error) {
        const code = (error as { code?: string }).code;
        if (code === 'EADDRINUSE')
          throw new FaultError('PORT_TAKEN', `Port ${port} on ${host} is in use by another program.`);
        if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
          throw new FaultError('PORT_TAKEN', `Reeve cannot listen on ${host}:${port} (${code}).`);
        throw error;
      }
      const address = app.server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    async close() {
      await wire.close();
      await app.close();
    },
  };
};

const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
};

const pathOf = (request: FastifyRequest) => request.url.split('?', 1)[0]!;

const actorOf = (request: FastifyRequest): Actor => {
  if (!request.principal) throw new FaultError('AUTH_FAILED');
  return request.principal.actor;
};

const isReadOnly = (method: string) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/** Browsers say where a request began; one that says neither is too old to be trusted with a cookie. */
const isSameOrigin = ({ headers }: FastifyRequest): boolean =>
  headers['sec-fetch-site'] !== undefined
    ? headers['sec-fetch-site'] === 'same-origin'
    : headers.origin !== undefined;

const contractMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

const isStream = (output: unknown): output is AsyncGenerator =>
  typeof output === 'object' && output !== null && Symbol.asyncIterator in output;

/** A stream that breaks on its way ends with an error event of the same shape as any other error. */
async function* withFaults(items: AsyncGenerator, toError: (error: unknown) => Error): AsyncGenerator {
  try {
    return yield* items;
  } catch (error) {
    throw toError(error);
  }
}

/** Every route of the contract. Unmatched paths are METHOD_NOT_FOUND. */
const registerContract = (
  app: FastifyInstance,
  services: Services,
  options: GatewayOptions & { attempts: Attempts; entrance: Entrance; admission: Admission },
  wireClients: () => number,
): void => {
  const toError = (error: unknown, signal: AbortSignal | undefined) => {
    const known = faultOf(error);
    // Whoever left in the middle gets no answer, and nothing broke.
    if (!known && !signal?.aborted) services.log.error({ err: error }, 'a procedure broke');
    const value = services.secrets.redactor.deep(known ?? fault('INTERNAL_ERROR'));
    return toRpcError(value, options.clock.now());
  };
  const handler = new OpenAPIHandler<RequestContext>(router, {
    customErrorResponseBodyEncoder: (error) =>
      faultBody(faultOf(error) ?? fault('INTERNAL_ERROR'), options.clock.now()),
    eventIteratorKeepAliveInterval: heartbeatMs,
    clientInterceptors: [
      async ({ next, context, signal }) => {
        try {
          const output = await next();
          return isStream(output) ? withFaults(output, (error) => toError(error, signal)) : output;
        } catch (error) {
          const rpcError = toError(error, signal);
          const { retryAfterMs } = rpcError.data;
          if (retryAfterMs !== undefined) context.reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
          throw rpcError;
        }
      },
    ],
  });
  const answer = {
    method: contractMethods,
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const { matched } = await handler.handle(request, reply, {
        context: {
          services,
          principal: request.principal,
          reply,
          client: {
            address: addressOf(request.raw, options.trustProxy),
            userAgent: String(request.headers['user-agent'] ?? ''),
          },
          attempts: options.attempts,
          admission: options.admission,
          entrance: options.entrance,
          now: options.clock.now,
          wireClients,
        },
      });
      if (!matched) throw new FaultError('METHOD_NOT_FOUND');
      return reply;
    },
  };
  app.route({ ...answer, url: '/*' });
  for (const url of openPaths)
    if (url.startsWith('/api/')) app.route({ ...answer, url, bodyLimit: strangersBodyBytes });
};

/** The reference of the API, offline: the document and a page to read it, both made when first asked for. */
const registerDocs = (app: FastifyInstance): void => {
  let document: Promise<Record<string, unknown>> | undefined;
  app.get(
    '/api/openapi.json',
    () => (document ??= import('./http/openapi.ts').then(({ buildOpenApi }) => buildOpenApi())),
  );

  let page: Promise<DocsPage> | undefined;
  const serve = async (request: FastifyRequest, reply: FastifyReply) => {
    const { createDocsPage, docsSecurityPolicy } = await import('./http/docs-page.ts');
    page ??= createDocsPage();
    const { status, contentType, body, location } = await (await page).get(pathOf(request));
    if (location !== undefined) reply.header('location', location);
    return reply
      .status(status)
      .header('content-security-policy', docsSecurityPolicy)
      .type(contentType)
      .send(body);
  };
  app.get('/api/docs', serve);
  app.get('/api/docs/*', serve);
};
