import { isHandle } from '@reeve/core';
import type { Config, ConfigValue, Json } from '@reeve/protocol';
import { findKey, type KeySpec, keySpecs, namePlaceholder } from './keys.ts';
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
    .flatMap((spec): KeySpec[] => {
      if (!spec.key.includes(namePlaceholder)) return [spec];
      const [table] = spec.key.split(`.${namePlaceholder}`, 1);
      const named = getAt(config as unknown as Json, table!.split('.'));
      return Object.keys((named ?? {}) as object).map(
        (name) => findKey(spec.key.replace(namePlaceholder, name))!,
      );
    })
    .map((spec) => ({
      key: spec.key,
      value: showable(getAt(config as unknown as Json, spec.key.split('.')) ?? null, spec.isSecret),
      ...(sources.get(spec.key) ?? { source: 'default' as const, origin: 'default' }),
      description: spec.description,
      allowed: spec.allowed,
      env: spec.env,
      needsRestart: spec.needsRestart,
    }));
