import { hash } from 'node:crypto';
import { type ConfigValue, configSchema, FaultError, type Json } from '@reeve/protocol';
import { configRawSchema, configSetSchema, noParamsSchema } from '@reeve/protocol/wire';
import { z } from 'zod';
import { changeConfig } from '../../change-config.ts';
import { type Call, defineMethod } from '../method.ts';

type Tree = { [key: string]: Json };

/** The settings as one object, secrets masked. Keys come from the schema, so none can be a prototype's. */
const treeOf = (values: readonly ConfigValue[]): Tree => {
  const root: Tree = {};
  for (const { key, value } of values) {
    const parts = key.split('.');
    let at = root;
    for (const part of parts.slice(0, -1)) {
      at[part] ??= {};
      at = at[part] as Tree;
    }
    at[parts.at(-1)!] = value;
  }
  return root;
};

const current = (call: Call) => {
  const { config } = call.services.system;
  const tree = treeOf(config.values());
  const raw = JSON.stringify(tree, null, 2);
  return { file: config.file, tree, raw, hash: hash('sha256', raw) };
};

const get = async (call: Call): Promise<object> => {
  const { file, tree, raw, hash: baseHash } = current(call);
  const issues = call.services.system.config.warnings().map(({ key, message }) => ({ path: key, message }));
  return { path: file, exists: true, raw, parsed: tree, config: tree, valid: true, issues, hash: baseHash };
};

const mask = '***';
const isBranch = (value: Json | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The settings that a patch changes, by their dotted keys. A masked secret means: as it is. */
const flatten = (patch: Tree, before: Tree, prefix = ''): [key: string, value: Json][] =>
  Object.entries(patch).flatMap(([name, value]): [string, Json][] => {
    const known = Object.hasOwn(before, name) ? before[name] : undefined;
    if (isBranch(value)) return flatten(value, isBranch(known) ? known : {}, `${prefix}${name}.`);
    if (value === mask || JSON.stringify(value) === JSON.stringify(known)) return [];
    return [[prefix + name, value]];
  });

/** One after another, for each is checked with all before it; what fails takes back the rest. */
const apply = async (call: Call, changes: readonly [key: string, value: Json][]): Promise<string[]> => {
  const { config } = call.services.system;
  if (call.connection.principal.by === 'cookie' && changes.some(([key]) => key.startsWith('gateway.')))
    throw new FaultError(
      'PERMISSION_DENIED',
      'Settings of the gateway itself are changed from the command line.',
    );
  const wish = { services: call.services, actor: call.actor, address: call.connection.address };
  const before = new Map(config.values().map((value) => [value.key, value]));
  const done: string[] = [];
  const needRestart: string[] = [];
  try {
    for (const [key, value] of changes) {
      const { needsRestart } = await changeConfig(wish, key, value);
      done.push(key);
      if (needsRestart) needRestart.push(key);
    }
  } catch (error) {
    for (const key of done.reverse()) {
      const old = before.get(key);
      // A masked secret cannot be put back: it stays as it was set, which is what was asked for.
      if (old?.value !== mask) await changeConfig(wish, key, old?.source === 'file' ? old.value : null);
    }
    throw error;
  }
  return needRestart;
};

const read = (raw: string): Tree => {
  let value: Json;
  try {
    value = JSON.parse(raw) as Json;
  } catch {
    throw new FaultError('SERIALIZATION_ERROR', 'raw must be JSON.');
  }
  if (!isBranch(value)) throw new FaultError('INVALID_PARAMS', 'raw must be a JSON object.');
  return value;
};

const change = async (
  call: Call,
  { raw, baseHash }: z.output<typeof configRawSchema>,
  isWhole: boolean,
): Promise<object> => {
  const { tree, hash: now } = current(call);
  if (baseHash !== undefined && baseHash !== now)
    throw new FaultError('CONFLICT', 'The configuration was changed meanwhile.', {
      next: 'Read it again with config.get and repeat the change.',
    });
  const wanted = read(raw);
  const changes = flatten(wanted, tree);
  if (isWhole) {
    const kept = new Set(treeKeys(wanted));
    for (const { key, source } of call.services.system.config.values())
      if (source === 'file' && !kept.has(key)) changes.push([key, null]);
  }
  const needsRestart = await apply(call, changes);
  const after = current(call);
  return { ok: true, path: after.file, hash: after.hash, config: after.tree, needsRestart };
};

const treeKeys = (tree: Tree, prefix = ''): string[] =>
  Object.entries(tree).flatMap(([name, value]) =>
    isBranch(value) ? treeKeys(value, `${prefix}${name}.`) : [prefix + name],
  );

const set = async (call: Call, params: z.output<typeof configSetSchema>): Promise<object> => {
  if ('raw' in params) return change(call, params, true);
  const [needsRestart] = await apply(call, [[params.key, params.value]]);
  const value = call.services.system.config.values().find(({ key }) => key === params.key);
  return {
    ok: true,
    key: params.key,
    value: value?.value ?? null,
    needs_restart: needsRestart !== undefined,
  };
};

const schema = async ({ services }: Call): Promise<object> => ({
  schema: z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }),
  uiHints: {},
  version: services.system.version,
  generatedAt: new Date(services.system.startedAt).toISOString(),
});

export const configMethods = [
  defineMethod({ name: 'config.get', scope: 'operator.read', params: noParamsSchema, handle: get }),
  defineMethod({ name: 'config.schema', scope: 'operator.read', params: noParamsSchema, handle: schema }),
  defineMethod({ name: 'config.set', scope: 'operator.admin', params: configSetSchema, handle: set }),
  defineMethod({
    name: 'config.patch',
    scope: 'operator.admin',
    params: configRawSchema,
    handle: (call, params) => change(call, params, false),
  }),
  defineMethod({
    name: 'config.apply',
    scope: 'operator.admin',
    params: configRawSchema,
    handle: (call, params) => change(call, params, true),
  }),
];
