import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutWorkspaceFile, type Workspace } from '@reeve/core';

const template = new URL('../templates/SOUL.md', import.meta.url);

/** The owner's own words for the steward. Written from the template once; afterwards it is theirs. */
export const readWorkspace = (home: string): Workspace => {
  const folder = join(home, 'workspace');
  const file = join(folder, 'SOUL.md');
  try {
    return { soul: cutWorkspaceFile(readFileSync(file, 'utf8')) };
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    copyFileSync(template, file);
    return { soul: readFileSync(file, 'utf8') };
  }
};
