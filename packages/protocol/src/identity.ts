import { z } from 'zod';
import { timeSchema } from './nouns.ts';
import { isPermission, permissions } from './permissions.ts';

/** The roles that exist without anybody making them. */
export const builtInRoles = ['admin', 'user', 'child', 'agent', 'guest'] as const;
export const builtInRoleSchema = z.enum(builtInRoles);
export type BuiltInRole = z.infer<typeof builtInRoleSchema>;

export const roleNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be lower case letters, digits and dashes')
  .describe('A built-in role or one that an admin made.');

const areas: ReadonlySet<string> = new Set(Object.keys(permissions).map((name) => name.split(':', 1)[0]!));

export const scopeSchema = z
  .string()
  .max(50)
  .refine(
    (scope) =>
      scope === '*:*' || isPermission(scope) || (scope.endsWith(':*') && areas.has(scope.slice(0, -2))),
    'must be a permission such as chat:read, an area such as chat:*, or *:*',
  )
  .describe('What a credential is good for: a permission, all of an area, or everything.');

/** What a person may beyond the role, and how they are spoken to (F238). */
export const personFlagsSchema = z.object({
  canInstallSoftware: z.boolean(),
  canExecCommands: z.boolean(),
  canUseBrowser: z.boolean(),
  requiresAdminApproval: z.boolean().describe('Every acting call is asked of somebody who may approve.'),
  contentFilter: z.enum(['off', 'moderate', 'strict']),
  maxTokensPerDay: z.number().int().nonnegative().nullable().describe('null = no limit of their own.'),
});

export const personSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role: roleNameSchema,
  baseRole: builtInRoleSchema.describe(
    'The built-in role that the role narrows; the role itself where it is one.',
  ),
  flags: personFlagsSchema,
  language: z.string().nullable().describe('BCP 47; null = as the configuration says.'),
  isDisabled: z.boolean(),
  createdAt: timeSchema,
});
export type PersonView = z.infer<typeof personSchema>;

export const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  masked: z.string().describe('Beginning and end of the key, to tell keys apart.'),
  scopes: z.array(scopeSchema).nullable().describe('null = all that its owner may.'),
  createdAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  lastUsedAt: timeSchema.nullable(),
});
export type ApiKey = z.infer<typeof keySchema>;

export const signInSessionSchema = z.object({
  id: z.string(),
  kind: z.enum(['cookie', 'tokens']),
  userAgent: z.string(),
  address: z.string(),
  createdAt: timeSchema,
  lastUsedAt: timeSchema,
  expiresAt: timeSchema,
  isCurrent: z.boolean(),
});
export type SignInSession = z.infer<typeof signInSessionSchema>;

export const wireDeviceSchema = z.object({
  deviceId: z.string(),
  scopes: z.array(z.string()),
  createdAt: timeSchema,
});

export const passkeySchema = z.object({ id: z.string(), name: z.string(), createdAt: timeSchema });
export type PasskeyView = z.infer<typeof passkeySchema>;

/** Short-lived bearer and what renews it (F022, F233). */
export const tokenPairSchema = z.object({
  accessToken: z.string().describe('A JWT (EdDSA) for `Authorization: Bearer`.'),
  refreshToken: z.string().describe('Good once, at /api/auth/refresh.'),
  expiresIn: z.number().int().describe('Seconds until the access token ends.'),
});
export type TokenPair = z.infer<typeof tokenPairSchema>;

export const signedInSchema = z.union([
  z.object({
    status: z.literal('ok'),
    tokens: tokenPairSchema.optional().describe('When they were asked for; otherwise a cookie was set.'),
  }),
  z.object({
    status: z.literal('second-factor'),
    ticket: z.string().describe('Goes back together with the code.'),
  }),
]);

/** A place that people sign in with instead of a password. */
export const signOnProviderSchema = z.object({
  kind: z.enum(['oidc', 'saml']),
  name: z.string(),
  label: z.string(),
});
export type SignOnProvider = z.infer<typeof signOnProviderSchema>;

export const connectionSchema = z.object({
  id: z.string(),
  kind: z.enum(['oidc', 'saml']),
  issuer: z.string().describe('Who vouches for it.'),
  createdAt: timeSchema,
});
export type Connection = z.infer<typeof connectionSchema>;

export const channelLinkSchema = z.object({
  id: z.string(),
  channel: z.string(),
  identifier: z.string().describe('What the channel calls the person.'),
  createdAt: timeSchema,
});
export type ChannelLink = z.infer<typeof channelLinkSchema>;

export const scimTokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  masked: z.string(),
  createdBy: z.string(),
  createdAt: timeSchema,
});
export type ScimToken = z.infer<typeof scimTokenSchema>;

export const inviteSchema = z.object({
  id: z.string(),
  role: roleNameSchema,
  email: z.string().nullable(),
  name: z.string().nullable(),
  createdBy: z.string(),
  createdAt: timeSchema,
  expiresAt: timeSchema,
});
export type Invite = z.infer<typeof inviteSchema>;

export const roleSchema = z.object({
  name: roleNameSchema,
  base: builtInRoleSchema,
  description: z.string(),
  isBuiltIn: z.boolean(),
});
export type RoleView = z.infer<typeof roleSchema>;

export const tenantSchema = z.object({
  id: z.string(),
  name: z.string(),
  people: z.number().int(),
  createdAt: timeSchema,
});
export type TenantView = z.infer<typeof tenantSchema>;
