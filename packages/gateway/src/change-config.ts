import type { Actor, AuditEntry } from '@reeve/core';
import { FaultError, includesScope, type Json } from '@reeve/protocol';
import type { Services } from './context.ts';

/** By whose wish, and from where. */
interface Wish {
  services: Services;
  actor: Actor;
  address: string;
}

const tell = (
  { services, actor, address }: Wish,
  type: 'config.changed' | 'config.reloaded',
  more: Pick<AuditEntry, 'target' | 'data'> = {},
): void =>
  services.core.tell({
    tenantId: actor.tenantId,
    actor: actor.userId,
    type,
    outcome: 'ok',
    channel: actor.channel,
    address,
    ...more,
  });

/** Settings that say who gets in and what they may: worth more than the permission to run the machine. */
const guarded = /^(?:gateway|identity|policy|approvals|rates|audit|secrets)\./;

/** A credential with scopes does not widen itself by way of the settings. */
const mayChange = ({ scopes }: Actor, key: string): boolean =>
  scopes === undefined || !guarded.test(key) || includesScope(scopes, '*:*');

/** Changes a setting, and tells it in the audit; a secret shows there as ***. Rejects with FaultError CONFIG_ERROR, PERMISSION_DENIED. */
export const changeConfig = async (wish: Wish, key: string, value: Json) => {
  if (!mayChange(wish.actor, key))
    throw new FaultError('PERMISSION_DENIED', `${key} is not for a credential with scopes.`, {
      next: 'Change it with a credential that may do all that you may.',
    });
  const changed = await wish.services.system.config.set(key, value);
  const { needsRestart } = changed;
  tell(wish, 'config.changed', { target: key, data: { value: changed.value.value, needsRestart } });
  return changed;
};

/** Reads the settings anew, and tells it in the audit. */
export const reloadConfig = async (wish: Wish) => {
  const reloaded = await wish.services.system.reload();
  tell(wish, 'config.reloaded');
  return reloaded;
};
