import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const sync = async (path: string, flags: string): Promise<void> => {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, flags);
    await handle.sync();
  } catch (error) {
    // Windows has no way to flush a folder, and needs none.
    if (process.platform !== 'win32') throw error;
  } finally {
    await handle?.close();
  }
};

/**
 * Replaces a file with mode 0600: whoever reads it, also after the power failed in the middle, finds all of the old
 * bytes or all of the new ones. On disk when it resolves. Rejects with the error of the system.
 */
export const replaceFile = async (file: string, bytes: Uint8Array | string): Promise<void> => {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await sync(folder, 'r');
};

/** Removes what writes left that were cut off. */
export const removeLeftovers = async (file: string): Promise<void> => {
  const folder = dirname(file);
  const names = await readdir(folder).catch(() => []);
  const isLeftover = (name: string) => name.startsWith(`${basename(file)}.`) && name.endsWith('.tmp');
  await Promise.all(names.filter(isLeftover).map((name) => rm(join(folder, name), { force: true })));
};
