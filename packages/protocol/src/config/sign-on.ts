import { z } from 'zod';
import { roleNameSchema } from '../identity.ts';

/** Settings of single sign-on and provisioning; a part of the `identity` table. */

const roleMapSchema = z
  .array(z.string().regex(/^[^=]+=[a-z][a-z0-9-]{0,31}$/, 'must be group=role'))
  .default([])
  .describe('Roles by group, as group=role; the first line that fits counts. Empty leaves roles alone.');

const acceptanceSchemas = {
  label: z.string().default('').describe('How the sign-in page calls it; empty = its name.'),
  tenant: z.string().min(1).default('home').describe('Tenant whose people sign in by it.'),
  roleMap: roleMapSchema,
  defaultRole: z
    .union([z.literal(''), roleNameSchema])
    .default('user')
    .describe('Role of people in none of these groups; empty = they are refused.'),
  allowSignUp: z
    .boolean()
    .default(false)
    .describe(
      'Make an account for people who have none; otherwise they must have been invited or provisioned.',
    ),
};

export const oidcConfigSchema = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/ })
    .describe('Address of the OpenID provider, exactly as it calls itself. HTTPS, but on this machine.'),
  clientId: z.string().min(1).describe('Id of Reeve at the provider.'),
  clientSecret: z
    .string()
    .default('')
    .meta({ secret: true })
    .describe('Its secret, best as secret:NAME; empty for a public client.'),
  scopes: z.array(z.string()).default(['openid', 'email', 'profile']).describe('What is asked for.'),
  groupsClaim: z.string().min(1).default('groups').describe('Claim that lists the groups of a person.'),
  domains: z
    .array(z.string())
    .default([])
    .describe('Domains of e-mail addresses that may sign in; empty = all that the provider has verified.'),
  ...acceptanceSchemas,
});
export type OidcConfig = z.infer<typeof oidcConfigSchema>;

export const samlConfigSchema = z.strictObject({
  metadata: z
    .string()
    .default('')
    .describe('Metadata of the identity provider, as XML. Otherwise the next three.'),
  idpEntityId: z.string().default('').describe('Entity id of the identity provider.'),
  entryPoint: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .describe('Address of its sign-in (HTTP-Redirect).'),
  certificate: z.string().default('').describe('Certificate that its answers are signed with, as PEM.'),
  entityId: z
    .string()
    .default('')
    .describe('What Reeve calls itself there; empty = the address of its metadata.'),
  emailAttribute: z
    .string()
    .default('email')
    .describe('Attribute with the e-mail address; `nameId` = the name id.'),
  nameAttribute: z.string().default('displayName').describe('Attribute with the name.'),
  groupsAttribute: z.string().default('groups').describe('Attribute with the groups.'),
  domains: z
    .array(z.string())
    .default([])
    .describe(
      'Domains whose e-mail addresses the provider speaks for. Outside of them nobody is known by e-mail.',
    ),
  ...acceptanceSchemas,
});
export type SamlConfig = z.infer<typeof samlConfigSchema>;

const providerName = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);

export const signOnSchemas = {
  oidc: z
    .record(providerName, oidcConfigSchema)
    .default({})
    .describe('OpenID providers that people sign in with, by name; a table each.'),
  saml: z
    .record(providerName, samlConfigSchema)
    .default({})
    .describe('SAML identity providers that people sign in with, by name; a table each.'),
  scim: z
    .strictObject({
      roleMap: roleMapSchema,
      defaultRole: roleNameSchema
        .default('user')
        .describe('Role of provisioned people, and of those in none of these groups.'),
    })
    .prefault({}),
  unknownSenders: z
    .enum(['guest', 'refuse'])
    .default('guest')
    .describe('What somebody is on a chat channel whom Reeve does not know: a guest, or refused.'),
  maxGuests: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(500)
    .describe('Guests that a tenant may have: made by channels and proxies, until no more are let in.'),
};

/** The role for somebody in these groups; null when none of the lines fits. */
export const mappedRole = (roleMap: readonly string[], groups: readonly string[]): string | null => {
  for (const line of roleMap) {
    const at = line.lastIndexOf('=');
    if (groups.includes(line.slice(0, at))) return line.slice(at + 1);
  }
  return null;
};
