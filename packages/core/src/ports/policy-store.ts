import type { PolicyDocument, PolicyTier } from './policy.ts';

/** One state of a document. Versions count from 1 and are never changed; a removal is a version without text. */
export interface PolicyVersion extends Omit<PolicyDocument, 'text'> {
  version: number;
  /** Null once it was removed. */
  text: string | null;
  by: string;
  at: number;
  note: string;
}

export interface PolicyKey {
  tier: PolicyTier;
  tenantId: string | null;
  userId: string | null;
  name: string;
}

/** Where policies that people write are kept, with everything they ever were. */
export interface PolicyStore {
  /** The newest version of each document, removed ones left out. */
  current(): Promise<PolicyVersion[]>;
  /** The newest first. */
  history(key: PolicyKey): Promise<PolicyVersion[]>;
  /** Resolves when it is durable, with its number. */
  add(version: Omit<PolicyVersion, 'version'>): Promise<PolicyVersion>;
}
