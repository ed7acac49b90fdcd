import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { loadPage, type PageFile } from './page.ts';

export interface PageRoutes {
  /** Whether a request may be answered before sign-in: the page's files, and the redirect to its sign-in. */
  isOpen(method: string, path: string): boolean;
}

/** The page: one document under each of its views, and its files under names that may be cached for ever. */
export const registerPage = (app: FastifyInstance): PageRoutes => {
  const page = loadPage();
  const send = (reply: FastifyReply, file: PageFile) => {
    if (file.encoding) reply.header('content-encoding', file.encoding);
    if (file.isImmutable) reply.header('cache-control', 'public, max-age=31536000, immutable');
    return reply.header('vary', 'accept-encoding').type(file.contentType).send(file.body);
  };
  const pathOf = (request: FastifyRequest) => request.url.split('?', 1)[0]!;
  const acceptOf = (request: FastifyRequest) => String(request.headers['accept-encoding'] ?? '');

  // Without a session only the sign-in is shown, which is the same document.
  const view = async (request: FastifyRequest, reply: FastifyReply) => {
    const path = pathOf(request);
    if (!request.principal && path !== '/login') return reply.redirect('/login');
    reply.header('content-security-policy', page.contentSecurityPolicy);
    return send(reply, await page.read('/index.html', acceptOf(request)));
  };
  for (const url of ['/', '/login', '/approvals', '/s/:id', '/settings', '/settings/:section'])
    app.get(url, view);

  const file = async (request: FastifyRequest, reply: FastifyReply) => {
    const path = pathOf(request);
    if (!page.isFile(path)) return reply.callNotFound();
    // A service worker asks for the page's files under the policy that it came with itself.
    if (path === '/sw.js') reply.header('content-security-policy', page.contentSecurityPolicy);
    return send(reply, await page.read(path, acceptOf(request)));
  };
  for (const url of [
    '/assets/:name',
    '/icon.svg',
    '/icon-192.png',
    '/icon-512.png',
    '/manifest.webmanifest',
    '/sw.js',
  ])
    app.get(url, file);
  // Browsers ask for it on every page that names no icon.
  app.get('/favicon.ico', (_request, reply) => reply.status(204).send());

  return {
    isOpen: (method, path) =>
      (method === 'GET' || method === 'HEAD') &&
      (page.isView(path) || page.isFile(path) || path === '/favicon.ico'),
  };
};
