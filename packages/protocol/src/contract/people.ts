import { oc } from '@orpc/contract';
import { z } from 'zod';
import {
  builtInRoleSchema,
  channelLinkSchema,
  inviteSchema,
  personFlagsSchema,
  personSchema,
  roleNameSchema,
  roleSchema,
  scimTokenSchema,
  tenantSchema,
} from '../identity.ts';
import { timeSchema } from '../nouns.ts';

const ok = z.object({ ok: z.literal(true) });
const id = z.string().min(1).max(128);
const link = z.object({ url: z.string().describe('Shown this once.'), expiresAt: timeSchema });

/** Who else is here. For admins of the tenant, and never beyond it. */
export const peopleContract = {
  people: {
    list: oc
      .route({ method: 'GET', path: '/api/people', tags: ['people'], summary: 'The people of your tenant' })
      .output(z.object({ people: z.array(personSchema) })),
    get: oc
      .route({ method: 'GET', path: '/api/people/{id}', tags: ['people'], summary: 'One of them' })
      .input(z.object({ id }))
      .output(personSchema),
    update: oc
      .route({
        method: 'PATCH',
        path: '/api/people/{id}',
        tags: ['people'],
        summary: 'Change role, flags or name; disable or enable',
      })
      .input(
        z.object({
          id,
          name: z.string().trim().min(1).max(100).optional(),
          role: roleNameSchema.optional(),
          flags: personFlagsSchema.partial().optional(),
          isDisabled: z.boolean().optional(),
        }),
      )
      .output(personSchema),
    remove: oc
      .route({
        method: 'DELETE',
        path: '/api/people/{id}',
        tags: ['people'],
        summary: 'Remove an account; what it wrote stays',
      })
      .input(z.object({ id }))
      .output(ok),
    resetLink: oc
      .route({
        method: 'POST',
        path: '/api/people/{id}/reset-link',
        tags: ['people'],
        summary: 'A link by which a person sets a new password',
      })
      .input(z.object({ id }))
      .output(link),
    signOut: oc
      .route({
        method: 'POST',
        path: '/api/people/{id}/sign-out',
        tags: ['people'],
        summary: 'End every session of a person',
      })
      .input(z.object({ id }))
      .output(z.object({ ended: z.number().int() })),
    channels: oc
      .route({
        method: 'GET',
        path: '/api/people/{id}/channels',
        tags: ['people'],
        summary: 'Chat channels on which a person is known',
      })
      .input(z.object({ id }))
      .output(z.object({ channels: z.array(channelLinkSchema) })),
    linkChannel: oc
      .route({
        method: 'POST',
        path: '/api/people/{id}/channels',
        tags: ['people'],
        summary: 'Say who somebody on a chat channel is',
        successStatus: 201,
      })
      .input(
        z.object({
          id,
          channel: z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'must be the name of a channel'),
          identifier: z.string().min(1).max(200),
        }),
      )
      .output(channelLinkSchema),
    unlinkChannel: oc
      .route({
        method: 'DELETE',
        path: '/api/people/{id}/channels/{linkId}',
        tags: ['people'],
        summary: 'A person is known there no more',
      })
      .input(z.object({ id, linkId: id }))
      .output(ok),
  },
  scim: {
    list: oc
      .route({
        method: 'GET',
        path: '/api/scim-tokens',
        tags: ['people'],
        summary: 'Tokens by which a directory keeps people (SCIM)',
      })
      .output(z.object({ tokens: z.array(scimTokenSchema) })),
    create: oc
      .route({
        method: 'POST',
        path: '/api/scim-tokens',
        tags: ['people'],
        summary: 'A token for /scim/v2; it is shown this once',
        successStatus: 201,
      })
      .input(z.object({ name: z.string().trim().min(1).max(100) }))
      .output(scimTokenSchema.extend({ token: z.string() })),
    revoke: oc
      .route({
        method: 'DELETE',
        path: '/api/scim-tokens/{id}',
        tags: ['people'],
        summary: 'Revoke such a token',
      })
      .input(z.object({ id }))
      .output(ok),
  },
  invites: {
    list: oc
      .route({ method: 'GET', path: '/api/invites', tags: ['people'], summary: 'Invitations that are open' })
      .output(z.object({ invites: z.array(inviteSchema) })),
    create: oc
      .route({
        method: 'POST',
        path: '/api/invites',
        tags: ['people'],
        summary: 'Invite a person; the link is shown this once',
        successStatus: 201,
      })
      .input(
        z.object({
          role: roleNameSchema.default('user'),
          email: z
            .email()
            .max(254)
            .optional()
            .describe('Only for this address; sent there when mail is set up.'),
          name: z.string().trim().min(1).max(100).optional(),
        }),
      )
      .output(inviteSchema.extend({ url: z.string(), isSent: z.boolean().describe('By mail.') })),
    revoke: oc
      .route({
        method: 'DELETE',
        path: '/api/invites/{id}',
        tags: ['people'],
        summary: 'Take an invitation back',
      })
      .input(z.object({ id }))
      .output(ok),
  },
  roles: {
    list: oc
      .route({ method: 'GET', path: '/api/roles', tags: ['people'], summary: 'Roles, built-in and own' })
      .output(z.object({ roles: z.array(roleSchema) })),
    create: oc
      .route({
        method: 'POST',
        path: '/api/roles',
        tags: ['people'],
        summary: 'Make a role that narrows a built-in one',
        successStatus: 201,
      })
      .input(
        z.object({
          name: roleNameSchema,
          base: builtInRoleSchema,
          description: z.string().trim().max(200).default(''),
        }),
      )
      .output(roleSchema),
    remove: oc
      .route({
        method: 'DELETE',
        path: '/api/roles/{id}',
        tags: ['people'],
        summary: 'Remove a role that nobody has',
      })
      .input(z.object({ id: id.describe('Its name.') }))
      .output(ok),
  },
  tenants: {
    list: oc
      .route({
        method: 'GET',
        path: '/api/tenants',
        tags: ['people'],
        summary: 'Tenants of this Reeve (admins of the first one)',
      })
      .output(z.object({ tenants: z.array(tenantSchema) })),
    create: oc
      .route({
        method: 'POST',
        path: '/api/tenants',
        tags: ['people'],
        summary: 'A new tenant and the link that invites its first admin',
        successStatus: 201,
      })
      .input(z.object({ name: z.string().trim().min(1).max(100) }))
      .output(tenantSchema.extend({ url: z.string() })),
  },
};
