import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'vitest';

/** `test`, or with a printed reason `test.skip` where a system program is absent. */
export const testWith = (program: 'strace' | 'chromium') => {
  const found =
    program === 'chromium' ? existsSync('/usr/bin/chromium') : spawnSync(program, ['-V']).status === 0;
  if (!found) console.warn(`SKIPPED: ${program} is not installed; apt-get install ${program}`);
  return found ? test : test.skip;
};
