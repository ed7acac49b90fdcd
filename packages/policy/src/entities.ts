import type { PolicyPrincipal, PolicyRequest } from '@reeve/core';
import { type ToolLevel, toolLevels } from '@reeve/protocol';
import type { EntityJson } from './cedar.ts';
import { type RequestHeads, uidText } from './heads.ts';

const uid = (type: string, id: string) => ({ type, id });

const rolesOf = ({ role, baseRole }: PolicyPrincipal) => [...new Set([role, baseRole])];

const setsOf = (level: string) => {
  const index = toolLevels.indexOf(level as ToolLevel);
  // A level nobody knows is in none of the sets but the widest.
  return toolLevels.slice(index < 0 ? toolLevels.length - 1 : index);
};

export interface RequestEntities {
  heads: RequestHeads;
  entities: EntityJson[];
}

/** What Cedar is told about the three of a request. Ancestors are given flat, so that they need no entities of their own. */
export const entitiesOf = (
  { principal, action, resource }: PolicyRequest,
  permissionOf: (action: string) => string | undefined,
  skipsLists: boolean,
): RequestEntities => {
  const user = uid('User', principal.userId);
  const roles = rolesOf(principal);
  const memberships = [uid('Tenant', principal.tenantId), ...roles.map((role) => uid('Role', role))];
  const { contentFilter, canInstallSoftware, canExecCommands, canUseBrowser, requiresAdminApproval } =
    principal.flags;
  const sets = resource.type === 'Tool' ? setsOf(resource.level).map((level) => uid('ToolSet', level)) : [];
  const target = uid(resource.type, resource.id);
  const entities: EntityJson[] = [
    {
      uid: user,
      attrs: {
        contentFilter,
        canInstallSoftware,
        canExecCommands,
        canUseBrowser,
        requiresAdminApproval,
        skipsLists,
      },
      parents: memberships,
    },
  ];
  // A question about oneself names one entity twice.
  if (resource.type !== 'User' || resource.id !== principal.userId)
    entities.push({
      uid: target,
      attrs:
        resource.type === 'Tool'
          ? { risk: resource.risk, effect: resource.effect, kind: resource.kind, level: resource.level }
          : {},
      parents: sets,
    });
  const permission = permissionOf(action);
  const actionUid = uidText(uid('Action', action));
  if (permission !== undefined)
    entities.push({ uid: uid('Action', action), attrs: {}, parents: [uid('Action', permission)] });
  const resourceUid = uidText(target);
  return {
    entities,
    heads: {
      principalUid: uidText(user),
      principal: new Set([uidText(user), ...memberships.map(uidText)]),
      actionUid,
      action: new Set(
        permission === undefined ? [actionUid] : [actionUid, uidText(uid('Action', permission))],
      ),
      resourceUid,
      resource: new Set([resourceUid, ...sets.map(uidText)]),
      resourceType: resource.type,
    },
  };
};
