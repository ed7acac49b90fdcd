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
  remember(owner: Owner, fact: { text: string; sessionId: string; at: number; key: string }): Promise<Fact>;
  /** Best match first: full-text rank over stems, any word may match. */
  search(owner: Owner, query: string, limit: number): Promise<Fact[]>;
  /** Newest first. */
  list(owner: Owner, limit: number): Promise<Fact[]>;
  /** True when it was there. */
  forget(owner: Owner, id: string): Promise<boolean>;
}

import type { Owner } from '../gate/actor.ts';
