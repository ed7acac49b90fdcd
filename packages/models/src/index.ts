export * from './ai-sdk/provider.ts';
export * from './openai-compatible/provider.ts';
export * from './steward/index.ts';
export * from './tokens/count-request.ts';
export * from './tokens/token-counter.ts';
