import type { Principal } from '@reeve/core';
import type { OidcConfig } from '@reeve/protocol';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { openWorld } from './database.ts';

const issuer = 'https://id.example';
const other = 'https://other.example';
const client = { address: '127.0.0.1', userAgent: 'a test' };
const settings = (more: Partial<OidcConfig> = {}): OidcConfig => ({
  issuer,
  clientId: 'reeve',
  clientSecret: '',
  scopes: ['openid', 'email'],
  groupsClaim: 'groups',
  domains: [],
  label: '',
  tenant: 'home',
  roleMap: [],
  defaultRole: 'user',
  allowSignUp: true,
  ...more,
});

/** Somebody signed in, as the door knows them. */
const principalOf = (owner: { tenantId: string; userId: string }): Principal => ({
  actor: { ...owner, role: 'admin', channel: 'web' },
  by: 'cookie',
  credential: 'sgn_1',
});

interface Said {
  claims?: { [K in keyof JWTPayload]: JWTPayload[K] | undefined };
  /** Signs the token in place of the provider. */
  sign?: (claims: JWTPayload) => Promise<string> | string;
  discovery?: Record<string, unknown>;
  userinfo?: Record<string, unknown>;
}

/** A provider of which every answer can be made wrong. */
const openProvider = async (more: Partial<OidcConfig> = {}) => {
  const said: Said = {};
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const stranger = (await generateKeyPair('RS256')).privateKey;
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' };
  const signed = (claims: JWTPayload, key = privateKey) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(key);
  let current = issuer;
  const forms: URLSearchParams[] = [];
  const fetching: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const answer = (body: unknown) => Response.json(body);
    if (url.pathname === '/.well-known/openid-configuration')
      return answer({
        issuer: url.origin,
        authorization_endpoint: `${url.origin}/auth`,
        token_endpoint: `${url.origin}/token`,
        jwks_uri: `${url.origin}/jwks`,
        userinfo_endpoint: `${url.origin}/userinfo`,
        ...said.discovery,
      });
    if (url.pathname === '/jwks') return answer({ keys: [jwk] });
    if (url.pathname === '/userinfo') return answer(said.userinfo ?? { sub: 'u1' });
    const form = new URLSearchParams(String(init?.body));
    forms.push(form);
    const now = Math.floor(world.clock.now() / 1000);
    const claims = {
      iss: current,
      aud: 'reeve',
      sub: 'u1',
      email: 'ida@example.org',
      email_verified: true,
      groups: [],
      nonce: form.get('code'),
      iat: now,
      exp: now + 300,
      ...said.claims,
    } as JWTPayload;
    return answer({ id_token: await (said.sign ?? signed)(claims), access_token: 'a' });
  };
  const providers = { office: settings(more) as OidcConfig, second: settings({ issuer: other }) };
  const world = await openWorld({ settings: { oidc: providers }, fetch: fetching });
  const { signOn } = world.identity;
  /** A whole sign-in; `change` may alter the answer on its way. */
  const signIn = async (
    name: 'office' | 'second' = 'office',
    change: (answer: URLSearchParams) => void = () => {},
    owner?: { tenantId: string; userId: string },
  ) => {
    current = providers[name].issuer;
    const { url, ticket } = await signOn.begin(
      { kind: 'oidc', name },
      { baseUrl: 'https://reeve.example', returnTo: '/', ...(owner && { by: principalOf(owner) }) },
    );
    const asked = new URL(url).searchParams;
    // The code stands for what the provider remembers of the attempt.
    const answer = new URLSearchParams({ code: asked.get('nonce')!, state: asked.get('state')! });
    change(answer);
    const { signedIn } = await signOn.finishOidc(name, { ticket, answer }, client);
    return { owner: signedIn && 'owner' in signedIn ? signedIn.owner : null, asked };
  };
  return { world, said, signIn, signed, stranger, forms, providers };
};

const notBelieved = { fault: { code: 'SIGN_ON_FAILED' } };
const refused = { fault: { code: 'SIGN_ON_REFUSED' } };

test('F241 the request carries PKCE, state and nonce, and the code comes back with the verifier', async () => {
  const { signIn, forms } = await openProvider();
  const { asked, owner } = await signIn();
  expect(owner).not.toBeNull();
  expect(Object.fromEntries(asked)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: 'https://reeve.example/api/auth/oidc/office/callback',
  });
  const verifier = forms[0]!.get('code_verifier')!;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  expect(Buffer.from(digest).toString('base64url')).toBe(asked.get('code_challenge'));
});

test('F241 an ID token that is not the provider’s, not ours, not of this attempt or not of now is not believed', async () => {
  const { said, signIn, signed, stranger, world } = await openProvider();
  const now = Math.floor(world.clock.now() / 1000);
  const wrong: Said[] = [
    { claims: { iss: other } },
    { claims: { aud: 'somebody-else' } },
    { claims: { aud: ['reeve', 'somebody-else'] } },
    { claims: { azp: 'somebody-else' } },
    { claims: { nonce: 'another' } },
    { claims: { nonce: undefined } },
    { claims: { exp: now - 120 } },
    { claims: { exp: undefined } },
    { claims: { sub: '' } },
    { claims: { iat: undefined } },
    { sign: (claims) => signed(claims, stranger) },
    { sign: (claims) => new UnsecuredJWT(claims).encode() },
    // With the public key as if it were a shared secret.
    {
      sign: (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
          .sign(new TextEncoder().encode('k'.repeat(64))),
    },
    { sign: () => 'not.a.token' },
  ];
  for (const one of wrong) {
    delete said.claims;
    delete said.sign;
    Object.assign(said, one);
    await expect(signIn()).rejects.toMatchObject(notBelieved);
  }
  expect(world.identity.findByEmail('ida@example.org')).toBeNull();
});

test('F241 an answer of another provider, without its state, or twice, is not believed', async () => {
  const { signIn } = await openProvider();
  const changes: ((answer: URLSearchParams) => void)[] = [
    (answer) => answer.set('state', 'x'),
    (answer) => answer.delete('state'),
    (answer) => answer.append('state', 'x'),
    (answer) => answer.append('code', 'd'),
    (answer) => answer.delete('code'),
    (answer) => answer.set('iss', other),
  ];
  for (const change of changes) await expect(signIn('office', change)).rejects.toMatchObject(notBelieved);
  await expect(signIn('office', (answer) => answer.set('error', 'access_denied'))).rejects.toMatchObject(
    refused,
  );
  await expect(signIn('office', (answer) => answer.set('iss', issuer))).resolves.toBeTruthy();
});

test('F241 a provider that must name itself in the answer, and does not, is not believed', async () => {
  const { said, signIn } = await openProvider();
  said.discovery = { authorization_response_iss_parameter_supported: true };
  await expect(signIn()).rejects.toMatchObject(notBelieved);
});

test('F241 the answer to one provider is not taken by another', async () => {
  const { world } = await openProvider();
  const { signOn } = world.identity;
  const { url, ticket } = await signOn.begin(
    { kind: 'oidc', name: 'office' },
    { baseUrl: 'https://reeve.example', returnTo: '/' },
  );
  const answer = new URLSearchParams({ code: 'c', state: new URL(url).searchParams.get('state')! });
  await expect(signOn.finishOidc('second', { ticket, answer }, client)).rejects.toMatchObject(notBelieved);
});

test('F241 two issuers who call people alike mean two people', async () => {
  const { said, signIn } = await openProvider();
  const first = await signIn('office');
  said.claims = { email: 'ira@example.org' };
  const second = await signIn('second');
  expect(second.owner!.userId).not.toBe(first.owner!.userId);
  // And later none of them is found by an address that has changed.
  said.claims = { email: 'ira@example.org' };
  expect((await signIn('office')).owner).toEqual(first.owner);
});

test('F241 an unverified address opens and makes no account, whatever else is said', async () => {
  const { said, signIn, world } = await openProvider();
  for (const claims of [
    { email_verified: false },
    { email_verified: undefined },
    { email_verified: 'yes' },
    { email: undefined },
  ]) {
    said.claims = claims;
    await expect(signIn()).rejects.toMatchObject(refused);
  }
  expect(world.identity.people.list('home')).toHaveLength(1);
});

test('F241 domains are compared whole', async () => {
  const { said, signIn } = await openProvider({ domains: ['example.org'] });
  for (const email of [
    'a@evil-example.org',
    'a@example.org.evil.net',
    'a@sub.example.org',
    'a@example.com',
  ]) {
    said.claims = { email };
    await expect(signIn()).rejects.toMatchObject(refused);
  }
  said.claims = { email: 'a@EXAMPLE.org' };
  await expect(signIn()).resolves.toBeTruthy();
});

test('F241 what userinfo says counts only for the person of the token', async () => {
  const { said, signIn } = await openProvider();
  said.claims = { email: undefined, email_verified: undefined };
  said.userinfo = { sub: 'u2', email: 'victim@example.org', email_verified: true };
  await expect(signIn()).rejects.toMatchObject(notBelieved);
  said.userinfo = { sub: 'u1', email: 'ida@example.org', email_verified: true };
  await expect(signIn()).resolves.toBeTruthy();
});

test('F241 what is connected with one account cannot be connected with another', async () => {
  const { signIn } = await openProvider();
  const { owner } = await signIn();
  await expect(signIn('office', undefined, { tenantId: 'home', userId: 'owner' })).rejects.toMatchObject(
    refused,
  );
  expect((await signIn()).owner).toEqual(owner);
});

test('F241 of ten first sign-ins at once comes one account', async () => {
  const { world, signIn } = await openProvider();
  const all = await Promise.all(Array.from({ length: 10 }, () => signIn()));
  expect(new Set(all.map(({ owner }) => owner!.userId)).size).toBe(1);
  expect(world.identity.people.list('home')).toHaveLength(2);
});

test('F241 a provider without HTTPS is asked nothing', async () => {
  const { signIn } = await openProvider({ issuer: 'http://id.example' });
  await expect(signIn()).rejects.toMatchObject(notBelieved);
});

test('F241 an attempt ends after ten minutes', async () => {
  const { world } = await openProvider();
  const { signOn } = world.identity;
  const { url, ticket } = await signOn.begin(
    { kind: 'oidc', name: 'office' },
    { baseUrl: 'https://reeve.example', returnTo: '/' },
  );
  await world.clock.advance(10 * 60_000 + 1);
  const answer = new URLSearchParams({ code: 'c', state: new URL(url).searchParams.get('state')! });
  await expect(signOn.finishOidc('office', { ticket, answer }, client)).rejects.toMatchObject(notBelieved);
});

test('F233 a provider of one tenant opens no account of another', async () => {
  const { world, said, signIn, providers } = await openProvider();
  const admin = { tenantId: 'home', userId: 'owner', role: 'admin', channel: 'cli' };
  const { id } = await world.identity.administration.createTenant(admin, 'Other');
  const first = await signIn();
  providers.office = settings({ tenant: id });
  await expect(signIn()).rejects.toMatchObject(refused);
  said.claims = { sub: 'u7' };
  await expect(signIn()).rejects.toMatchObject(refused);
  expect(first.owner!.tenantId).toBe('home');
});
