import { readFile } from 'node:fs/promises';
import type { SecretStore } from '@reeve/core';
import { codeOf, unavailable } from './faults.ts';
import { createPlainStore } from './plain-store.ts';

export interface SopsOptions {
  file: string;
  /** Holds the age key; empty = where SOPS looks: SOPS_AGE_KEY, SOPS_AGE_KEY_FILE, its own folder. */
  keyFile: string;
}

/** A SOPS file (YAML, JSON or env) that is encrypted with age: `smtp.password` is what stands under both names. */
export const openSopsStore = async ({ file, keyFile }: SopsOptions): Promise<SecretStore> => {
  const text = await read(file);
  const keys = keyFile === '' ? undefined : await read(keyFile);
  const { decryptSops } = await import('sops-age');
  try {
    const secretKey = keys?.split('\n').find((line) => line.startsWith('AGE-SECRET-KEY-'));
    const tree: unknown = await decryptSops(text, {
      fileType: fileTypeOf(file),
      ...(secretKey !== undefined && { secretKey: secretKey.trim() }),
    });
    return createPlainStore(new Map(leaves(tree, [])));
  } catch {
    // What went wrong may quote what was read.
    throw unavailable(
      `${file} cannot be decrypted.`,
      'Check that it is a SOPS file for the age key that secrets.sopsKeyFile names.',
    );
  }
};

const read = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unavailable(`${file || 'secrets.sopsFile'} cannot be read (${codeOf(error)}).`, 'Check the path.');
  }
};

const fileTypeOf = (file: string): 'json' | 'env' | 'yaml' =>
  file.endsWith('.json') ? 'json' : file.endsWith('.env') ? 'env' : 'yaml';

const leaves = (node: unknown, path: string[]): [string, string][] => {
  if (typeof node === 'object' && node !== null)
    return Object.entries(node).flatMap(([name, child]) =>
      path.length === 0 && name === 'sops' ? [] : leaves(child, [...path, name]),
    );
  return node === null || node === undefined || node === '' ? [] : [[path.join('.'), String(node)]];
};
