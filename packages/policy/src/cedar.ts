import { createRequire } from 'node:module';
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';

export type { EntityJson, PolicyJson, Schema } from '@cedar-policy/cedar-wasm/nodejs';

let loaded: typeof Cedar | undefined;

/** Loaded when the first decision is near: about 50 ms and 15 MB. */
export const loadCedar = (): typeof Cedar =>
  (loaded ??= createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as typeof Cedar);
