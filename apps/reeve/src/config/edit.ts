import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { patch } from '@decimalturn/toml-patch';
import { FaultError, type Json } from '@reeve/protocol';
import type { Env } from './env.ts';
import { parseConfigText, readConfigText } from './file.ts';
import { findKey, keySpecs, pathOf } from './keys.ts';
import { loadConfigText } from './load.ts';
import { didYouMean } from './suggest.ts';
import { getAt, isTable, leafPaths, setAt, type Tree } from './tree.ts';

/**
 * Changes one setting in `reeve.toml` and keeps its comments and order; null takes the setting out. The whole new
 * file is validated before anything is written, and replaces the old one atomically with mode 0600.
 * Throws FaultError CONFIG_ERROR (nothing written).
 */
export const setConfigValue = (file: string, key: string, value: Json | null, env: Env = {}): void => {
  if (!findKey(key)) {
    throw new FaultError(
      'CONFIG_ERROR',
      `${key} is not a setting of Reeve.${didYouMean(
        key,
        keySpecs().map((spec) => spec.key),
      )}`,
      {
        next: 'See `reeve config list` for what exists.',
        details: { key },
      },
    );
  }
  const before = readConfigText(file);
  const tree = parseConfigText(before, file);
  const path = pathOf(key);
  setAt(tree, path, value ?? undefined);
  dropEmptyTables(tree, path.slice(0, -1));

  const after = patch(withTable(before, tree, path), tree);
  if (!sameSettings(parseConfigText(after, file), tree)) {
    throw new FaultError(
      'CONFIG_ERROR',
      `${file} has a form that cannot be edited by program without losing something.`,
      {
        next: `Change ${key} in it by hand.`,
      },
    );
  }
  const loaded = loadConfigText({ text: after, file, env });
  if (!loaded.ok) throw loaded.error;
  writeAtomically(file, after);
};

/** A new table gets a header of its own at the end; the library would add it in one line at the top. */
const withTable = (text: string, tree: Tree, path: string[]): string => {
  const table = path.slice(0, -1);
  if (!getAt(tree, table) || getAt(parseConfigText(text, ''), table)) return text;
  const gap = text === '' || text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  return `${text}${gap}[${table.map(bareOrQuoted).join('.')}]\n`;
};

const bareOrQuoted = (name: string): string => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name));

const dropEmptyTables = (tree: Tree, path: string[]): void => {
  for (let depth = path.length; depth > 0; depth--) {
    const table = getAt(tree, path.slice(0, depth));
    if (!isTable(table) || Object.keys(table).length > 0) return;
    setAt(tree, path.slice(0, depth), undefined);
  }
};

const sameSettings = (left: Tree, right: Tree): boolean => {
  const lines = (tree: Tree) =>
    leafPaths(tree)
      .map(({ path, value }) => JSON.stringify([path, value]))
      .sort();
  return JSON.stringify(lines(left)) === JSON.stringify(lines(right));
};

/** Replaces a file with mode 0600, whole or not at all. Throws FaultError CONFIG_ERROR. */
export const writeAtomically = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = openSync(temporary, 'w', 0o600);
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new FaultError('CONFIG_ERROR', `${file} cannot be written: ${(error as Error).message}.`, {
      next: 'Check permissions and disk space.',
      cause: error,
    });
  }
};
