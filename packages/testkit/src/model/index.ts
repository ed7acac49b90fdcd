export * from './model-server.ts';
export type { PromptCacheFigures, PromptCacheOptions } from './prompt-cache.ts';
export * from './reply.ts';
export * from './script.ts';
export * from './scripted-model.ts';
export type { Protocol } from './wires/model-wire.ts';
