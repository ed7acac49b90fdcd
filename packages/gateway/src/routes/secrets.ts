import { FaultError } from '@reeve/protocol';
import { signedIn } from '../context.ts';

const { secrets } = signedIn;

/** Values come in over this door and never go out. */
export const secretRoutes = {
  status: secrets.status.handler(({ context: { services } }) => services.secrets.status()),
  list: secrets.list.handler(async ({ context: { services, actor } }) => ({
    secrets: await services.secrets.broker.list(actor),
  })),
  get: secrets.get.handler(({ input: { id, mine }, context: { services, actor } }) =>
    services.secrets.broker.get(actor, id, mine),
  ),
  set: secrets.set.handler(({ input: { name, value, mine, policy }, context: { services, actor } }) =>
    services.secrets.broker.set(actor, name, { value, isMine: mine, policy }),
  ),
  policy: secrets.policy.handler(({ input: { id, mine, policy }, context: { services, actor } }) =>
    services.secrets.broker.setPolicy(actor, id, mine, policy),
  ),
  delete: secrets.delete.handler(async ({ input: { id, mine }, context: { services, actor } }) => {
    await services.secrets.broker.delete(actor, id, mine);
    return { ok: true as const };
  }),
  rotate: secrets.rotate.handler(({ input: { id, mine, value }, context: { services, actor } }) =>
    services.secrets.broker.rotate(actor, id, mine, value),
  ),
  rollback: secrets.rollback.handler(({ input: { id, mine }, context: { services, actor } }) =>
    services.secrets.broker.rollback(actor, id, mine),
  ),
  emergency: secrets.emergency.handler(({ input, context: { services, actor } }) =>
    services.secrets.broker.emergency(actor, input),
  ),
  lock: secrets.lock.handler(async ({ context: { services, actor } }) => {
    await services.secrets.broker.lock(actor);
    return services.secrets.status();
  }),
  unlock: secrets.unlock.handler(async ({ input, context: { services, actor } }) => {
    await services.secrets.broker.unlock(actor, input.passphrase);
    return services.secrets.status();
  }),
  adoptable: secrets.adoptable.handler(({ context: { services, actor } }) => {
    mustBeAdmin(actor.role);
    return { found: services.secrets.adoptable() };
  }),
  adopt: secrets.adopt.handler(({ input: { from, name }, context: { services, actor } }) => {
    mustBeAdmin(actor.role);
    return services.secrets.adopt(actor, from, name);
  }),
};

/** Settings are the administrators'. */
const mustBeAdmin = (role: string): void => {
  if (role !== 'admin') throw new FaultError('PERMISSION_DENIED', 'Settings are for administrators.');
};
