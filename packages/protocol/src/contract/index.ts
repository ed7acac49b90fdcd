import { chatContract } from './chat.ts';
import { systemContract } from './system.ts';

/** The whole HTTP API: REST routes, OpenAPI document, typed client and reference docs derive from this value. */
export const contract = { ...chatContract, ...systemContract };
export type Contract = typeof contract;
