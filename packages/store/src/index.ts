export { verifyBundle } from './audit/bundle.ts';
export { openIdentityDatabase } from './identity-database.ts';
export { type OpenedStore, type OpenOptions, openStore } from './open.ts';
