import { isHandle, maskSecret } from '@reeve/core';
import { findKeys } from '@reeve/models';
import type { AdoptableSecret, Config, ConfigValue } from '@reeve/protocol';
import { keyVariables, secretSettings } from './references.ts';

type Env = Record<string, string | undefined>;

export type Adoptable = AdoptableSecret & { value: string };

/** Keys in plain text that could be moved into the vault, each once. */
export const findAdoptable = (config: Config, values: readonly ConfigValue[], env: Env): Adoptable[] => {
  const settings = secretSettings(config);
  const found: Adoptable[] = [];
  const add = (from: string, source: Adoptable['source'], setting: string, value: string) => {
    const isKnown = found.some((one) => one.from === from || one.setting === setting);
    if (!isKnown && value !== '')
      found.push({ from, source, setting, name: nameFor(setting), masked: maskSecret(value), value });
  };

  const origins = new Map(values.map((value) => [value.key, value]));
  for (const { key, text } of settings) {
    if (isHandle(text)) continue;
    const { source, origin } = origins.get(key) ?? { source: 'file', origin: key };
    add(source === 'env' ? origin : key, source === 'env' ? 'env' : 'file', key, text);
  }
  const isTaken = (setting: string) => settings.some(({ key }) => key === setting);
  const variables = [
    ...keyVariables(config),
    ...findKeys(env).map(({ vendor, variable }) => ({ variable, setting: `providers.${vendor.id}.apiKey` })),
  ];
  for (const { variable, setting } of variables)
    if (!isTaken(setting)) add(variable, 'env', setting, env[variable]?.trim() ?? '');
  return found;
};

/** `providers.openai.accounts.work.apiKey` is the secret `openai-work`. */
const nameFor = (setting: string): string =>
  setting
    .split('.')
    .filter((part) => !['providers', 'accounts', 'apiKey'].includes(part))
    .join('-');
