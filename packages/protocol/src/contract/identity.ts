import { oc } from '@orpc/contract';
import { z } from 'zod';
import {
  channelLinkSchema,
  connectionSchema,
  keySchema,
  passkeySchema,
  personSchema,
  scopeSchema,
  signedInSchema,
  signInSessionSchema,
  signOnProviderSchema,
  tokenPairSchema,
  wireDeviceSchema,
} from '../identity.ts';
import { jsonSchema, timeSchema } from '../nouns.ts';
import { permissionSchema } from '../permissions.ts';

const ok = z.object({ ok: z.literal(true) });
const id = z.string().min(1).max(128);
const code = z.string().min(1).max(200);
const email = z.email().max(254);
/** Longer ones cost time and add nothing. */
const password = z.string().min(1).max(256);
const personName = z.string().trim().min(1).max(100);
const asTokens = z
  .boolean()
  .default(false)
  .describe('Answer with an access and a refresh token instead of a cookie.');
const ceremony = z.object({ ticket: z.string(), options: z.record(z.string(), jsonSchema) });
const passkeyAnswer = z.record(z.string(), jsonSchema).describe('What the browser answered, as JSON.');
const totpCode = z.string().regex(/^\d{6}$/, 'must be six digits');

/** How to get in, and with what. */
const auth = {
  methods: oc
    .route({
      method: 'GET',
      path: '/api/auth/methods',
      tags: ['auth'],
      summary: 'Ways to sign in (no sign-in needed)',
    })
    .output(
      z.object({
        mode: z.enum(['token', 'password', 'device-token', 'trusted-proxy', 'none']),
        password: z.boolean(),
        sharedPassword: z.boolean(),
        passkey: z.boolean(),
        resetByEmail: z.boolean(),
        providers: z
          .array(signOnProviderSchema.extend({ url: z.string().describe('Open it to sign in there.') }))
          .describe('Places to sign in with instead.'),
      }),
    ),
  login: oc
    .route({
      method: 'POST',
      path: '/api/auth/login',
      tags: ['auth'],
      summary: 'Exchange the one-time login code for a cookie session',
    })
    .input(z.object({ code }))
    .output(ok),
  signIn: oc
    .route({
      method: 'POST',
      path: '/api/auth/sign-in',
      tags: ['auth'],
      summary: 'Sign in by e-mail and password; without e-mail by the shared password of the gateway',
    })
    .input(z.object({ email: email.optional(), password, asTokens }))
    .output(signedInSchema),
  secondFactor: oc
    .route({
      method: 'POST',
      path: '/api/auth/second-factor',
      tags: ['auth'],
      summary: 'Complete a sign-in by a code of the authenticator or a recovery code',
    })
    .input(z.object({ ticket: code, code: z.string().trim().min(6).max(32), asTokens }))
    .output(signedInSchema),
  passkeyOptions: oc
    .route({
      method: 'POST',
      path: '/api/auth/passkey/options',
      tags: ['auth'],
      summary: 'Begin to sign in by passkey',
    })
    .output(ceremony),
  passkeySignIn: oc
    .route({ method: 'POST', path: '/api/auth/passkey', tags: ['auth'], summary: 'Sign in by passkey' })
    .input(z.object({ ticket: z.string().max(500), answer: passkeyAnswer, asTokens }))
    .output(signedInSchema),
  invite: oc
    .route({ method: 'POST', path: '/api/auth/invite', tags: ['auth'], summary: 'What an invitation is for' })
    .input(z.object({ code }))
    .output(
      z.object({
        tenant: z.string(),
        role: z.string(),
        email: z.string().nullable(),
        name: z.string().nullable(),
      }),
    ),
  register: oc
    .route({
      method: 'POST',
      path: '/api/auth/register',
      tags: ['auth'],
      summary: 'Make an account by an invitation',
    })
    .input(z.object({ code, name: personName, email, password, asTokens }))
    .output(signedInSchema),
  requestReset: oc
    .route({
      method: 'POST',
      path: '/api/auth/reset/request',
      tags: ['auth'],
      summary: 'Ask for a link that sets a new password; the answer is the same for every address',
    })
    .input(z.object({ email }))
    .output(ok),
  reset: oc
    .route({
      method: 'POST',
      path: '/api/auth/reset',
      tags: ['auth'],
      summary: 'Set a new password by such a link',
    })
    .input(z.object({ code, password }))
    .output(ok),
  refresh: oc
    .route({
      method: 'POST',
      path: '/api/auth/refresh',
      tags: ['auth'],
      summary: 'New tokens for a refresh token, which ends',
    })
    .input(z.object({ refreshToken: z.string().min(1).max(500) }))
    .output(tokenPairSchema),
  jwks: oc
    .route({
      method: 'GET',
      path: '/.well-known/jwks.json',
      tags: ['auth'],
      summary: 'Public keys of access tokens (no sign-in needed)',
    })
    .output(z.object({ keys: z.array(z.record(z.string(), jsonSchema)) })),
  logout: oc
    .route({ method: 'POST', path: '/api/auth/logout', tags: ['auth'], summary: 'End this session' })
    .output(ok),
  loginLink: oc
    .route({
      method: 'POST',
      path: '/api/auth/login-link',
      tags: ['auth'],
      summary: 'A new one-time login link',
    })
    .output(z.object({ url: z.string() })),
  createToken: oc
    .route({
      method: 'POST',
      path: '/api/tokens',
      tags: ['auth'],
      summary: 'Create an API key; it is shown this once',
      successStatus: 201,
    })
    .input(
      z.object({
        name: z.string().trim().min(1).max(100),
        scopes: z.array(scopeSchema).min(1).max(50).optional().describe('Absent = all that you may.'),
        expiresInDays: z.number().int().min(1).max(3650).optional(),
      }),
    )
    .output(keySchema.extend({ token: z.string() })),
  listTokens: oc
    .route({
      method: 'GET',
      path: '/api/tokens',
      tags: ['auth'],
      summary: 'List your API keys (never their values)',
    })
    .output(z.object({ tokens: z.array(keySchema) })),
  revokeToken: oc
    .route({ method: 'DELETE', path: '/api/tokens/{id}', tags: ['auth'], summary: 'Revoke an API key' })
    .input(z.object({ id }))
    .output(ok),
};

/** One's own account. */
const account = {
  get: oc.route({ method: 'GET', path: '/api/account', tags: ['account'], summary: 'Who you are' }).output(
    z.object({
      person: personSchema,
      tenant: z.object({ id: z.string(), name: z.string() }),
      permissions: z
        .array(permissionSchema)
        .describe('What you may do at all, with what you are signed in by.'),
      hasPassword: z.boolean(),
      hasTotp: z.boolean(),
      recoveryCodesLeft: z.number().int(),
      passkeys: z.array(passkeySchema),
    }),
  ),
  update: oc
    .route({
      method: 'PATCH',
      path: '/api/account',
      tags: ['account'],
      summary: 'Change your name or language',
    })
    .input(z.object({ name: personName.optional(), language: z.string().max(35).nullable().optional() }))
    .output(personSchema),
  setPassword: oc
    .route({
      method: 'POST',
      path: '/api/account/password',
      tags: ['account'],
      summary: 'Set or change your password; every other session ends',
    })
    .input(
      z.object({
        current: password.optional().describe('Needed once there is one.'),
        password,
        name: personName.optional(),
        email: email.optional().describe('Needed while the account has none.'),
      }),
    )
    .output(ok),
  sessions: oc
    .route({
      method: 'GET',
      path: '/api/account/sessions',
      tags: ['account'],
      summary: 'Where you are signed in',
    })
    .output(z.object({ sessions: z.array(signInSessionSchema) })),
  revokeSession: oc
    .route({
      method: 'DELETE',
      path: '/api/account/sessions/{id}',
      tags: ['account'],
      summary: 'Sign out one of them',
    })
    .input(z.object({ id }))
    .output(ok),
  revokeOthers: oc
    .route({
      method: 'POST',
      path: '/api/account/sessions/revoke-others',
      tags: ['account'],
      summary: 'Sign out all but this one',
    })
    .output(z.object({ ended: z.number().int() })),
  devices: oc
    .route({
      method: 'GET',
      path: '/api/account/devices',
      tags: ['account'],
      summary: 'Devices that proved a key of their own',
    })
    .output(z.object({ devices: z.array(wireDeviceSchema) })),
  revokeDevice: oc
    .route({
      method: 'DELETE',
      path: '/api/account/devices/{id}',
      tags: ['account'],
      summary: 'Take back the tokens of a device',
    })
    .input(z.object({ id }))
    .output(ok),
  channels: oc
    .route({
      method: 'GET',
      path: '/api/account/channels',
      tags: ['account'],
      summary: 'Chat channels on which you are known',
    })
    .output(z.object({ channels: z.array(channelLinkSchema) })),
  linkCode: oc
    .route({
      method: 'POST',
      path: '/api/account/channels/code',
      tags: ['account'],
      summary: 'A code to send as `LINK 482916` on another channel, so that you are known there',
    })
    .output(z.object({ code: z.string(), expiresAt: timeSchema })),
  unlinkChannel: oc
    .route({
      method: 'DELETE',
      path: '/api/account/channels/{id}',
      tags: ['account'],
      summary: 'Be known there no more',
    })
    .input(z.object({ id }))
    .output(ok),
  connections: oc
    .route({
      method: 'GET',
      path: '/api/account/connections',
      tags: ['account'],
      summary: 'Places that you can sign in with',
    })
    .output(z.object({ connections: z.array(connectionSchema) })),
  connect: oc
    .route({
      method: 'POST',
      path: '/api/account/connections',
      tags: ['account'],
      summary: 'Begin to connect such a place; open the address in the same browser',
    })
    .input(
      z.object({
        kind: z.enum(['oidc', 'saml']),
        name: z.string().max(100),
        returnTo: z.string().max(500).default('/settings'),
      }),
    )
    .output(z.object({ url: z.string() })),
  disconnect: oc
    .route({
      method: 'DELETE',
      path: '/api/account/connections/{id}',
      tags: ['account'],
      summary: 'Sign in by it no more',
    })
    .input(z.object({ id }))
    .output(ok),
  beginTotp: oc
    .route({
      method: 'POST',
      path: '/api/account/totp',
      tags: ['account'],
      summary: 'Begin to use an authenticator app',
    })
    .input(z.object({ password }))
    .output(z.object({ secret: z.string(), url: z.string() })),
  confirmTotp: oc
    .route({
      method: 'POST',
      path: '/api/account/totp/confirm',
      tags: ['account'],
      summary: 'Turn it on by its first code; the recovery codes are shown this once',
    })
    .input(z.object({ code: totpCode }))
    .output(z.object({ recoveryCodes: z.array(z.string()) })),
  disableTotp: oc
    .route({
      method: 'POST',
      path: '/api/account/totp/disable',
      tags: ['account'],
      summary: 'Use no authenticator app any more',
    })
    .input(z.object({ password }))
    .output(ok),
  newRecoveryCodes: oc
    .route({
      method: 'POST',
      path: '/api/account/recovery-codes',
      tags: ['account'],
      summary: 'New recovery codes; the old ones end',
    })
    .input(z.object({ password }))
    .output(z.object({ recoveryCodes: z.array(z.string()) })),
  passkeyOptions: oc
    .route({
      method: 'POST',
      path: '/api/account/passkeys/options',
      tags: ['account'],
      summary: 'Begin to add a passkey',
    })
    .output(ceremony),
  addPasskey: oc
    .route({
      method: 'POST',
      path: '/api/account/passkeys',
      tags: ['account'],
      summary: 'Add a passkey',
      successStatus: 201,
    })
    .input(
      z.object({
        ticket: z.string().max(500),
        answer: passkeyAnswer,
        name: z.string().trim().min(1).max(100),
      }),
    )
    .output(passkeySchema),
  removePasskey: oc
    .route({
      method: 'DELETE',
      path: '/api/account/passkeys/{id}',
      tags: ['account'],
      summary: 'Remove a passkey',
    })
    .input(z.object({ id }))
    .output(ok),
};

export const identityContract = { auth, account };
