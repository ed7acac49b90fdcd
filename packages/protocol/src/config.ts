import { z } from 'zod';
import { queueModeSchema, thinkingLevelSchema } from './nouns.ts';

/**
 * The one configuration schema: types, validation, `reeve config explain`, docs/reference/config.md and later the
 * settings page derive from it. Every key can be set in `reeve.toml`, by environment (`gateway.port` is
 * `REEVE_GATEWAY_PORT`) and, where a flag exists, on the command line; later layers win.
 */
const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/** Wire protocols of model servers that Reeve speaks; `auto` = that of the known vendor, else openai-compatible. */
export const providerKinds = [
  'auto',
  'openai-compatible',
  'openai',
  'openai-responses',
  'anthropic',
  'google',
  'ollama',
] as const;

const keySchemas = {
  apiKey: z
    .string()
    .default('')
    .meta({ secret: true })
    .describe('The key; empty for servers that need none. Prefer apiKeyEnv.'),
  apiKeyEnv: z.string().default('').describe('Name of the environment variable that holds the key.'),
};

export const providerConfigSchema = z.strictObject({
  kind: z
    .enum(providerKinds)
    .default('auto')
    .describe(
      'The wire protocol the server speaks; auto = that of the known vendor, else openai-compatible.',
    ),
  baseUrl: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .describe(
      'Address of the API, up to and including its version, such as http://127.0.0.1:11434/v1. Known vendors need none.',
    ),
  ...keySchemas,
  accounts: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/), z.strictObject(keySchemas))
    .default({})
    .describe(
      'Further keys at the same provider by name, tried in order when one is refused or over its limit.',
    ),
  models: z.array(z.string()).default([]).describe('Models to offer; empty asks the server for its list.'),
  contextTokens: z
    .number()
    .int()
    .min(1024)
    .optional()
    .describe(
      'Context window of its models, in tokens; unset = what is known about each model, else 128,000.',
    ),
  maxOutputTokens: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Tokens kept free for an answer; unset = what is known about each model, else 8,192.'),
  connectTimeoutMs: z
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(10_000)
    .describe('Longest wait for a connection to the server.'),
  firstTokenTimeoutMs: z
    .number()
    .int()
    .min(100)
    .max(3_600_000)
    .default(120_000)
    .describe('Longest wait from the request to the first sign of an answer.'),
  idleTimeoutMs: z
    .number()
    .int()
    .min(100)
    .max(3_600_000)
    .default(60_000)
    .describe('Longest silence within an answer.'),
  maxRetries: z
    .number()
    .int()
    .min(0)
    .max(10)
    .default(1)
    .describe('Further tries on this provider after a passing failure, before the next one is asked.'),
});
export type ProviderConfig = z.infer<typeof providerConfigSchema>;

export const configSchema = z.strictObject({
  gateway: z
    .strictObject({
      port: z
        .number()
        .int()
        .min(0)
        .max(65_535)
        .default(18_789)
        .describe('TCP port; 0 lets the system choose.'),
      host: z
        .string()
        .min(1)
        .default('127.0.0.1')
        .describe('Address to listen on. Anything but loopback makes Reeve reachable for others.'),
      allowedHosts: z
        .array(z.string())
        .default([])
        .describe('Further host names under which Reeve may be opened (behind a reverse proxy, say).'),
      corsOrigins: z.array(z.url()).default([]).describe('Web origins whose pages may call the API.'),
      bodyLimitBytes: z
        .number()
        .int()
        .min(1024)
        .default(20_971_520)
        .describe('Largest request body, in bytes.'),
      trustProxy: z.boolean().default(false).describe('Believe X-Forwarded-For of a reverse proxy.'),
    })
    .prefault({}),
  agent: z
    .strictObject({
      name: z.string().min(1).default('Reeve').describe('How the steward calls itself.'),
      model: z.string().default('').describe('Default model as provider/model; empty lets Reeve choose.'),
      fallbacks: z
        .array(z.string())
        .default([])
        .describe('Models to try next, in order, before the built-in steward.'),
      routing: z
        .enum(['ordered', 'cost', 'quality'])
        .default('ordered')
        .describe(
          'Which of model and fallbacks is asked first: ordered = as written, cost = the cheapest, quality = the best one that fits the request.',
        ),
      language: z
        .enum(['auto', 'en', 'de'])
        .default('auto')
        .describe('Language of the built-in steward; auto answers in the language of the message.'),
      timeZone: z
        .string()
        .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin')
        .default(Intl.DateTimeFormat().resolvedOptions().timeZone)
        .describe('IANA time zone for dates, reminders and schedules.'),
      queueMode: queueModeSchema.default('queue').describe('What a message does while its session is busy.'),
      maxSteps: z
        .number()
        .int()
        .min(1)
        .max(50)
        .default(25)
        .describe('Model calls per run; the last one gets no tools, so that it answers.'),
      temperature: z
        .number()
        .min(0)
        .max(2)
        .optional()
        .describe('Sampling temperature; unset leaves it to the model.'),
      maxOutputTokens: z
        .number()
        .int()
        .min(1)
        .optional()
        .describe('Upper bound of one answer, in tokens; unset leaves it to the model.'),
      topP: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe(
          'Nucleus sampling: share of the probability that is drawn from; unset leaves it to the model.',
        ),
      thinking: thinkingLevelSchema
        .optional()
        .describe('How much a model thinks before it answers; unset leaves it to the model.'),
    })
    .prefault({}),
  models: z
    .strictObject({
      allow: z
        .array(z.string())
        .default([])
        .describe('Models that may be used, as provider/model with * as wildcard; empty = all.'),
      deny: z
        .array(z.string())
        .default([])
        .describe('Models that may not be used, as provider/model with * as wildcard; stronger than allow.'),
      discover: z
        .boolean()
        .default(true)
        .describe(
          'Look for keys in the environment and for model servers on the usual ports of this machine at start.',
        ),
    })
    .prefault({}),
  providers: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/), providerConfigSchema)
    .default({})
    .describe('Model servers by name; a table each.'),
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
export const reloadableKeys = ['agent', 'models', 'providers', 'log'] as const;
