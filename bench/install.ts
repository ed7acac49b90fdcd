import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { report } from './report.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Every file once, however often it is linked. */
const sizeOf = (folder: string, seen: Set<number>): number => {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const stat = lstatSync(path);
    if (seen.has(stat.ino)) continue;
    seen.add(stat.ino);
    bytes += entry.isDirectory() ? sizeOf(path, seen) : stat.size;
  }
  return bytes;
};

/** `install.*`: what the two commands of the README bring onto a disk, development tools included. */
export const benchInstall = async (): Promise<void> => {
  const megabytes = (folder: string) => sizeOf(join(root, folder), new Set()) / 1024 / 1024;
  report('install.packagesMb', megabytes('node_modules'), 'MB');
  report('install.toolchainMb', megabytes('.toolchain'), 'MB');
};
