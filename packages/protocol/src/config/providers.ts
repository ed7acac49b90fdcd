import { z } from 'zod';

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
