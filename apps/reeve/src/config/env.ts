import type { Json } from '@reeve/protocol';
import { findKey, type KeySpec, keySpecs, namePlaceholder } from './keys.ts';
import { parseText } from './parse-text.ts';
import { didYouMean } from './suggest.ts';

export type Env = Record<string, string | undefined>;

export interface LayerValue {
  path: string[];
  value: Json;
  origin: string;
}

export interface ConfigWarning {
  key: string;
  message: string;
}

/** Variables that are not settings of the schema. */
const otherVariables = [
  'REEVE_HOME',
  'REEVE_URL',
  'REEVE_TOKEN',
  'REEVE_OPENAI_BASE_URL',
  'REEVE_OPENAI_MODEL',
  'REEVE_LOCAL_SERVERS',
];

/** Default of secrets.envPrefix. */
const secretPrefix = 'REEVE_SECRET_';

/** Settings given by the environment. An empty variable counts as unset. */
export const readEnv = (env: Env): { values: LayerValue[]; warnings: ConfigWarning[] } => {
  const values: LayerValue[] = [];
  const warnings: ConfigWarning[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('REEVE_') || otherVariables.includes(name) || !text) continue;
    // Secrets themselves, for development.
    if (name.startsWith(secretPrefix)) continue;
    const spec = findByEnv(name);
    if (spec) {
      values.push({ path: spec.key.split('.'), value: parseText(text, spec.kind), origin: name });
    } else {
      const known = [...otherVariables, ...keySpecs().map(({ env: variable }) => variable)];
      warnings.push({
        key: name,
        message: `${name} is not a setting of Reeve and has no effect.${didYouMean(name, known)}`,
      });
    }
  }
  return { values, warnings };
};

/** The key a variable is for. Of patterns that fit, the one that says the most counts: an account of a provider is no provider. */
const findByEnv = (name: string): KeySpec | null => {
  const exact = keySpecs().find((spec) => spec.env === name);
  if (exact) return exact;
  const [best] = keySpecs()
    .flatMap((spec) => {
      const names = namesIn(name, spec.env);
      return names ? [{ spec, names }] : [];
    })
    .sort((one, other) => other.spec.env.length - one.spec.env.length);
  return best
    ? findKey(best.names.reduce((key, found) => key.replace(namePlaceholder, found), best.spec.key))
    : null;
};

/** What stands in a variable's name where the pattern has a name of the owner's; null when it does not fit. */
const namesIn = (name: string, pattern: string): string[] | null => {
  const literal = pattern.split(namePlaceholder.toUpperCase());
  if (literal.length === 1) return null;
  const parts = literal.map((part) => part.replace(/[^A-Z0-9_]/g, '\\$&'));
  const found = new RegExp(`^${parts.join('([A-Z0-9_]+?)')}$`).exec(name);
  return found?.slice(1).map((part) => part.toLowerCase().replaceAll('_', '-')) ?? null;
};

const openAiUrl = 'https://api.openai.com/v1';

/**
 * `OPENAI_API_KEY` or `REEVE_OPENAI_BASE_URL` alone make a provider named `openai`. The key stays in its variable;
 * only the variable's name becomes a setting. Without an address the key is one that was found, so that it counts
 * only when the owner lets Reeve look for keys.
 */
export const openAiFromEnv = (env: Env, { discover }: { discover: boolean }): LayerValue[] => {
  const key = env['OPENAI_API_KEY'];
  const baseUrl = env['REEVE_OPENAI_BASE_URL'];
  const model = env['REEVE_OPENAI_MODEL'];
  if (!baseUrl && !(key && discover)) return [];
  const at = (name: string, value: Json, origin: string): LayerValue => ({
    path: ['providers', 'openai', name],
    value,
    origin,
  });
  return [
    at('baseUrl', baseUrl || openAiUrl, baseUrl ? 'REEVE_OPENAI_BASE_URL' : 'OPENAI_API_KEY'),
    ...(key ? [at('apiKeyEnv', 'OPENAI_API_KEY', 'OPENAI_API_KEY')] : []),
    ...(model ? [at('models', [model], 'REEVE_OPENAI_MODEL')] : []),
  ];
};
