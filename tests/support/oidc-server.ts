import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface OidcUser {
  sub: string;
  email: string;
  email_verified: boolean;
  name: string;
  groups: string[];
}

export interface OidcServer {
  issuer: string;
  /** Who is signed in there, whoever asks. */
  user: OidcUser;
  /** Requests to it, as `METHOD /path`. */
  requests: string[];
  close(): Promise<void>;
}

/** Put together, so that nobody takes it for a secret. */
export const clientSecret = ['not', 'a', 'real', 'secret', 'of', 'any', 'length'].join('-');

/** A real OpenID provider on this machine, under the name `localhost`: another site than 127.0.0.1. Everybody is signed in there. */
export const startOidcServer = async (redirectUris: () => string[]): Promise<OidcServer> => {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const state: { user: OidcUser } = {
    user: { sub: 'u-1', email: 'ida@example.org', email_verified: true, name: 'Ida', groups: [] },
  };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'reeve',
        client_secret: clientSecret,
        redirect_uris: redirectUris(),
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ ...state.user, sub: accountId }),
    }),
    cookies: { keys: ['a key of a test'] },
    ttl: { Session: 60, Grant: 60, Interaction: 60 },
  });
  const requests: string[] = [];
  const handle = provider.callback();
  server.on('request', (request, response) => {
    requests.push(`${request.method} ${request.url!.split('?')[0]}`);
    if (!request.url!.startsWith('/interaction/')) return void handle(request, response);
    void (async () => {
      const { prompt, params, session } = await provider.interactionDetails(request, response);
      const accountId = session?.accountId ?? state.user.sub;
      if (prompt.name === 'login')
        return provider.interactionFinished(request, response, { login: { accountId, remember: false } });
      const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) });
      grant.addOIDCScope('openid email profile groups');
      const grantId = await grant.save();
      return provider.interactionFinished(
        request,
        response,
        { consent: { grantId } },
        { mergeWithLastSubmission: true },
      );
    })();
  });
  return {
    issuer,
    requests,
    get user() {
      return state.user;
    },
    set user(user) {
      state.user = user;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
