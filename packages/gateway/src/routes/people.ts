import { homeTenant } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import { mustBeUnscoped, type Services, signedIn } from '../context.ts';

const { people, scim, invites, roles, tenants } = signedIn;
const ok = { ok: true as const };

const linkTo = (services: Services, kind: 'invite' | 'reset', code: string): string =>
  `${services.system.publicUrl()}/login#${kind}=${code}`;

/** The people of the actor's own tenant: no other one can be named. */
export const peopleRoutes = {
  list: people.list.handler(({ context: { services, actor } }) => ({
    people: services.identity.viewAll(actor.tenantId),
  })),
  get: people.get.handler(({ input, context: { services, actor } }) => {
    const person = services.identity.view({ tenantId: actor.tenantId, userId: input.id });
    if (!person) throw new FaultError('NOT_FOUND', 'There is no such person.');
    return person;
  }),
  update: people.update.handler(
    async ({ input: { id, name, role, flags, isDisabled }, context: { services, actor } }) => {
      if (role !== undefined || flags) mustBeUnscoped(actor);
      await services.identity.administration.update(actor, id, {
        ...(name !== undefined && { name }),
        ...(role !== undefined && { role }),
        ...(flags && { flags: decided(flags) }),
        ...(isDisabled !== undefined && { isDisabled }),
      });
      return services.identity.view({ tenantId: actor.tenantId, userId: id })!;
    },
  ),
  remove: people.remove.handler(async ({ input, context: { services, actor } }) => {
    await services.identity.administration.remove(actor, input.id);
    return ok;
  }),
  resetLink: people.resetLink.handler(async ({ input, context: { services, actor } }) => {
    const { code, expiresAt } = await services.identity.administration.resetCode(actor, input.id);
    return { url: linkTo(services, 'reset', code), expiresAt };
  }),
  signOut: people.signOut.handler(async ({ input, context: { services, actor } }) => ({
    ended: await services.identity.administration.signOut(actor, input.id),
  })),
  channels: people.channels.handler(async ({ input, context: { services, actor } }) => {
    const owner = { tenantId: actor.tenantId, userId: input.id };
    if (!services.identity.view(owner)) throw new FaultError('NOT_FOUND', 'There is no such person.');
    return { channels: await services.identity.channels.list(owner) };
  }),
  linkChannel: people.linkChannel.handler(
    ({ input: { id, channel, identifier }, context: { services, actor } }) =>
      services.identity.channels.link(actor, id, { channel, identifier }),
  ),
  unlinkChannel: people.unlinkChannel.handler(async ({ input, context: { services, actor } }) => {
    const owner = { tenantId: actor.tenantId, userId: input.id };
    await services.identity.channels.unlink(actor, owner, input.linkId);
    return ok;
  }),
};

/** Tokens by which a directory keeps the people of a tenant. */
export const scimRoutes = {
  list: scim.list.handler(async ({ context: { services, actor } }) => ({
    tokens: await services.identity.scim.tokens(actor.tenantId),
  })),
  create: scim.create.handler(({ input, context: { services, actor } }) =>
    services.identity.scim.createToken(actor, input.name),
  ),
  revoke: scim.revoke.handler(async ({ input, context: { services, actor } }) => {
    await services.identity.scim.revokeToken(actor, input.id);
    return ok;
  }),
};

/** Without the fields that were not sent. */
const decided = <T extends object>(flags: T) =>
  Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

export const inviteRoutes = {
  list: invites.list.handler(async ({ context: { services, actor } }) => ({
    invites: await services.identity.administration.invites(actor.tenantId),
  })),
  create: invites.create.handler(async ({ input: { role, email, name }, context: { services, actor } }) => {
    const linkOf = (code: string) => linkTo(services, 'invite', code);
    const given = { role, ...(email !== undefined && { email }), ...(name !== undefined && { name }) };
    const { code, ...invite } = await services.identity.administration.invite(actor, given, linkOf);
    return { ...invite, url: linkOf(code) };
  }),
  revoke: invites.revoke.handler(async ({ input, context: { services, actor } }) => {
    await services.identity.administration.revokeInvite(actor, input.id);
    return ok;
  }),
};

export const roleRoutes = {
  list: roles.list.handler(({ context: { services, actor } }) => ({
    roles: services.identity.administration.roles(actor.tenantId),
  })),
  create: roles.create.handler(({ input, context: { services, actor } }) =>
    services.identity.administration.createRole(actor, input),
  ),
  remove: roles.remove.handler(async ({ input, context: { services, actor } }) => {
    await services.identity.administration.removeRole(actor, input.id);
    return ok;
  }),
};

export const tenantRoutes = {
  list: tenants.list.handler(({ context: { services, actor } }) => {
    if (actor.tenantId !== homeTenant) throw new FaultError('PERMISSION_DENIED');
    return { tenants: services.identity.administration.tenants() };
  }),
  create: tenants.create.handler(async ({ input, context: { services, actor } }) => {
    const { code, ...tenant } = await services.identity.administration.createTenant(actor, input.name);
    return { ...tenant, url: linkTo(services, 'invite', code) };
  }),
};
