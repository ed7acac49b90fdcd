import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';

export type { EntityJson, PolicyJson, Schema } from '@cedar-policy/cedar-wasm/nodejs';

let loaded: typeof Cedar | undefined;

/**
 * What the optimizing compiler of V8 is given a function for, in bytes of it that ran. Most of what Cedar does is done
 * once, at the start: to optimize it costs 0.2 s of CPU and 20 MB, and makes no decision faster.
 */
const setTieringBudget = (bytes: number) => setFlagsFromString(`--wasm-tiering-budget=${bytes}`);
/** That of V8 13.6, the engine of Node 24. */
const usualBudget = 13_000_000;

/** Loaded when the first decision is near: about 50 ms and 15 MB. */
export const loadCedar = (): typeof Cedar => {
  if (loaded) return loaded;
  // A module keeps the budget that it was made with; other modules keep theirs.
  setTieringBudget(2_000_000_000);
  try {
    loaded = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as typeof Cedar;
  } finally {
    setTieringBudget(usualBudget);
  }
  return loaded;
};
