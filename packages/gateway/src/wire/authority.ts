import type { Authority, Principal } from '@reeve/core';
import type { Permission } from '@reeve/protocol';
import { type OperatorScope, operatorScopes } from '@reeve/protocol/wire';
import type { Method } from './method.ts';

/** What of the API each scope of the wire stands for. `operator.admin` includes every other, so it needs the most. */
const permissionOfScope: Record<OperatorScope, Permission> = {
  'operator.read': 'chat:read',
  'operator.write': 'chat:write',
  'operator.admin': 'system:manage',
  'operator.approvals': 'approval:decide',
  'operator.questions': 'approval:decide',
  'operator.pairing': 'account:manage',
};

/** Methods that tell of the machine and not of whoever asks: a scope to read one's own is not enough. */
const ofTheMachine = /^(config|logs|provider|status|cron\.status)(\.|$)/;

/** The permission that a method belongs to. One whose scope depends on its parameters checks the rest itself. */
export const wirePermission = ({ name, scope }: Pick<Method, 'name' | 'scope'>): Permission =>
  ofTheMachine.test(name)
    ? 'system:manage'
    : scope === null
      ? 'system:read'
      : typeof scope === 'function'
        ? 'chat:read'
        : permissionOfScope[scope];

/**
 * The most that whoever proved to be `principal` may do over the wire. The one place that knows it: what a client says
 * about itself can only make it less.
 */
export const authorityOf = ({ actor }: Principal, authority: Authority): readonly OperatorScope[] =>
  operatorScopes.filter((scope) => {
    const permission = permissionOfScope[scope];
    return authority.method(actor, permission, permission).isAllowed;
  });

/** What a client gets of what it asked for. One that asks for nothing may look and no more. */
export const grant = (
  asked: readonly string[] | undefined,
  allowed: readonly string[],
  whenNotAsked: readonly string[],
): OperatorScope[] => {
  const wanted = new Set(asked ?? whenNotAsked);
  return operatorScopes.filter((scope) => wanted.has(scope) && allowed.includes(scope));
};
