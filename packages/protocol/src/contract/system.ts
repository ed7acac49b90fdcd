import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { jsonSchema, modelInfoSchema, providerStatusSchema, timeSchema, toolInfoSchema } from '../nouns.ts';

const configValueSchema = z.object({
  key: z.string(),
  value: jsonSchema.describe('Secrets show as ***.'),
  source: z.enum(['default', 'file', 'env', 'flag']),
  origin: z.string().describe('The file, variable or flag it comes from.'),
  description: z.string(),
  allowed: z.string(),
  env: z.string(),
  needsRestart: z.boolean(),
});
export type ConfigValue = z.infer<typeof configValueSchema>;
const warningSchema = z.object({ key: z.string(), message: z.string() });

export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  protocol: z.number().int().describe('The newest wire protocol that is served.'),
  ws_clients: z.number().int().describe('Sockets that are signed in.'),
  model: z.string(),
  providers: z.array(z.object({ id: z.string(), state: z.string() })),
});

/** The program itself: health, models, configuration, logs. */
export const systemContract = {
  system: {
    health: oc
      .route({ method: 'GET', path: '/health', tags: ['system'], summary: 'Is it alive (no sign-in needed)' })
      .output(healthSchema),
    ready: oc
      .route({
        method: 'GET',
        path: '/ready',
        tags: ['system'],
        summary: 'Can it take work (no sign-in needed)',
      })
      .output(z.object({ ready: z.boolean(), failing: z.array(z.string()) })),
    version: oc
      .route({ method: 'GET', path: '/api/system/version', tags: ['system'], summary: 'Versions' })
      .output(
        z.object({ version: z.string(), node: z.string(), sqlite: z.string(), schema: z.number().int() }),
      ),
    status: oc
      .route({ method: 'GET', path: '/api/system/status', tags: ['system'], summary: 'What it is doing' })
      .output(
        z.object({
          version: z.string(),
          startedAt: timeSchema,
          uptimeMs: z.number(),
          home: z.string(),
          url: z.string(),
          model: z.string(),
          modelReason: z.string(),
          modelDenials: z
            .number()
            .int()
            .describe(
              'Models that were asked for and are denied by models.allow or models.deny, since the start.',
            ),
          sessions: z.number().int(),
          events: z.number().int(),
          runs: z.object({ running: z.number().int(), queued: z.number().int(), waiting: z.number().int() }),
          schedules: z.number().int(),
          deliveriesPending: z.number().int(),
          storage: z.object({ state: z.enum(['ok', 'failing']), lastError: z.string().nullable() }),
          rssBytes: z.number(),
        }),
      ),
    metrics: oc
      .route({
        method: 'GET',
        path: '/api/system/metrics',
        tags: ['system'],
        summary: 'CPU and memory of the process',
      })
      .output(
        z.object({
          cpuMs: z.number(),
          rssBytes: z.number(),
          heapUsedBytes: z.number(),
          uptimeMs: z.number(),
        }),
      ),
    tools: oc
      .route({ method: 'GET', path: '/api/tools', tags: ['system'], summary: 'Tools on offer' })
      .output(z.object({ tools: z.array(toolInfoSchema) })),
    logs: oc
      .route({
        method: 'GET',
        path: '/api/system/logs',
        tags: ['system'],
        summary: 'The last log lines, and with follow those to come (SSE)',
      })
      .input(
        z.object({
          lines: z.coerce.number().int().min(0).max(5000).default(100),
          follow: z.stringbool().or(z.boolean()).default(false),
        }),
      )
      .output(eventIterator(z.object({ line: z.string() }))),
    rebuildJournal: oc
      .route({
        method: 'POST',
        path: '/api/system/journal/rebuild',
        tags: ['system'],
        summary: 'Build every view anew from the journal and compare',
      })
      .output(
        z.object({
          events: z.number().int(),
          sessions: z.number().int(),
          messages: z.number().int(),
          differences: z.number().int(),
          brokenChains: z.array(z.string()),
        }),
      ),
    reload: oc
      .route({
        method: 'POST',
        path: '/api/system/reload',
        tags: ['system'],
        summary: 'Read the configuration and the workspace files again',
      })
      .output(
        z.object({
          ok: z.literal(true),
          needsRestart: z.array(z.string()),
          warnings: z.array(warningSchema),
        }),
      ),
  },
  models: {
    list: oc
      .route({ method: 'GET', path: '/api/models', tags: ['models'], summary: 'Models on offer' })
      .input(z.object({ refresh: z.stringbool().or(z.boolean()).default(false) }))
      .output(z.object({ models: z.array(modelInfoSchema), default: z.string(), reason: z.string() })),
  },
  providers: {
    list: oc
      .route({
        method: 'GET',
        path: '/api/providers',
        tags: ['models'],
        summary: 'Model providers and their state',
      })
      .output(z.object({ providers: z.array(providerStatusSchema) })),
    test: oc
      .route({
        method: 'POST',
        path: '/api/providers/{id}/test',
        tags: ['models'],
        summary: 'Ask a model of a provider for a word now: do its address and its keys work',
      })
      .input(z.object({ id: z.string().min(1).max(100) }))
      .output(
        z.object({
          ok: z.boolean(),
          models: z.number().int().describe('How many it offers.'),
          model: z.string().nullable().describe('The one that was asked; null for the built-in steward.'),
          latencyMs: z.number().nullable().describe('Until the first sign of its answer.'),
          error: z.string().nullable(),
        }),
      ),
  },
  config: {
    list: oc
      .route({
        method: 'GET',
        path: '/api/config',
        tags: ['config'],
        summary: 'Every setting, its value and where that comes from',
      })
      .output(
        z.object({ file: z.string(), values: z.array(configValueSchema), warnings: z.array(warningSchema) }),
      ),
    set: oc
      .route({
        method: 'PATCH',
        path: '/api/config',
        tags: ['config'],
        summary: 'Change a setting in reeve.toml; null takes it out',
      })
      .input(z.object({ key: z.string().min(1).max(200), value: jsonSchema }))
      .output(z.object({ value: configValueSchema, needsRestart: z.boolean() })),
  },
};
