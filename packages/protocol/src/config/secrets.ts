import { z } from 'zod';

/** Where secrets are kept, and what opens them. */
export const secretsConfigSchema = z
  .strictObject({
    backend: z
      .enum(['local', 'vault', 'sops', 'env'])
      .default('local')
      .describe(
        'Where secrets are kept: local = encrypted in the data folder, vault = HashiCorp Vault, sops = a SOPS file (read only), env = variables (read only).',
      ),
    key: z
      .enum(['file', 'keychain', 'passphrase'])
      .default('file')
      .describe(
        'What opens the local ones: file = vault.key in the data folder, keychain = that of the system, passphrase = asked for by `reeve secret unlock`.',
      ),
    vaultAddress: z
      .union([z.literal(''), z.url({ protocol: /^https?$/ })])
      .default('')
      .describe('Address of HashiCorp Vault, such as https://vault.example:8200.'),
    vaultMount: z.string().min(1).default('secret').describe('Mount of its KV engine, version 2.'),
    vaultPath: z.string().min(1).default('reeve').describe('Path below the mount.'),
    vaultNamespace: z.string().default('').describe('Its namespace; empty for none.'),
    vaultTokenFile: z
      .string()
      .default('')
      .describe('File that holds its token; empty = the variable VAULT_TOKEN.'),
    sopsFile: z.string().default('').describe('The SOPS file, encrypted with age.'),
    sopsKeyFile: z
      .string()
      .default('')
      .describe('File that holds the age key of the SOPS file; empty = as SOPS looks for it.'),
    envPrefix: z
      .string()
      .min(1)
      .default('REEVE_SECRET_')
      .describe('Variables with this prefix are secrets, with backend env.'),
  })
  .prefault({});
