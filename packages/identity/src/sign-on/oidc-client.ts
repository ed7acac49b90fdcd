import { hash } from 'node:crypto';
import type { Clock } from '@reeve/core';
import { FaultError, type OidcConfig } from '@reeve/protocol';
import { z } from 'zod';
import { isSame } from '../secrets.ts';
import { type Claims, textsOf } from './claims.ts';

const timeoutMs = 10_000;
/** How long what a provider says of itself is believed. */
const discoveryMs = 60 * 60_000;
/** Clocks may differ by so much, seconds. */
const skew = 60;
/** Signatures that need the provider's private key. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});
type Discovery = z.infer<typeof discoverySchema>;

/** What has to be kept between the two halves of a sign-in. */
export interface OidcAttempt {
  issuer: string;
  state: string;
  nonce: string;
  verifier: string;
  redirectUri: string;
}

/** OpenID Connect, authorization code flow with PKCE (RFC 6749, 7636, 9207; OpenID Connect Core 1.0). */
export interface OidcClient {
  /** The address to send the browser to. Throws FaultError SIGN_ON_FAILED. */
  authorize(settings: OidcConfig, attempt: Omit<OidcAttempt, 'issuer'>): Promise<string>;
  /** Throws FaultError SIGN_ON_FAILED, SIGN_ON_REFUSED. */
  finish(
    settings: OidcConfig,
    secret: string,
    attempt: OidcAttempt,
    answer: URLSearchParams,
  ): Promise<Claims>;
}

const failed = (why: string, cause?: unknown) =>
  new FaultError('SIGN_ON_FAILED', `The sign-in could not be believed: ${why}.`, { cause });

export const createOidcClient = (deps: { clock: Clock; fetch: typeof fetch }): OidcClient => {
  const { clock } = deps;
  const known = new Map<string, { at: number; found: Promise<Discovery> }>();

  const ask = async (url: string, init: RequestInit = {}): Promise<unknown> => {
    checkAddress(url);
    const response = await deps
      .fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
      .catch((error: unknown) => {
        throw failed(`${new URL(url).host} does not answer`, error);
      });
    if (!response.ok) throw failed(`${new URL(url).host} answered ${response.status}`);
    return response.json().catch((error: unknown) => {
      throw failed(`${new URL(url).host} did not answer with JSON`, error);
    });
  };

  const discover = (issuer: string): Promise<Discovery> => {
    const before = known.get(issuer);
    if (before && clock.now() - before.at < discoveryMs) return before.found;
    const read = async () => {
      const said = await ask(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
      const { success, data } = discoverySchema.safeParse(said);
      if (!success) throw failed('the provider does not describe itself');
      if (data.issuer !== issuer) throw failed('the provider calls itself otherwise');
      // Only a provider on this machine has business with what else listens here.
      const needsHttps = !isLocal(issuer);
      for (const url of endpointsOf(data)) checkAddress(url, needsHttps);
      return data;
    };
    const found = read().catch((error: unknown) => {
      known.delete(issuer);
      throw error;
    });
    known.set(issuer, { at: clock.now(), found });
    return found;
  };

  type KeySet = ReturnType<typeof import('jose')['createRemoteJWKSet']>;
  const keySets = new Map<string, KeySet>();
  const keysOf = async (url: string): Promise<KeySet> => {
    const { createRemoteJWKSet, customFetch } = await import('jose');
    const keys = keySets.get(url) ?? createRemoteJWKSet(new URL(url), { [customFetch]: deps.fetch });
    keySets.set(url, keys);
    return keys;
  };

  const exchange = async (
    { clientId }: OidcConfig,
    secret: string,
    provider: Discovery,
    form: Record<string, string>,
  ): Promise<{ idToken: string; accessToken: string | null }> => {
    const methods = provider.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const isBasic = secret !== '' && methods.includes('client_secret_basic');
    const basic = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
    const said = (await ask(provider.token_endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        ...(isBasic && { authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
      },
      body: new URLSearchParams({
        ...form,
        ...(!isBasic && { client_id: clientId, ...(secret !== '' && { client_secret: secret }) }),
      }),
    })) as { id_token?: unknown; access_token?: unknown } | null;
    if (typeof said?.id_token !== 'string') throw failed('there is no ID token');
    return {
      idToken: said.id_token,
      accessToken: typeof said.access_token === 'string' ? said.access_token : null,
    };
  };

  /** What the ID token says, once it is the provider's, ours, of this attempt and of now. */
  const verify = async (
    { issuer, clientId }: OidcConfig,
    provider: Discovery,
    idToken: string,
    nonce: string,
  ): Promise<Record<string, unknown> & { sub: string }> => {
    const { jwtVerify } = await import('jose');
    const { payload } = await jwtVerify(idToken, await keysOf(provider.jwks_uri), {
      issuer,
      audience: clientId,
      algorithms,
      clockTolerance: skew,
      currentDate: new Date(clock.now()),
      requiredClaims: ['sub', 'iat', 'exp', 'nonce'],
    }).catch((error: unknown) => {
      throw failed('the ID token is not valid', error);
    });
    const { sub, aud, azp, nonce: said } = payload;
    if (typeof said !== 'string' || !isSame(said, nonce)) throw failed('the ID token is of another attempt');
    if (azp !== undefined ? azp !== clientId : Array.isArray(aud) && aud.length > 1)
      throw failed('the ID token is for another client');
    if (typeof sub !== 'string' || sub === '') throw failed('the ID token names nobody');
    return { ...payload, sub };
  };

  return {
    async authorize(settings, { state, nonce, verifier, redirectUri }) {
      checkAddress(settings.issuer);
      const { authorization_endpoint } = await discover(settings.issuer);
      const url = new URL(authorization_endpoint);
      const params = {
        response_type: 'code',
        client_id: settings.clientId,
        redirect_uri: redirectUri,
        scope: [...new Set(['openid', ...settings.scopes])].join(' '),
        state,
        nonce,
        code_challenge: hash('sha256', verifier, 'base64url'),
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
      return url.href;
    },

    async finish(settings, secret, { issuer, state, nonce, verifier, redirectUri }, answer) {
      // A provider that was exchanged in the configuration meanwhile has no say in what was begun before.
      if (settings.issuer !== issuer) throw failed('the provider has changed');
      const only = (name: string): string | null => {
        const values = answer.getAll(name);
        if (values.length > 1) throw failed(`there are two of ${name}`);
        return values[0] ?? null;
      };
      if (!isSame(only('state') ?? '', state)) throw failed('the answer is to another attempt');
      const provider = await discover(issuer);
      const from = only('iss');
      if (from === null ? provider.authorization_response_iss_parameter_supported === true : from !== issuer)
        throw failed('the answer comes from another provider');
      if (answer.has('error'))
        throw new FaultError('SIGN_ON_REFUSED', 'The other place did not sign you in.');
      const code = only('code');
      if (!code) throw failed('there is no code');
      const { idToken, accessToken } = await exchange(settings, secret, provider, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      });
      const token = await verify(settings, provider, idToken, nonce);
      const isIncomplete = token['email'] === undefined || token[settings.groupsClaim] === undefined;
      const more =
        isIncomplete && provider.userinfo_endpoint && accessToken !== null
          ? await ask(provider.userinfo_endpoint, { headers: { authorization: `Bearer ${accessToken}` } })
          : null;
      const info = typeof more === 'object' && more !== null ? (more as Record<string, unknown>) : {};
      if (more !== null && info['sub'] !== token.sub) throw failed('two people were named');
      const all = { ...info, ...token } as Record<string, unknown>;
      return {
        issuer,
        subject: token.sub,
        email: typeof all['email'] === 'string' ? all['email'] : null,
        isEmailVerified: isVerified(token, info),
        name: textsOf(all['name'])[0] ?? null,
        groups: textsOf(all[settings.groupsClaim]),
      };
    },
  };
};

/** Said by whichever of the two named the address. */
const isVerified = (token: Record<string, unknown>, info: Record<string, unknown>): boolean => {
  const said = (token['email'] === undefined ? info : token)['email_verified'];
  return said === true || said === 'true';
};

const endpointsOf = (provider: Discovery): string[] => [
  provider.authorization_endpoint,
  provider.token_endpoint,
  provider.jwks_uri,
  ...(provider.userinfo_endpoint ? [provider.userinfo_endpoint] : []),
];

const isLocal = (address: string): boolean => {
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.[\d.]+$/.test(hostname);
};

/** Names and keys go over the network in the clear only within this machine. */
const checkAddress = (address: string, needsHttps = false): void => {
  const { protocol } = new URL(address);
  if (protocol !== 'https:' && (needsHttps || protocol !== 'http:' || !isLocal(address)))
    throw failed('the provider does not use HTTPS');
};
