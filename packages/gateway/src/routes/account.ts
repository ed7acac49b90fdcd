import { permissionSchema } from '@reeve/protocol';
import { signedIn } from '../context.ts';
import { baseUrlOf, originOf } from '../http/page-origin.ts';
import { giveTicket } from '../identity/sign-on-routes.ts';

const { account } = signedIn;
const ok = { ok: true as const };

/** One's own account: whom it is about comes from the verified connection, never from the request. */
export const accountRoutes = {
  get: account.get.handler(async ({ context: { services, actor } }) => {
    const { identity } = services;
    return {
      person: identity.view(actor)!,
      tenant: { id: actor.tenantId, name: identity.tenantName(actor.tenantId) },
      permissions: permissionSchema.options.filter(
        (one) => services.core.authority.method(actor, one, one).isAllowed,
      ),
      ...(await identity.accounts.state(actor)),
    };
  }),
  update: account.update.handler(async ({ input: { name, language }, context: { services, actor } }) => {
    await services.identity.accounts.update(actor, {
      ...(name !== undefined && { name }),
      ...(language !== undefined && { language }),
    });
    return services.identity.view(actor)!;
  }),
  setPassword: account.setPassword.handler(
    async ({ input: { current, password, name, email }, context: { services, principal } }) => {
      await services.identity.accounts.setPassword(principal, {
        password,
        ...(current !== undefined && { current }),
        ...(name !== undefined && { name }),
        ...(email !== undefined && { email }),
      });
      return ok;
    },
  ),

  sessions: account.sessions.handler(async ({ context: { services, principal } }) => ({
    sessions: await services.identity.sessions.list(principal),
  })),
  revokeSession: account.revokeSession.handler(async ({ input, context: { services, actor } }) => {
    await services.identity.sessions.revoke(actor, input.id);
    return ok;
  }),
  revokeOthers: account.revokeOthers.handler(async ({ context: { services, actor, principal } }) => ({
    ended: await services.identity.sessions.revokeAll(actor, principal.credential),
  })),
  devices: account.devices.handler(async ({ context: { services, actor } }) => ({
    devices: await services.identity.devices.list(actor),
  })),
  revokeDevice: account.revokeDevice.handler(async ({ input, context: { services, actor } }) => {
    await services.identity.devices.revoke(actor, input.id);
    return ok;
  }),

  channels: account.channels.handler(async ({ context: { services, actor } }) => ({
    channels: await services.identity.channels.list(actor),
  })),
  linkCode: account.linkCode.handler(({ context: { services, actor, principal } }) =>
    services.identity.channels.newCode(actor, principal),
  ),
  unlinkChannel: account.unlinkChannel.handler(async ({ input, context: { services, actor } }) => {
    await services.identity.channels.unlink(actor, actor, input.id);
    return ok;
  }),
  connections: account.connections.handler(async ({ context: { services, actor } }) => ({
    connections: await services.identity.signOn.connections(actor),
  })),
  connect: account.connect.handler(async ({ input, context: { services, principal, reply } }) => {
    const { url, ticket } = await services.identity.signOn.begin(input, {
      baseUrl: baseUrlOf(services.system, reply.request),
      returnTo: input.returnTo,
      by: principal,
    });
    giveTicket(reply, ticket);
    return { url };
  }),
  disconnect: account.disconnect.handler(async ({ input, context: { services, actor } }) => {
    await services.identity.signOn.disconnect(actor, input.id);
    return ok;
  }),

  beginTotp: account.beginTotp.handler(({ input, context: { services, actor } }) =>
    services.identity.accounts.beginTotp(actor, input.password),
  ),
  confirmTotp: account.confirmTotp.handler(async ({ input, context: { services, actor } }) => ({
    recoveryCodes: await services.identity.accounts.confirmTotp(actor, input.code),
  })),
  disableTotp: account.disableTotp.handler(async ({ input, context: { services, actor } }) => {
    await services.identity.accounts.disableTotp(actor, input.password);
    return ok;
  }),
  newRecoveryCodes: account.newRecoveryCodes.handler(async ({ input, context: { services, actor } }) => ({
    recoveryCodes: await services.identity.accounts.newRecoveryCodes(actor, input.password),
  })),

  passkeyOptions: account.passkeyOptions.handler(({ context: { services, actor, reply } }) =>
    services.identity.accounts.passkeyOptions(actor, originOf(reply.request)),
  ),
  addPasskey: account.addPasskey.handler(({ input, context: { services, actor, reply } }) =>
    services.identity.accounts.addPasskey(actor, { ...input, origin: originOf(reply.request) }),
  ),
  removePasskey: account.removePasskey.handler(async ({ input, context: { services, actor } }) => {
    await services.identity.accounts.removePasskey(actor, input.id);
    return ok;
  }),
};
