import type { Method } from '../method.ts';
import { agentMethods } from './agent.ts';
import { chatMethods } from './chat.ts';
import { configMethods } from './config.ts';
import { cronMethods } from './cron.ts';
import { deviceMethods } from './devices.ts';
import { execApprovalMethods } from './exec-approvals.ts';
import { memoryMethods } from './memory.ts';
import { modelMethods } from './models.ts';
import { noneYetMethods } from './none-yet.ts';
import { sessionChangeMethods } from './session-changes.ts';
import { sessionMethods } from './sessions.ts';
import { subscriptionMethods } from './subscriptions.ts';
import { systemMethods } from './system.ts';

/** Everything that is served, one file per noun. */
export const methods: readonly Method[] = [
  ...systemMethods,
  ...chatMethods,
  ...agentMethods,
  ...sessionMethods,
  ...sessionChangeMethods,
  ...subscriptionMethods,
  ...memoryMethods,
  ...cronMethods,
  ...configMethods,
  ...modelMethods,
  ...deviceMethods,
  ...execApprovalMethods,
  ...noneYetMethods,
];
