import { readFile, stat } from 'node:fs/promises';
import { FaultError } from '@reeve/protocol';
import { codeOf, unavailable } from '../faults.ts';
import { replaceFile } from './durable-file.ts';
import { lockWithPassphrase, unlockWithPassphrase } from './passphrase.ts';

/**
 * Where the key (an age identity) of the local secrets is. `read` resolves to null when there is none yet. Both reject
 * with FaultError SECRETS_KEY_EXPOSED, SECRETS_LOCKED, PASSPHRASE_WRONG or SECRETS_UNAVAILABLE.
 */
export interface KeySource {
  read(): Promise<string | null>;
  write(identity: string): Promise<void>;
}

const isIdentity = (text: string): boolean => text.startsWith('AGE-SECRET-KEY-1');

const readKeyFile = async (file: string): Promise<string | null> => {
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new FaultError('SECRETS_KEY_EXPOSED', `${file} can be read by other users of this machine.`, {
        next: `Run chmod 600 ${file}; if others may have read it, replace the secrets.`,
      });
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    if (error instanceof FaultError) throw error;
    throw unavailable(
      `${file} cannot be read (${codeOf(error)}).`,
      'Give the user read permission on it.',
      error,
    );
  }
};

const writeKeyFile = async (file: string, text: string): Promise<void> => {
  try {
    await replaceFile(file, `${text}\n`);
  } catch (error) {
    throw unavailable(
      `${file} cannot be written (${codeOf(error)}).`,
      'Check permissions and disk space.',
      error,
    );
  }
};

/** A file that only its user can read. */
export const keyFile = (file: string): KeySource => ({
  async read() {
    const text = await readKeyFile(file);
    if (text === null || isIdentity(text)) return text;
    throw text.startsWith('-----BEGIN AGE ENCRYPTED FILE-----')
      ? unavailable(`${file} is locked with a passphrase.`, 'Set secrets.key to passphrase.')
      : unavailable(`${file} is not a key of Reeve.`, 'Restore it from a backup.');
  },
  write: (identity) => writeKeyFile(file, identity),
});

/** The same file, locked with a passphrase. A key that is there in plain text is locked with the first passphrase given. */
export const passphraseKey = (
  file: string,
  { passphrase, workFactor }: { passphrase?: string | undefined; workFactor?: number | undefined },
): KeySource => {
  const given = (isNew: boolean): string => {
    if (passphrase !== undefined) return passphrase;
    throw new FaultError('SECRETS_LOCKED', isNew ? 'The secrets have no passphrase yet.' : undefined, {
      details: { isNew },
    });
  };
  return {
    async read() {
      const text = await readKeyFile(file);
      if (text === null) {
        given(true);
        return null;
      }
      if (!isIdentity(text)) return unlockWithPassphrase(text, given(false));
      await writeKeyFile(file, await lockWithPassphrase(text, given(true), workFactor));
      return text;
    },
    write: async (identity) =>
      writeKeyFile(file, await lockWithPassphrase(identity, given(true), workFactor)),
  };
};

/** What is needed of the system's keychain. */
export interface Keychain {
  getPassword(): Promise<string | null | undefined>;
  setPassword(password: string): Promise<void>;
}

/** Where the system has one and lets us: macOS, Windows, Linux with a secret service. One entry for each data folder. */
export const systemKeychain = async (home: string): Promise<Keychain> => {
  const { AsyncEntry } = await import('@napi-rs/keyring');
  const entry = new AsyncEntry('reeve', home);
  return { getPassword: () => entry.getPassword(), setPassword: (password) => entry.setPassword(password) };
};

export const keychainKey = (open: () => Promise<Keychain>): KeySource => {
  const use = async <T>(work: (keychain: Keychain) => Promise<T>): Promise<T> => {
    try {
      return await work(await open());
    } catch (error) {
      throw unavailable(
        'The keychain of this system cannot be used.',
        'Unlock it, or set secrets.key to file or passphrase.',
        error,
      );
    }
  };
  return {
    read: () => use(async (keychain) => (await keychain.getPassword()) ?? null),
    write: (identity) => use((keychain) => keychain.setPassword(identity)),
  };
};
