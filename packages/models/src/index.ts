export * from './create-provider.ts';
export * from './discovery/index.ts';
export * from './knowledge/index.ts';
export * from './provider-options.ts';
export * from './steward/index.ts';
export * from './tokens/count-request.ts';
export * from './tokens/token-counter.ts';
export * from './vendors/index.ts';
