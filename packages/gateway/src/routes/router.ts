import { open } from '../context.ts';
import { accountRoutes } from './account.ts';
import { auditRoutes } from './audit.ts';
import { authRoutes } from './auth.ts';
import { budgetRoutes } from './budgets.ts';
import { chatRoutes, usageRoutes } from './chat.ts';
import { approvalRoutes, policyRoutes, toolRoutes } from './gate.ts';
import { inviteRoutes, peopleRoutes, roleRoutes, scimRoutes, tenantRoutes } from './people.ts';
import { secretRoutes } from './secrets.ts';
import { overviewRoutes, searchRoutes, sessionRoutes } from './sessions.ts';
import { configRoutes, modelRoutes, providerRoutes, systemRoutes } from './system.ts';

/** The whole contract; a procedure left out is a type error here. */
export const router = open.router({
  sessions: sessionRoutes,
  chat: chatRoutes,
  search: searchRoutes,
  overview: overviewRoutes,
  usage: usageRoutes,
  system: systemRoutes,
  models: modelRoutes,
  providers: providerRoutes,
  config: configRoutes,
  approvals: approvalRoutes,
  policies: policyRoutes,
  audit: auditRoutes,
  budgets: budgetRoutes,
  tools: toolRoutes,
  secrets: secretRoutes,
  auth: authRoutes,
  account: accountRoutes,
  people: peopleRoutes,
  scim: scimRoutes,
  invites: inviteRoutes,
  roles: roleRoutes,
  tenants: tenantRoutes,
});
