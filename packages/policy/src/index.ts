export { type PolicyProfile, shippedDocuments, shippedPolicy } from './documents.ts';
export { createPolicyEngine, type PolicyOptions } from './engine.ts';
export type { ApiAction } from './schema.ts';
