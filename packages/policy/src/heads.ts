import type { EntityUidJson, PolicyJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';

/** The three of a request and all that they are members of, each as `Type::"id"`. */
export interface RequestHeads {
  principal: ReadonlySet<string>;
  principalUid: string;
  action: ReadonlySet<string>;
  actionUid: string;
  resource: ReadonlySet<string>;
  resourceUid: string;
  resourceType: string;
}

const plainUid = (entity: EntityUidJson): TypeAndId => ('__entity' in entity ? entity.__entity : entity);
export const uidText = (entity: EntityUidJson): string => {
  const { type, id } = plainUid(entity);
  return `${type}::${JSON.stringify(id)}`;
};

type Constraint = PolicyJson['principal'] | PolicyJson['action'] | PolicyJson['resource'];

/** Whether a constraint of a policy's head can hold. Cedar gives the same answer; asking here is cheaper by far. */
const holds = (constraint: Constraint, own: string, all: ReadonlySet<string>, type: string): boolean => {
  switch (constraint.op) {
    case 'All':
      return true;
    case '==':
      return !('entity' in constraint) || uidText(constraint.entity) === own;
    case 'in':
      if ('entity' in constraint) return all.has(uidText(constraint.entity));
      return !('entities' in constraint) || constraint.entities.some((entity) => all.has(uidText(entity)));
    case 'is':
      return (
        constraint.entity_type === type &&
        (!constraint.in || !('entity' in constraint.in) || all.has(uidText(constraint.in.entity)))
      );
  }
};

/** Policies whose head does not fit cannot decide anything, so most of them need not be looked at. */
export const mayDecide = (policy: PolicyJson, heads: RequestHeads): boolean =>
  holds(policy.action, heads.actionUid, heads.action, 'Action') &&
  holds(policy.principal, heads.principalUid, heads.principal, 'User') &&
  holds(policy.resource, heads.resourceUid, heads.resource, heads.resourceType);

/** Attributes of the context that a policy looks at. */
export const contextUse = (policy: PolicyJson): Set<string> => {
  const used = new Set<string>();
  const isContext = (value: unknown) =>
    typeof value === 'object' && value !== null && (value as { Var?: string }).Var === 'context';
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of ['.', 'has'] as const) {
      const access = (value as Record<string, { left?: unknown; attr?: unknown } | undefined>)[key];
      if (access && isContext(access.left))
        for (const name of [access.attr].flat()) if (typeof name === 'string') used.add(name);
    }
    for (const part of Object.values(value)) walk(part);
  };
  walk(policy.conditions);
  return used;
};
