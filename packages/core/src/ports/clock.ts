/** Time and identity are given, so that tests own them. */
export interface Clock {
  /** Unix time, ms. */
  now(): number;
  /** Calls `fn` once at or after `atMs`; the returned function cancels. Never throws, never calls early. */
  at(atMs: number, fn: () => void): () => void;
}

/** A new unique id with a prefix that says what it names: `ses_`, `msg_`, `run_` … Sorts by creation time. */
export type NewId = (prefix: string) => string;
