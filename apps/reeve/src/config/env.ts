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
];

/** Settings given by the environment. An empty variable counts as unset. */
export const readEnv = (env: Env): { values: LayerValue[]; warnings: ConfigWarning[] } => {
  const values: LayerValue[] = [];
  const warnings: ConfigWarning[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('REEVE_') || otherVariables.includes(name) || !text) continue;
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

const findByEnv = (name: string): KeySpec | null => {
  for (const spec of keySpecs()) {
    if (spec.env === name) return spec;
    const [before, after] = spec.env.split(namePlaceholder.toUpperCase());
    if (after === undefined || !name.startsWith(before!) || !name.endsWith(after)) continue;
    const provider = name
      .slice(before!.length, name.length - after.length)
      .toLowerCase()
      .replaceAll('_', '-');
    if (provider) return findKey(spec.key.replace(namePlaceholder, provider));
  }
  return null;
};

const openAiUrl = 'https://api.openai.com/v1';

/**
 * `OPENAI_API_KEY` or `REEVE_OPENAI_BASE_URL` alone make a provider named `openai`. The key stays in its variable;
 * only the variable's name becomes a setting.
 */
export const openAiFromEnv = (env: Env): LayerValue[] => {
  const key = env['OPENAI_API_KEY'];
  const baseUrl = env['REEVE_OPENAI_BASE_URL'];
  const model = env['REEVE_OPENAI_MODEL'];
  if (!key && !baseUrl) return [];
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
