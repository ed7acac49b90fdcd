import { methodPermissions, type Permission } from '@reeve/protocol';
import type { OperatorScope } from '@reeve/protocol/wire';
import type { Method } from './wire/method.ts';
import { methods as wireMethods } from './wire/methods/index.ts';

/** What each scope of the wire stands for. */
const permissionOfScope: Record<OperatorScope, Permission> = {
  'operator.read': 'chat:read',
  'operator.write': 'chat:write',
  'operator.admin': 'system:manage',
  'operator.approvals': 'approval:decide',
  'operator.questions': 'approval:decide',
  'operator.pairing': 'account:manage',
};

/** The permission of a wire method; one whose scope depends on its parameters has the least of them, and asks for more itself. */
export const wirePermission = ({ scope }: Pick<Method, 'scope'>): Permission =>
  scope === null ? 'system:read' : typeof scope === 'function' ? 'chat:read' : permissionOfScope[scope];

/** Ways into the OpenAI surface. */
export const openAiPermissions = {
  'openai.models': 'model:read',
  'openai.completions': 'chat:write',
  'openai.responses': 'chat:write',
  'openai.embeddings': 'chat:write',
} as const satisfies Record<string, Permission>;

/**
 * Everything that can be asked of this gateway, by the name that policies know it by, and the permission that it
 * belongs to. An entry that is not here is not allowed to anybody.
 */
export const apiActions: readonly { name: string; permission: Permission }[] = [
  ...Object.entries(methodPermissions).flatMap(([name, permission]) =>
    permission ? [{ name, permission }] : [],
  ),
  ...wireMethods.map((method) => ({ name: `ws.${method.name}`, permission: wirePermission(method) })),
  ...Object.entries(openAiPermissions).map(([name, permission]) => ({ name, permission })),
];
