import { passkey } from '@better-auth/passkey';
import { betterAuth } from 'better-auth';
import { organization } from 'better-auth/plugins/organization';
import type { Db } from '../database/schema.ts';

/** Who a passkey is for, by a word that only we know, while a ceremony lasts. */
export interface PendingPasskeys {
  take(word: string): { id: string; name: string } | null;
}

/**
 * better-auth on our tables, for one address of the page. It makes and checks proofs; sessions are ours: whatever
 * signs in through it is exchanged by {@link takeSession}. Nothing of it is served under a path of its own, beyond
 * what a plugin for single sign-on needs. Imported on first use: it takes a second to load.
 */
export const createBetterAuth = (deps: {
  db: Db;
  secret: string;
  origin: string;
  pending: PendingPasskeys;
  /** After better-auth changed who there is. */
  changed: () => Promise<void>;
}) => {
  const { origin } = deps;
  const changed = { after: async () => deps.changed() };
  return betterAuth({
    appName: 'Reeve',
    baseURL: origin,
    basePath: '/api/auth/external',
    secret: deps.secret,
    database: { db: deps.db, type: 'sqlite' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    trustedOrigins: [origin],
    databaseHooks: { user: { create: changed, update: changed }, account: { create: changed } },
    plugins: [
      organization({ allowUserToCreateOrganization: false }),
      passkey({
        rpName: 'Reeve',
        rpID: new URL(origin).hostname,
        origin,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        registration: {
          requireSession: false,
          resolveUser: async ({ context }) => {
            const user = deps.pending.take(context ?? '');
            if (!user) throw new Error('a passkey for nobody');
            return { ...user, displayName: user.name };
          },
          afterVerification: async ({ verification }) => {
            if (!verification.registrationInfo?.userVerified) throw new Error('the user was not verified');
          },
        },
        authentication: {
          afterVerification: async ({ verification }) => {
            if (!verification.authenticationInfo.userVerified) throw new Error('the user was not verified');
          },
        },
      }),
    ],
  });
};

export type BetterAuth = ReturnType<typeof createBetterAuth>;

/** Ends a session that better-auth opened; what it proved is carried on by one of ours. */
export const takeSession = async (auth: BetterAuth, token: string): Promise<void> => {
  const { internalAdapter } = await auth.$context;
  await internalAdapter.deleteSession(token);
};
