/** Before authentication only health, login and its page answer; everything else says who you are not. */
export const openPaths: ReadonlySet<string> = new Set(['/health', '/ready', '/login', '/api/auth/login']);
