export type { Credentials, StoredToken } from './credentials.ts';
export { type OpenedStore, type OpenOptions, openStore } from './open.ts';
