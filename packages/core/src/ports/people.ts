import type { BuiltInRole } from '@reeve/protocol';
import type { Actor, Owner } from '../gate/actor.ts';

/** What a person may beyond the role, and how they are spoken to (F238). */
export interface PersonFlags {
  canInstallSoftware: boolean;
  canExecCommands: boolean;
  canUseBrowser: boolean;
  /** Every acting call of this person is asked of somebody who may approve. */
  requiresAdminApproval: boolean;
  contentFilter: 'off' | 'moderate' | 'strict';
  /** null = no limit of their own. */
  maxTokensPerDay: number | null;
}

export interface Person extends Owner {
  name: string;
  /** Null while none is known. */
  email: string | null;
  role: Actor['role'];
  /** The built-in role that the role narrows; the role itself where it is one. */
  baseRole: BuiltInRole;
  flags: PersonFlags;
  /** BCP 47; null = as the configuration says. */
  language: string | null;
  /** A disabled account does nothing any more, not even what it had begun. */
  isDisabled: boolean;
  /** Unix time, ms. */
  createdAt: number;
}

/**
 * Who there is. `find` and `list` answer from memory, so that a decision never waits for a disk; a change is seen
 * by the next call. Neither throws.
 */
export interface People {
  find(owner: Owner): Person | null;
  /** Those of a tenant, the oldest first. */
  list(tenantId: string): readonly Person[];
}

/** The name of the first account until its owner gives one. */
export const unnamed = 'Owner';

/** What somebody is called, in one line; null when nobody has said it. */
export const spokenName = (person: Pick<Person, 'name'> | null): string | null => {
  const name = person?.name.replace(/\s+/g, ' ').trim() ?? '';
  return name === '' || name === unnamed ? null : name;
};
