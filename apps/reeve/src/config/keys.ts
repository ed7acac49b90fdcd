import { configSchema, type Json, reloadableKeys } from '@reeve/protocol';
import { z } from 'zod';

/** One setting, derived from the configuration schema. `<name>` stands for the name of a provider. */
export interface KeySpec {
  /** Dotted path, such as `gateway.port` or `providers.<name>.baseUrl`. */
  key: string;
  env: string;
  kind: 'text' | 'number' | 'boolean' | 'list';
  description: string;
  /** What is allowed, in words. */
  allowed: string;
  /** Undefined: unset. */
  fallback: Json | undefined;
  isSecret: boolean;
  isRequired: boolean;
  needsRestart: boolean;
}

interface SchemaNode {
  type?: string;
  description?: string;
  default?: Json;
  enum?: Json[];
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  secret?: boolean;
  required?: string[];
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
}

/** Placeholder for the name in a table of named things. */
export const namePlaceholder = '<name>';

/** `agent.timeZone` is `REEVE_AGENT_TIME_ZONE`. */
export const envName = (key: string): string =>
  `REEVE_${key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[.-]/g, '_')
    .toUpperCase()}`;

let known: readonly KeySpec[] | undefined;

/** Every setting there is, in the order of the schema. */
export const keySpecs = (): readonly KeySpec[] => {
  known ??= leaves(z.toJSONSchema(configSchema, { io: 'input' }) as SchemaNode, '');
  return known;
};

/** The setting a dotted path names; its `key` and `env` carry the real name. Null when there is none. */
export const findKey = (key: string): KeySpec | null => {
  const exact = keySpecs().find((spec) => spec.key === key);
  if (exact) return exact.key.includes(namePlaceholder) ? null : exact;
  const spec = keySpecs().find(({ key: pattern }) => pathIn(key, pattern) !== null);
  return spec ? { ...spec, key, env: envName(key) } : null;
};

/** Where a setting stands in a tree. A name at the end may have dots of its own: `rates.methods.chat.send`. */
export const pathOf = (key: string): string[] => {
  for (const { key: pattern } of keySpecs()) {
    const path = pathIn(key, pattern);
    if (path) return path;
  }
  return key.split('.');
};

const pathIn = (key: string, pattern: string): string[] | null => {
  const wanted = pattern.split('.');
  const parts = key.split('.');
  const path =
    wanted.at(-1) === namePlaceholder
      ? [...parts.slice(0, wanted.length - 1), parts.slice(wanted.length - 1).join('.')]
      : parts;
  const fits = (name: string, at: number) =>
    wanted[at] === namePlaceholder
      ? // `__proto__` and its like name something of every object: they are no names of anybody's tables.
        name !== '' && !Object.hasOwn(Object.prototype, name)
      : name === wanted[at];
  return path.length === wanted.length && path.every(fits) ? path : null;
};

const leaves = (node: SchemaNode, path: string): KeySpec[] => {
  if (node.properties) {
    return Object.entries(node.properties).flatMap(([name, child]) => {
      const below = leaves(child, path ? `${path}.${name}` : name);
      return node.required?.includes(name) ? below.map((spec) => ({ ...spec, isRequired: true })) : below;
    });
  }
  if (typeof node.additionalProperties === 'object') {
    return leaves(node.additionalProperties, `${path}.${namePlaceholder}`);
  }
  return [
    {
      key: path,
      env: envName(path),
      kind: kindOf(node),
      description: node.description ?? '',
      allowed: allowedIn(node),
      fallback: node.default,
      isSecret: node.secret === true,
      isRequired: false,
      needsRestart: !reloadableKeys.some((prefix) => path.startsWith(`${prefix}.`)),
    },
  ];
};

const kindOf = (node: SchemaNode): KeySpec['kind'] => {
  if (node.type === 'array') return 'list';
  if (node.type === 'boolean') return 'boolean';
  return node.type === 'number' || node.type === 'integer' ? 'number' : 'text';
};

const allowedIn = (node: SchemaNode): string => {
  if (node.enum) return node.enum.join(' | ');
  if (node.type === 'boolean') return 'true | false';
  if (node.type === 'array') return `list of ${node.items ? allowedIn(node.items) : 'values'}`;
  if (node.type === 'integer' || node.type === 'number') {
    const noun = node.type === 'integer' ? 'whole number' : 'number';
    const hasMaximum = node.maximum !== undefined && node.maximum < Number.MAX_SAFE_INTEGER;
    if (node.minimum !== undefined && hasMaximum) return `${noun} from ${node.minimum} to ${node.maximum}`;
    return node.minimum === undefined ? noun : `${noun}, at least ${node.minimum}`;
  }
  if (node.format === 'uri') return 'address (URL)';
  return node.minLength ? 'text, not empty' : 'text';
};
