export type { IdentitySchema } from './database/schema.ts';
export { type IdentityOptions, openIdentity } from './identity.ts';

/** The hash of a shared password, for the setting gateway.auth.password. */
export const hashPassword = async (password: string): Promise<string> =>
  (await import('@better-auth/utils/password')).hashPassword(password);
