import { readFileSync } from 'node:fs';
import { FaultError } from '@reeve/protocol';
import { parse, TomlError } from 'smol-toml';
import type { Tree } from './tree.ts';

/** Reads `reeve.toml`; an absent file is an empty one. Throws FaultError CONFIG_ERROR. */
export const readConfigText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // Whether the folder can be used at all is for whoever opens it to say.
    if (/^(ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw new FaultError('CONFIG_ERROR', `${file} cannot be read: ${(error as Error).message}.`, {
      next: 'Give the user read permission on it.',
      cause: error,
    });
  }
};

/** Throws FaultError CONFIG_ERROR that names the line; never quotes the line, which may hold a secret. */
export const parseConfigText = (text: string, file: string): Tree => {
  try {
    return parse(text) as Tree;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new FaultError(
      'CONFIG_ERROR',
      `${file} is not valid TOML: line ${error.line}, column ${error.column}: ${what}.`,
      {
        next: `Correct line ${error.line}, then run \`reeve config check\`.`,
        details: { file, line: error.line, column: error.column },
        cause: error,
      },
    );
  }
};
