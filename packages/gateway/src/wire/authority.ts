import { type OperatorScope, operatorScopes } from '@reeve/protocol/wire';
import type { Principal } from '../identity/identity.ts';

/**
 * The most that whoever proved to be `principal` may do over the wire. The one place that knows it: what a client says
 * about itself can only make it less. Today there is one account, which owns everything.
 */
export const authorityOf = ({ actor }: Principal): readonly OperatorScope[] =>
  actor.role === 'admin' ? operatorScopes : [];

/** What a client gets of what it asked for. One that asks for nothing may look and no more. */
export const grant = (
  asked: readonly string[] | undefined,
  allowed: readonly string[],
  whenNotAsked: readonly string[],
): OperatorScope[] => {
  const wanted = new Set(asked ?? whenNotAsked);
  return operatorScopes.filter((scope) => wanted.has(scope) && allowed.includes(scope));
};
