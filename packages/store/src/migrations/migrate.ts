import { FaultError } from '@reeve/protocol';
import type SqliteDatabase from 'better-sqlite3';
import { first } from './0001-first.ts';
import { models } from './0002-models.ts';
import { deviceTokens } from './0003-device-tokens.ts';
import { tenants } from './0004-tenants.ts';
import { readMarksAndSearch } from './0005-read-marks-and-search.ts';
import { approvals } from './0006-approvals.ts';
import { policies } from './0007-policies.ts';
import { audit } from './0008-audit.ts';
import { budgets } from './0009-budgets.ts';

export interface Migration {
  name: string;
  up: string;
  down: string;
}

/** In order; a released migration is never edited. `PRAGMA user_version` counts those applied. */
export const migrations: readonly Migration[] = [
  first,
  models,
  deviceTokens,
  tenants,
  readMarksAndSearch,
  approvals,
  policies,
  audit,
  budgets,
];

/** Marks the file as ours (SQLite's application_id): "Reev" in ASCII. */
const applicationId = 0x52656576;

const versionOf = (db: SqliteDatabase.Database) => db.pragma('user_version', { simple: true }) as number;

/** Throws FaultError DATABASE_CORRUPT for a database that is not ours, DATABASE_TOO_NEW for one of a later Reeve. Changes nothing. */
export const checkDatabase = (db: SqliteDatabase.Database): void => {
  const found = db.pragma('application_id', { simple: true }) as number;
  const tables = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'").get() as {
    n: number;
  };
  if (found !== applicationId && tables.n > 0)
    throw new FaultError('DATABASE_CORRUPT', 'reeve.db is a database of another program.');
  if (versionOf(db) > migrations.length) throw new FaultError('DATABASE_TOO_NEW');
};

/** Brings the database to `target` applied migrations, each in a transaction of its own. Returns the version. */
export const migrate = (db: SqliteDatabase.Database, target = migrations.length): number => {
  let version = versionOf(db);
  const apply = (sql: string, next: number) => {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${next}`);
    })();
    version = next;
  };
  while (version < target) apply(migrations[version]!.up, version + 1);
  while (version > target) apply(migrations[version - 1]!.down, version - 1);
  return version;
};
