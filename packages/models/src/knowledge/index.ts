export * from './model-knowledge.ts';
export type { ModelTable } from './model-table.ts';
export * from './read-model-table.ts';
