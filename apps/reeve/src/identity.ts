import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry, Clock, FormerCredentials, Identity, Log, NewId } from '@reeve/core';
import { type IdentitySchema, openIdentity } from '@reeve/identity';
import { type Config, FaultError } from '@reeve/protocol';
import { openIdentityDatabase } from '@reeve/store';

export interface OpenedIdentity {
  identity: Identity;
  close(): Promise<void>;
}

/**
 * Accounts and credentials of a data folder, in a database of their own. What is sealed in it needs the key file
 * beside it. Throws FaultError DATABASE_TOO_NEW, CONFIG_ERROR for a key file that is damaged.
 */
export const openAccounts = async (deps: {
  home: string;
  clock: Clock;
  newId: NewId;
  log: Log;
  config: () => Config;
  former: FormerCredentials;
  audit: (entry: AuditEntry) => void;
  readSecret: (setting: string, purpose: string) => Promise<string>;
}): Promise<OpenedIdentity> => {
  const { home, config } = deps;
  const database = openIdentityDatabase<IdentitySchema>(home);
  try {
    const identity = await openIdentity({
      ...deps,
      db: database.db,
      key: readKey(home),
      settings: () => {
        const { smtp, ...settings } = config().identity;
        const mail = smtp.host === '' ? null : { ...smtp, from: smtp.from || smtp.user };
        return { ...settings, mail };
      },
      fetch,
    });
    return {
      identity,
      async close() {
        await identity.close();
        database.close();
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
};

const keyBytes = 32;

/** The key of the data folder, made at the first start. Whoever has it and the database has the second factors. */
const readKey = (home: string): Buffer => {
  const folder = join(home, 'keys');
  const file = join(folder, 'identity.key');
  try {
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
    if (key.length !== keyBytes)
      throw new FaultError('CONFIG_ERROR', 'keys/identity.key in the data folder is damaged.', {
        next: 'Restore it from a backup: authenticator apps and access tokens depend on it.',
      });
    return key;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  }
  const key = randomBytes(keyBytes);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${key.toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  return key;
};
