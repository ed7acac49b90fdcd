import { open, signedIn } from '../context.ts';
import { sessionCookie } from '../http/cookie.ts';

export const authRoutes = {
  login: open.auth.login.handler(async ({ input, context: { services, reply } }) => {
    const { cookie, maxAgeMs } = await services.identity.login(input.code);
    reply.setCookie(sessionCookie.name, cookie, {
      ...sessionCookie.options(reply.request),
      maxAge: Math.floor(maxAgeMs / 1000),
    });
    return { ok: true as const };
  }),

  logout: signedIn.auth.logout.handler(async ({ context: { services, reply } }) => {
    const cookie = reply.request.cookies[sessionCookie.name];
    if (cookie !== undefined) await services.identity.logout(cookie);
    reply.clearCookie(sessionCookie.name, sessionCookie.options(reply.request));
    return { ok: true as const };
  }),

  loginLink: signedIn.auth.loginLink.handler(({ context: { services } }) => ({
    url: `${services.system.url()}/login#code=${services.identity.newLoginCode()}`,
  })),

  createToken: signedIn.auth.createToken.handler(({ input, context: { services } }) =>
    services.identity.createToken(input.name),
  ),
  listTokens: signedIn.auth.listTokens.handler(async ({ context: { services } }) => ({
    tokens: await services.identity.listTokens(),
  })),
  revokeToken: signedIn.auth.revokeToken.handler(async ({ input, context: { services } }) => {
    await services.identity.revokeToken(input.id);
    return { ok: true as const };
  }),
};
