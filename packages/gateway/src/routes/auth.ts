import type { SignedIn } from '@reeve/core';
import { FaultError, type TokenPair } from '@reeve/protocol';
import { begun, guessable, open, proving, type RequestContext, signedIn } from '../context.ts';
import { giveSession, sessionCookie } from '../http/cookie.ts';
import { originOf } from '../http/page-origin.ts';

const dayMs = 86_400_000;

type Answer = { status: 'ok'; tokens?: TokenPair } | { status: 'second-factor'; ticket: string };

/** A sign-in as the answer to it: the cookie goes into its header, tokens into its body. */
const present = (signedIn: SignedIn, { reply }: RequestContext): Answer => {
  if (signedIn.status === 'second-factor') return signedIn;
  if ('tokens' in signedIn) return { status: 'ok', tokens: signedIn.tokens };
  giveSession(reply, signedIn);
  return { status: 'ok' };
};

/** Ways in, and what programs sign in with. */
export const authRoutes = {
  methods: open.auth.methods.handler(({ context: { services, entrance } }) => ({
    mode: entrance.mode,
    password: true,
    sharedPassword: entrance.mode === 'password',
    passkey: true,
    resetByEmail: services.identity.signIn.canSendMail,
    providers: services.identity.signOn.providers().map((provider) => ({
      ...provider,
      url: `/api/auth/${provider.kind}/${provider.name}/start`,
    })),
  })),

  login: proving.auth.login.handler(async ({ input, context }) => {
    present(await context.services.identity.signIn.byLoginCode(input.code, context.client), context);
    return { ok: true as const };
  }),

  signIn: guessable.auth.signIn.handler(async ({ input, context }) => {
    const { services, client, entrance } = context;
    const { signIn } = services.identity;
    const { email, password, asTokens } = input;
    if (email !== undefined)
      return present(await signIn.byPassword({ email, password, asTokens }, client), context);
    const owner = await entrance.bySharedPassword(password);
    if (!owner) throw new FaultError('SIGN_IN_FAILED');
    return present(await signIn.open(owner, asTokens, client, 'shared password'), context);
  }),

  secondFactor: guessable.auth.secondFactor.handler(async ({ input, context }) =>
    present(await context.services.identity.signIn.bySecondFactor(input, context.client), context),
  ),

  passkeyOptions: begun.auth.passkeyOptions.handler(({ context: { services, reply } }) =>
    services.identity.signIn.passkeyOptions(originOf(reply.request)),
  ),
  passkeySignIn: guessable.auth.passkeySignIn.handler(async ({ input, context }) => {
    const origin = originOf(context.reply.request);
    return present(
      await context.services.identity.signIn.byPasskey({ ...input, origin }, context.client),
      context,
    );
  }),

  invite: proving.auth.invite.handler(({ input, context: { services } }) =>
    services.identity.signIn.readInvite(input.code),
  ),
  register: proving.auth.register.handler(async ({ input, context }) =>
    present(await context.services.identity.signIn.register(input, context.client), context),
  ),

  requestReset: guessable.auth.requestReset.handler(async ({ input, context: { services, client } }) => {
    await services.identity.signIn.requestReset(input.email, services.system.publicUrl(), client);
    return { ok: true as const };
  }),
  reset: proving.auth.reset.handler(async ({ input, context: { services, client } }) => {
    await services.identity.signIn.reset(input, client);
    return { ok: true as const };
  }),

  refresh: proving.auth.refresh.handler(({ input, context: { services, client } }) =>
    services.identity.signIn.refresh(input.refreshToken, client),
  ),
  jwks: open.auth.jwks.handler(async ({ context: { services } }) => ({
    keys: await services.identity.signIn.publicKeys(),
  })),

  logout: signedIn.auth.logout.handler(async ({ context: { services, principal, reply } }) => {
    await services.identity.signIn.logout(principal);
    reply.clearCookie(sessionCookie.name, sessionCookie.options(reply.request));
    return { ok: true as const };
  }),

  loginLink: signedIn.auth.loginLink.handler(({ context: { services, actor, principal } }) => ({
    url: `${services.system.url()}/login#code=${services.identity.signIn.newLoginCode(actor, principal)}`,
  })),

  createToken: signedIn.auth.createToken.handler(
    ({ input: { name, scopes, expiresInDays }, context: { services, actor, now } }) =>
      services.identity.keys.create(actor, {
        name,
        ...(scopes && { scopes }),
        ...(expiresInDays !== undefined && { expiresAt: now() + expiresInDays * dayMs }),
      }),
  ),
  listTokens: signedIn.auth.listTokens.handler(async ({ context: { services, actor } }) => ({
    tokens: await services.identity.keys.list(actor),
  })),
  revokeToken: signedIn.auth.revokeToken.handler(async ({ input, context: { services, actor } }) => {
    await services.identity.keys.revoke(actor, input.id);
    return { ok: true as const };
  }),
};
