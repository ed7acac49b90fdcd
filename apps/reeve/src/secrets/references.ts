import { parseHandle } from '@reeve/core';
import { findKeys } from '@reeve/models';
import type { Config } from '@reeve/protocol';
import { findKey } from '../config/index.ts';
import { leafPaths, type Tree } from '../config/tree.ts';

type Env = Record<string, string | undefined>;

/** A setting that may hold a secret, and what it holds. */
export interface SecretSetting {
  key: string;
  text: string;
}

/** Every setting for a secret that is not empty, accounts of providers too. */
export const secretSettings = (config: Config): SecretSetting[] =>
  leafPaths(config as unknown as Tree).flatMap(({ path, value }) => {
    const key = path.join('.');
    return typeof value === 'string' && value !== '' && findKey(key)?.isSecret === true
      ? [{ key, text: value }]
      : [];
  });

/** The settings that hold handles, by the name of the secret. */
export const referencesIn = (config: Config): { key: string; name: string }[] =>
  secretSettings(config).flatMap(({ key, text }) => {
    const handle = parseHandle(text);
    return handle ? [{ key, name: handle.name }] : [];
  });

/** Keys in plain text, by what they are called: settings, variables that settings name, variables of vendors. */
export const plainKeys = (config: Config, env: Env): { name: string; value: string }[] => [
  ...secretSettings(config)
    .filter(({ text }) => parseHandle(text) === null)
    .map(({ key, text }) => ({ name: key, value: text })),
  ...keyVariables(config).flatMap(({ variable }) => {
    const value = env[variable];
    return value ? [{ name: variable, value }] : [];
  }),
  ...findKeys(env).map(({ variable }) => ({ name: variable, value: env[variable]!.trim() })),
];

/** Variables that the configuration names as holders of keys, with the setting that could hold a reference instead. */
export const keyVariables = (config: Config): { variable: string; setting: string }[] =>
  leafPaths(config.providers as unknown as Tree).flatMap(({ path, value }) =>
    path.at(-1) === 'apiKeyEnv' && typeof value === 'string' && value !== ''
      ? [{ variable: value, setting: ['providers', ...path.slice(0, -1), 'apiKey'].join('.') }]
      : [],
  );
