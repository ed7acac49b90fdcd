import { z } from 'zod';
import { signOnSchemas } from './config-sign-on.ts';
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

const limitPerMinute = (standard: number, what: string) =>
  z.number().int().min(0).default(standard).describe(`${what} in a minute; 0 = as many as come.`);

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
      auth: z
        .strictObject({
          mode: z
            .enum(['token', 'password', 'device-token', 'trusted-proxy', 'none'])
            .default('token')
            .describe(
              'What opens the door beside accounts and their API keys: token = nothing, password = one shared password, device-token = sockets must prove a key of their own, trusted-proxy = a proxy names the person, none = everybody on this machine (loopback only).',
            ),
          password: z
            .string()
            .regex(/^$|^[0-9a-f]{32}:[0-9a-f]{128}$/, 'must be a hash made by `reeve token hash-password`')
            .default('')
            .meta({ secret: true })
            .describe('Hash of the shared password, made by `reeve token hash-password`.'),
          proxy: z
            .strictObject({
              addresses: z
                .array(z.string())
                .default([])
                .describe('Addresses or networks of the proxy that may name people.'),
              userHeader: z
                .string()
                .regex(/^[a-z0-9-]+$/i)
                .default('x-forwarded-user')
                .describe('Header in which the proxy names the person by e-mail address.'),
              unknown: z
                .enum(['refuse', 'guest'])
                .default('refuse')
                .describe('What happens to a person whom Reeve does not know.'),
            })
            .prefault({}),
        })
        .prefault({}),
    })
    .prefault({}),
  identity: z
    .strictObject({
      maxSessions: z
        .number()
        .int()
        .min(1)
        .max(1000)
        .default(20)
        .describe('Places where one person may be signed in at once; the oldest sign-in ends.'),
      sessionDays: z
        .number()
        .int()
        .min(1)
        .max(365)
        .default(30)
        .describe('Days until somebody has to sign in again.'),
      publicUrl: z
        .union([z.literal(''), z.url({ protocol: /^https?$/ })])
        .default('')
        .describe('Address of this Reeve in links that are mailed; empty = the one it listens on.'),
      smtp: z
        .strictObject({
          host: z.string().default('').describe('Mail server for links; empty = nothing is mailed.'),
          port: z.number().int().min(1).max(65_535).default(587).describe('Port of the mail server.'),
          secure: z
            .boolean()
            .default(false)
            .describe('TLS from the first byte (port 465); otherwise STARTTLS.'),
          user: z.string().default('').describe('User name at the mail server; empty = none.'),
          password: z.string().default('').meta({ secret: true }).describe('Password at the mail server.'),
          from: z.string().default('').describe('Sender of the mails; empty = the user name.'),
        })
        .prefault({}),
      ...signOnSchemas,
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
  secrets: z
    .strictObject({
      backend: z
        .enum(['local', 'vault', 'sops', 'env'])
        .default('local')
        .describe(
          'Where secrets are kept: local = encrypted in the data folder, vault = HashiCorp Vault, sops = a SOPS file (read only), env = variables (read only).',
        ),
      key: z
        .enum(['file', 'keychain', 'passphrase'])
        .default('file')
        .describe(
          'What opens the local ones: file = vault.key in the data folder, keychain = that of the system, passphrase = asked for by `reeve secret unlock`.',
        ),
      vaultAddress: z
        .union([z.literal(''), z.url({ protocol: /^https?$/ })])
        .default('')
        .describe('Address of HashiCorp Vault, such as https://vault.example:8200.'),
      vaultMount: z.string().min(1).default('secret').describe('Mount of its KV engine, version 2.'),
      vaultPath: z.string().min(1).default('reeve').describe('Path below the mount.'),
      vaultNamespace: z.string().default('').describe('Its namespace; empty for none.'),
      vaultTokenFile: z
        .string()
        .default('')
        .describe('File that holds its token; empty = the variable VAULT_TOKEN.'),
      sopsFile: z.string().default('').describe('The SOPS file, encrypted with age.'),
      sopsKeyFile: z
        .string()
        .default('')
        .describe('File that holds the age key of the SOPS file; empty = as SOPS looks for it.'),
      envPrefix: z
        .string()
        .min(1)
        .default('REEVE_SECRET_')
        .describe('Variables with this prefix are secrets, with backend env.'),
    })
    .prefault({}),
  policy: z
    .strictObject({
      profile: z
        .enum(['household', 'production', 'locked'])
        .default('household')
        .describe(
          'Which of the policies that come with Reeve say what may be: household = trust and ask before what is hard to undo, production = ask before every change, locked = nothing acts without an admin.',
        ),
      bypassRoles: z
        .array(z.string())
        .default([])
        .describe('Roles that lists of tools do not concern; critical calls are asked of them all the same.'),
    })
    .prefault({}),
  rates: z
    .strictObject({
      requestsPerMinute: limitPerMinute(1_200, 'Requests of one person'),
      addressRequestsPerMinute: limitPerMinute(3_000, 'Requests from one address'),
      messagesPerMinute: limitPerMinute(60, 'Messages of one person'),
      channelMessagesPerMinute: limitPerMinute(240, 'Messages on one channel'),
      toolCallsPerMinute: limitPerMinute(120, 'Tool calls of one person'),
      tools: z
        .record(z.string(), z.number().int().min(0))
        .default({})
        .describe('Calls a minute of single tools, by one person.'),
      methods: z
        .record(z.string(), z.number().int().min(0))
        .default({})
        .describe('Requests a minute to single methods of the API, such as chat.send, by one person.'),
      exemptRoles: z.array(z.string()).default([]).describe('Roles that none of these limits concern.'),
    })
    .prefault({}),
  audit: z
    .strictObject({
      retentionDays: z
        .number()
        .int()
        .min(0)
        .max(36_500)
        .default(90)
        .describe('Days that the audit is kept; 0 = for ever. What is held by `reeve audit hold` stays.'),
    })
    .prefault({}),
  approvals: z
    .strictObject({
      attendedSeconds: z
        .strictObject({
          low: z
            .number()
            .int()
            .min(1)
            .max(86_400)
            .default(10)
            .describe('Seconds that a question of low risk waits while somebody is there.'),
          medium: z
            .number()
            .int()
            .min(1)
            .max(86_400)
            .default(15)
            .describe('Seconds that a question of medium risk waits while somebody is there.'),
          high: z
            .number()
            .int()
            .min(1)
            .max(86_400)
            .default(30)
            .describe('Seconds that a question of high risk waits while somebody is there.'),
          critical: z
            .number()
            .int()
            .min(1)
            .max(86_400)
            .default(60)
            .describe('Seconds that a question of critical risk waits while somebody is there.'),
        })
        .prefault({})
        .describe('Seconds that somebody who is there has for an answer, by risk. No answer means no.'),
      unattendedDays: z
        .number()
        .min(0.01)
        .max(365)
        .default(3)
        .describe(
          'Days that a question waits when nobody is there: from a schedule, or after you went away.',
        ),
      sessionMinutes: z
        .number()
        .int()
        .min(1)
        .max(1440)
        .default(60)
        .describe('Minutes that the answer "for this session" holds.'),
    })
    .prefault({}),
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
