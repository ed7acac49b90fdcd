/** Before authentication only health, ways to sign in and their page answer; everything else says who you are not. */
export const openPaths: ReadonlySet<string> = new Set([
  '/health',
  '/ready',
  '/login',
  '/.well-known/jwks.json',
  '/api/auth/methods',
  '/api/auth/login',
  '/api/auth/sign-in',
  '/api/auth/second-factor',
  '/api/auth/passkey/options',
  '/api/auth/passkey',
  '/api/auth/invite',
  '/api/auth/register',
  '/api/auth/reset/request',
  '/api/auth/reset',
  '/api/auth/refresh',
]);
