export * from './env-keys.ts';
export * from './local-servers.ts';
