import { z } from 'zod';
import { agentConfigSchema, modelsConfigSchema } from './agent.ts';
import { approvalsConfigSchema, auditConfigSchema, policyConfigSchema, ratesConfigSchema } from './gate.ts';
import { gatewayConfigSchema } from './gateway.ts';
import { identityConfigSchema } from './identity.ts';
import { providerConfigSchema } from './providers.ts';
import { secretsConfigSchema } from './secrets.ts';

/**
 * The one configuration schema: types, validation, `reeve config explain`, docs/reference/config.md and later the
 * settings page derive from it. Every key can be set in `reeve.toml`, by environment (`gateway.port` is
 * `REEVE_GATEWAY_PORT`) and, where a flag exists, on the command line; later layers win.
 */
export const configSchema = z.strictObject({
  gateway: gatewayConfigSchema,
  identity: identityConfigSchema,
  agent: agentConfigSchema,
  models: modelsConfigSchema,
  providers: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/), providerConfigSchema)
    .default({})
    .describe('Model servers by name; a table each.'),
  secrets: secretsConfigSchema,
  policy: policyConfigSchema,
  rates: ratesConfigSchema,
  audit: auditConfigSchema,
  approvals: approvalsConfigSchema,
  engine: z
    .strictObject({
      concurrency: z
        .number()
        .int()
        .min(1)
        .max(10_000)
        .default(256)
        .describe('Runs at the same time, over all sessions.'),
      laneLimit: z
        .number()
        .int()
        .min(1)
        .max(10_000)
        .default(100)
        .describe('Messages that may wait in one session.'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('What goes into logs/.'),
    })
    .prefault({}),
});

export type Config = z.infer<typeof configSchema>;

/** Keys that take effect on reload (SIGHUP or /reload); others need a restart, and reload says so. */
export const reloadableKeys = [
  'agent',
  'models',
  'providers',
  'log',
  'identity',
  'policy',
  'rates',
  'audit',
  'approvals',
] as const;
