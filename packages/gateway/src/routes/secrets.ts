import type { Actor } from '@reeve/core';
import { FaultError, type SecretPolicy } from '@reeve/protocol';
import { type Services, signedIn } from '../context.ts';

const { secrets } = signedIn;

/** Whether somebody may see and change what is everybody's, beside their own. */
const mayManage = ({ core }: Services, actor: Actor): boolean =>
  core.authority.method(actor, 'secret:manage', 'secret:manage').isAllowed;

/** The broker, for one secret that the caller may touch. Throws FaultError PERMISSION_DENIED. */
const brokerFor = (services: Services, actor: Actor, mine: boolean, policy?: SecretPolicy | null) => {
  if (!mayManage(services, actor)) {
    if (!mine)
      throw new FaultError('PERMISSION_DENIED', 'Secrets of everybody are for administrators.', {
        next: 'Say that it is your own: `--mine`, or `"mine": true`.',
      });
    // Reeve calls from where it runs, and reaches what the person may not.
    if (policy?.verify?.url !== undefined)
      throw new FaultError(
        'PERMISSION_DENIED',
        'Only administrators choose the address that a value is tried at.',
        { next: 'Leave the address out.' },
      );
  }
  return services.secrets.broker;
};

/** Values come in over this door and never go out. */
export const secretRoutes = {
  status: secrets.status.handler(({ context: { services, actor } }) => {
    const status = services.secrets.status();
    // Why it fails names files of the machine.
    return mayManage(services, actor) ? status : { ...status, reason: null, warnings: [] };
  }),
  list: secrets.list.handler(async ({ context: { services, actor } }) => {
    const found = await services.secrets.broker.list(actor);
    return { secrets: mayManage(services, actor) ? found : found.filter(({ isMine }) => isMine) };
  }),
  get: secrets.get.handler(({ input: { id, mine }, context: { services, actor } }) =>
    brokerFor(services, actor, mine).get(actor, id, mine),
  ),
  set: secrets.set.handler(({ input: { name, value, mine, policy }, context: { services, actor } }) =>
    brokerFor(services, actor, mine, policy).set(actor, name, { value, isMine: mine, policy }),
  ),
  policy: secrets.policy.handler(({ input: { id, mine, policy }, context: { services, actor } }) =>
    brokerFor(services, actor, mine, policy).setPolicy(actor, id, mine, policy),
  ),
  delete: secrets.delete.handler(async ({ input, context: { services, actor } }) => {
    const { id, mine } = { ...input.params, ...input.query };
    await brokerFor(services, actor, mine).delete(actor, id, mine);
    return { ok: true as const };
  }),
  rotate: secrets.rotate.handler(({ input: { id, mine, value }, context: { services, actor } }) =>
    brokerFor(services, actor, mine).rotate(actor, id, mine, value),
  ),
  rollback: secrets.rollback.handler(({ input: { id, mine }, context: { services, actor } }) =>
    brokerFor(services, actor, mine).rollback(actor, id, mine),
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
