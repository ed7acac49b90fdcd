import type { Json } from '@reeve/protocol';

/** Settings as nested tables, before validation. */
export type Tree = { [key: string]: Json };

/** A TOML date is an object too, but no table. */
export const isTable = (value: unknown): value is Tree =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.prototype.toString.call(value) === '[object Object]';

export const getAt = (tree: Json | undefined, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (node, name) => (isTable(node) && Object.hasOwn(node, name) ? node[name] : undefined),
    tree,
  );

/** Sets a value in place and makes the tables on the way. `undefined` takes it out. */
export const setAt = (tree: Tree, path: readonly string[], value: Json | undefined): void => {
  const [name, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) {
    if (value === undefined) delete tree[name];
    else define(tree, name, value);
    return;
  }
  if (!Object.hasOwn(tree, name) || !isTable(tree[name])) {
    if (value === undefined) return;
    define(tree, name, {});
  }
  setAt(tree[name] as Tree, rest, value);
};

/** Every value that is not a table, or is an empty one, with its path. */
export const leafPaths = (tree: Tree, path: string[] = []): { path: string[]; value: Json }[] =>
  Object.entries(tree).flatMap(([name, value]) =>
    isTable(value) && Object.keys(value).length > 0
      ? leafPaths(value, [...path, name])
      : [{ path: [...path, name], value }],
  );

/** A name such as `__proto__` becomes an ordinary key and never reaches the prototype. */
const define = (tree: Tree, name: string, value: Json): void => {
  Object.defineProperty(tree, name, { value, enumerable: true, configurable: true, writable: true });
};
