import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `<home>/run/gateway.json`: how the command line of this machine finds and enters the running gateway. */
export const writeRunFile = (
  home: string,
  content: { pid: number; url: string; token: string; startedAt: number },
): (() => void) => {
  const folder = join(home, 'run');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'gateway.json');
  writeFileSync(`${file}.tmp`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
  return () => rmSync(file, { force: true });
};
