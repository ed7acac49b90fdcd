export * from './model-server.ts';
export * from './reply.ts';
export * from './script.ts';
export * from './scripted-model.ts';
