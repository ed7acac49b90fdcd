import { type ConfigValue, FaultError, type Json } from '@reeve/protocol';
import { findKey, keySpecs, loadConfig, parseText } from '../../config/index.ts';
import { didYouMean } from '../../config/suggest.ts';
import type { CliContext, CommandRun } from '../context.ts';
import { table } from '../terminal.ts';

export const list: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const result = await client.config.list(undefined, { signal: context.io.signal });
  context.print(result, () =>
    [
      table(
        ['KEY', 'VALUE', 'FROM'],
        result.values.map((value) => [
          value.key,
          shown(value.value),
          value.source === 'default' ? 'default' : value.origin,
        ]),
      ),
      ...result.warnings.map(({ message }) => `Warning: ${message}`),
    ].join('\n'),
  );
};

export const get: CommandRun<[string]> = async (context, key) => {
  const client = await context.client();
  const { values } = await client.config.list(undefined, { signal: context.io.signal });
  const value = values.find((candidate) => candidate.key === key);
  if (!value)
    throw unknownKey(
      key,
      values.map((candidate) => candidate.key),
    );
  context.print(value, () => shown(value.value));
};

export const set: CommandRun<[string, string | undefined, { unset?: boolean }]> = async (
  context,
  key,
  text,
  { unset },
) => {
  const spec = findKey(key);
  if (!spec)
    throw unknownKey(
      key,
      keySpecs().map((known) => known.key),
    );
  if ((text === undefined) !== (unset === true)) {
    throw new FaultError('INVALID_PARAMS', 'Give either a value or --unset.', {
      next: `Allowed for ${key}: ${spec.allowed}.`,
    });
  }
  const client = await context.client();
  const value: Json = text === undefined ? null : parseText(text, spec.kind);
  const result = await client.config.set({ key, value }, { signal: context.io.signal });
  const when = result.needsRestart ? 'it takes effect after a restart' : 'it is in effect';
  context.print(result, () => `${key} = ${shown(result.value.value)}; ${when}.${overruled(result.value)}`);
};

/** Offline: reads the file and the environment as the gateway would. */
export const check: CommandRun<[]> = async (context) => {
  const loaded = loadConfig({ home: context.home, env: context.io.env });
  if (!loaded.ok) throw loaded.error;
  const { file, warnings } = loaded;
  context.print({ ok: true, file, warnings }, () =>
    [...warnings.map(({ message }) => `Warning: ${message}`), `The configuration is valid (${file}).`].join(
      '\n',
    ),
  );
};

/** Offline: what a setting does, what is allowed, what it is now and why. Without a key: every setting. */
export const explain: CommandRun<[string | undefined]> = async (context, key) => {
  if (key === undefined) {
    const specs = keySpecs();
    context.print(specs, () =>
      table(
        ['KEY', 'ALLOWED', 'MEANING'],
        specs.map((spec) => [spec.key, spec.allowed, spec.description]),
      ),
    );
    return;
  }
  const spec = findKey(key);
  if (!spec)
    throw unknownKey(
      key,
      keySpecs().map((known) => known.key),
    );
  const now = currentValue(context, key);
  const fallback = spec.isRequired
    ? 'none, it is required'
    : spec.fallback === undefined
      ? 'unset'
      : shown(spec.fallback);
  const value = now && 'value' in now ? now : null;
  context.print({ ...spec, fallback: spec.fallback ?? null, current: value }, () =>
    [
      key,
      `  ${spec.description}`,
      `  Allowed      ${spec.allowed}`,
      `  Default      ${fallback}`,
      `  Environment  ${spec.env}`,
      `  Takes effect ${spec.needsRestart ? 'after a restart' : 'on reload'}`,
      `  Now          ${now === null ? 'not set' : 'error' in now ? `unknown: ${now.error}` : `${shown(now.value)} (${now.source === 'default' ? 'default' : `${now.source}: ${now.origin}`})`}`,
    ].join('\n'),
  );
};

const currentValue = (context: CliContext, key: string): ConfigValue | { error: string } | null => {
  const loaded = loadConfig({ home: context.home, env: context.io.env });
  if (!loaded.ok) return { error: loaded.error.message };
  return loaded.values.find((value) => value.key === key) ?? null;
};

const overruled = (value: ConfigValue): string =>
  value.source === 'env' || value.source === 'flag' ? ` ${value.origin} overrules the file.` : '';

const shown = (value: Json): string =>
  typeof value === 'string' ? value || '(empty)' : value === null ? '(unset)' : JSON.stringify(value);

const unknownKey = (key: string, known: readonly string[]): FaultError =>
  new FaultError('NOT_FOUND', `${key} is not a setting of Reeve.${didYouMean(key, known)}`, {
    next: 'See `reeve config explain` for what exists.',
  });
