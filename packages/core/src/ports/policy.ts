import type { Json } from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { PersonFlags } from './people.ts';

/**
 * Whose word a policy is. Built-in ones hold always, those of the admin say what may be; those of a tenant or of a
 * user can only forbid, and only for that tenant or user: a lower tier narrows and never loosens.
 */
export const policyTiers = ['built-in', 'admin', 'tenant', 'user'] as const;
export type PolicyTier = (typeof policyTiers)[number];

/** A text of one or more Cedar policies under one name. */
export interface PolicyDocument {
  /** Unique within its tier, tenant and user. */
  name: string;
  tier: PolicyTier;
  /** For the tiers tenant and user. */
  tenantId: string | null;
  /** For the tier user. */
  userId: string | null;
  text: string;
}

/** Who asks, as far as policies care. */
export interface PolicyPrincipal extends Actor {
  /** The built-in role that a role of the owner's making narrows; the role itself where it is built in. */
  baseRole: string;
  flags: PersonFlags;
}

export type PolicyResource =
  | {
      type: 'Tenant' | 'User' | 'Model' | 'Channel' | 'Session' | 'Memory' | 'Schedule' | 'Secret';
      id: string;
    }
  | { type: 'Tool'; id: string; risk: string; effect: string; kind: string; level: string };

export interface PolicyRequest {
  principal: PolicyPrincipal;
  action: string;
  resource: PolicyResource;
  /** Values that policies may look at; those that no policy names cost nothing. */
  context: Record<string, string | number | boolean | string[]>;
}

/** `policies` names what decided as `tier/document#id`, so that every answer can be explained. */
/** Named as the reason of a no when nothing forbids and nothing permits. */
export const nothingPermits = 'no policy permits it';

export interface PolicyDecision {
  isAllowed: boolean;
  policies: string[];
}

export interface PolicyExplanation extends PolicyDecision {
  reasons: {
    policy: string;
    tier: PolicyTier;
    effect: 'permit' | 'forbid';
    description: string;
    text: string;
  }[];
  /** What would turn the answer around when it alone were different. */
  wouldChange: { what: string; from: Json; to: Json; isAllowed: boolean }[];
}

export interface PolicyProblem {
  policy: string;
  message: string;
  isError: boolean;
}

/**
 * The one place that decides what may be done. `decide` never throws: whatever cannot be evaluated is denied, and
 * so is everything before `ready` resolved. The same request gets the same answer until `configure`.
 */
export interface PolicyEngine {
  ready(): Promise<void>;
  decide(request: PolicyRequest): PolicyDecision;
  explain(request: PolicyRequest): Promise<PolicyExplanation>;
  /** Whether a text may stand in its tier; empty when nothing is wrong. */
  check(document: PolicyDocument): Promise<PolicyProblem[]>;
  /** What holds from now on. The documents must have passed `check`; one that does not parse is left out and logged, and then only what is built in and forbids holds for its tier. */
  configure(documents: readonly PolicyDocument[]): void;
}
