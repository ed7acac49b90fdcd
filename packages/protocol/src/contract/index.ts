import { auditContract } from './audit.ts';
import { budgetContract } from './budgets.ts';
import { chatContract } from './chat.ts';
import { gateContract } from './gate.ts';
import { identityContract } from './identity.ts';
import { peopleContract } from './people.ts';
import { secretsContract } from './secrets.ts';
import { sessionContract } from './sessions.ts';
import { systemContract } from './system.ts';

/** The whole HTTP API: REST routes, OpenAPI document, typed client and reference docs derive from this value. */
export const contract = {
  ...sessionContract,
  ...chatContract,
  ...gateContract,
  ...auditContract,
  ...budgetContract,
  ...secretsContract,
  ...identityContract,
  ...peopleContract,
  ...systemContract,
};
export type Contract = typeof contract;
