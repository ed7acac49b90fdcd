import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Log, SecretStore } from '@reeve/core';
import type { Config } from '@reeve/protocol';
import { openEnvStore } from './env-store.ts';
import { codeOf, unavailable } from './faults.ts';
import { type Keychain, keychainKey, keyFile, passphraseKey, systemKeychain } from './local/key-source.ts';
import { openLocalStore } from './local/local-store.ts';
import { openSopsStore } from './sops-store.ts';

export interface OpenOptions {
  settings: Config['secrets'];
  home: string;
  env: Record<string, string | undefined>;
  clock: Clock;
  log: Log;
  /** For secrets that are locked with one. */
  passphrase?: string | undefined;
  /** Work of trying one passphrase, as a power of two; absent = that of `age`, a second and 256 MiB. */
  workFactor?: number | undefined;
  /** In place of the system's. */
  keychain?: () => Promise<Keychain>;
}

/** The place of the secrets that the settings name. Rejects with FaultError SECRETS_*, PASSPHRASE_WRONG. */
export const openSecretStore = (options: OpenOptions): Promise<SecretStore> => {
  const { settings, env } = options;
  switch (settings.backend) {
    case 'local':
      return openLocalStore(join(options.home, 'vault.age'), keyOf(options));
    case 'vault':
      return openVault(options);
    case 'sops':
      return openSopsStore({ file: settings.sopsFile, keyFile: settings.sopsKeyFile });
    case 'env':
      return Promise.resolve(openEnvStore(env, settings.envPrefix));
  }
};

const keyOf = (options: OpenOptions) => {
  const { settings, home, keychain } = options;
  const file = join(home, 'vault.key');
  if (settings.key === 'passphrase') return passphraseKey(file, options);
  return settings.key === 'keychain' ? keychainKey(keychain ?? (() => systemKeychain(home))) : keyFile(file);
};

const openVault = async ({ settings, env, clock, log }: OpenOptions): Promise<SecretStore> => {
  const { vaultAddress: address, vaultTokenFile: file } = settings;
  if (address === '')
    throw unavailable('There is no address of HashiCorp Vault.', 'Set secrets.vaultAddress.');
  const readToken = async (): Promise<string> => {
    if (file === '') return env['VAULT_TOKEN']?.trim() ?? '';
    try {
      return (await readFile(file, 'utf8')).trim();
    } catch (error) {
      throw unavailable(`${file} cannot be read (${codeOf(error)}).`, 'Check secrets.vaultTokenFile.');
    }
  };
  const [{ openVaultSession }, { createVaultStore }] = await Promise.all([
    import('./hashicorp/token.ts'),
    import('./hashicorp/vault-store.ts'),
  ]);
  const session = await openVaultSession({
    address,
    namespace: settings.vaultNamespace,
    readToken,
    clock,
    log,
  });
  return createVaultStore(session, { mount: settings.vaultMount, path: settings.vaultPath }, clock);
};
