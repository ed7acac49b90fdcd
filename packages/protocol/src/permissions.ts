import { z } from 'zod';

/**
 * What an account may do at all (F237): roles and the scopes of API keys are made of these. Each method of the API
 * belongs to one of them; tools have their own rules.
 */
export const permissions = {
  'chat:read': 'Read own conversations',
  'chat:write': 'Send messages, change and delete own conversations',
  'memory:read': 'Read what is remembered about oneself',
  'memory:write': 'Change what is remembered about oneself',
  'model:read': 'See which models there are',
  'usage:read': 'See own tokens and costs',
  'account:manage': 'Change the own account: password, devices, keys, language',
  'system:read': 'See versions, state and tools',
  'system:manage': 'Change settings, read logs, reload, restart',
  'approval:read': 'See own questions that wait for an answer',
  'approval:decide': 'Answer questions, as far as the policies let one',
  'policy:explain': 'Ask why something is allowed or not',
  'policy:manage': 'Read and change policies and rates',
  'user:manage': 'See, invite, change and remove people',
  'budget:manage': 'See and set budgets, see the usage of everybody',
  'audit:read': 'Read, verify and export the audit',
  'secret:own': 'Keep secrets of one’s own',
  'secret:manage': 'Set, list, rotate and remove secrets',
} as const;

export type Permission = keyof typeof permissions;
export const permissionSchema = z.enum(Object.keys(permissions) as [Permission, ...Permission[]]);
export const isPermission = (name: string): name is Permission => Object.hasOwn(permissions, name);

/**
 * Whether granted scopes include one, as `chat:*` includes `chat:read` and `*:*` everything. Who manages secrets
 * keeps their own, too.
 */
export const includesScope = (granted: readonly string[], scope: string): boolean => {
  const [area] = scope.split(':', 1);
  if (scope === 'secret:own' && granted.includes('secret:manage')) return true;
  return granted.some((one) => one === scope || one === `${area}:*` || one === '*:*');
};
