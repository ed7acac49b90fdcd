import type { SignOnProvider } from '@reeve/protocol';

/** What another place says of somebody, after it was checked that it said so. */
export interface Claims {
  /** Who says it: an address for OpenID, an entity id for SAML. */
  issuer: string;
  /** What the issuer calls that person for ever. */
  subject: string;
  email: string | null;
  /** Whether the issuer may be believed that the address is that person's. */
  isEmailVerified: boolean;
  name: string | null;
  groups: string[];
}

/** How a provider's people are taken in. */
export interface Acceptance {
  kind: SignOnProvider['kind'];
  name: string;
  tenant: string;
  roleMap: readonly string[];
  defaultRole: string;
  allowSignUp: boolean;
  domains: readonly string[];
}

export const isInDomains = (email: string, domains: readonly string[]): boolean => {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return domains.some((one) => one.toLowerCase() === domain);
};

/** Texts of a claim or an attribute, whichever way they came. */
export const textsOf = (value: unknown): string[] => {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Array.isArray(value) ? value.flatMap(textsOf) : [];
};
