export type { Keychain } from './local/key-source.ts';
export { type OpenOptions, openSecretStore } from './open.ts';
export { verifySecret } from './verify.ts';
