export * from './commands.ts';
export * from './config.ts';
export * from './contract/chat.ts';
export * from './contract/index.ts';
export * from './contract/system.ts';
export * from './errors.ts';
export * from './events.ts';
export * from './nesting.ts';
export * from './nouns.ts';

export const version = '0.1.0';
