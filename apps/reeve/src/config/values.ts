import { isHandle } from '@reeve/core';
import type { Config, ConfigValue, Json } from '@reeve/protocol';
import { findKey, type KeySpec, keySpecs, namePlaceholder, pathOf } from './keys.ts';
import { getAt } from './tree.ts';

/** Where each value comes from, by dotted key; what is not in it is a default. */
export type Sources = ReadonlyMap<string, { source: ConfigValue['source']; origin: string }>;

const mask = '***';

/** What may be shown of a value: a secret is masked, and so is a password inside an address. */
export const showable = (value: Json, isSecret: boolean): Json => {
  // A handle only names a secret.
  if (isSecret)
    return value === '' || value === null || (typeof value === 'string' && isHandle(value)) ? value : mask;
  if (typeof value !== 'string') return value;
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/[^\s/@:]*):[^\s/]*@/i, `$1:${mask}@`);
};

/** Every setting of a valid configuration; unset ones show null. */
export const configValues = (config: Config, sources: Sources): ConfigValue[] =>
  keySpecs()
    .flatMap((spec) => namedKeys(spec.key, config as unknown as Json).map((key) => findKey(key)!))
    .map((spec) => show(spec, getAt(config as unknown as Json, pathOf(spec.key)), sources));

/** A setting that is taken out, as it shows from then on. */
export const unsetValue = (key: string): ConfigValue => show(findKey(key)!, undefined, new Map());

const show = (spec: KeySpec, value: Json | undefined, sources: Sources): ConfigValue => ({
  key: spec.key,
  value: showable(value ?? null, spec.isSecret),
  ...(sources.get(spec.key) ?? { source: 'default' as const, origin: 'default' }),
  description: spec.description,
  allowed: spec.allowed,
  env: spec.env,
  needsRestart: spec.needsRestart,
});

/** The keys that a pattern stands for: one for each name that there is in each of its tables. */
const namedKeys = (pattern: string, config: Json): string[] => {
  const at = pattern.indexOf(`.${namePlaceholder}`);
  if (at < 0) return [pattern];
  const named = getAt(config, pattern.slice(0, at).split('.'));
  return Object.keys((named ?? {}) as object).flatMap((name) =>
    namedKeys(pattern.replace(namePlaceholder, name), config),
  );
};
