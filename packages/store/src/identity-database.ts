import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';

export interface IdentityDatabase<Schema> {
  db: Kysely<Schema>;
  close(): void;
}

/**
 * The database of accounts and credentials, a file of its own beside the journal: its writes neither wait for the
 * journal's commits nor hold them up. What is acknowledged survives a power cut. The data folder must be locked by
 * this process already.
 */
export const openIdentityDatabase = <Schema>(home: string): IdentityDatabase<Schema> => {
  const file = join(home, 'identity.db');
  const raw = new SqliteDatabase(file, { timeout: 5_000 });
  chmodSync(file, 0o600);
  raw.pragma('journal_mode = WAL');
  raw.pragma('synchronous = FULL');
  raw.pragma('foreign_keys = ON');
  raw.pragma('cache_size = -4000');
  return {
    db: new Kysely<Schema>({ dialect: new SqliteDialect({ database: raw }) }),
    close: () => raw.close(),
  };
};
