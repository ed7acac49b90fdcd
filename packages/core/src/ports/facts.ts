/** Something the owner asked Reeve to remember. */
export interface Fact {
  id: string;
  text: string;
  sessionId: string;
  /** Unix ms. */
  rememberedAt: number;
}

/**
 * What the steward was told to remember. A plain table until memory has a package of its own.
 * Everything is scoped to `owner`; `remember` with a known key returns the fact that is there already.
 */
export interface Facts {
  remember(owner: string, fact: { text: string; sessionId: string; at: number; key: string }): Promise<Fact>;
  /** Best match first: full-text rank over stems, any word may match. */
  search(owner: string, query: string, limit: number): Promise<Fact[]>;
  /** Newest first. */
  list(owner: string, limit: number): Promise<Fact[]>;
  /** True when it was there. */
  forget(owner: string, id: string): Promise<boolean>;
}
