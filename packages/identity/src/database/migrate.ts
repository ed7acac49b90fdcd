import { FaultError } from '@reeve/protocol';
import { sql } from 'kysely';
import { migrations } from './migrations.ts';
import type { Db } from './schema.ts';

/** Brings the tables to today's form, all or nothing. Throws FaultError DATABASE_TOO_NEW. */
export const migrate = async (db: Db): Promise<void> => {
  const found = await sql<{ user_version: number }>`PRAGMA user_version`.execute(db);
  const version = found.rows[0]!.user_version;
  if (version > migrations.length)
    throw new FaultError('DATABASE_TOO_NEW', 'identity.db was written by a newer Reeve.');
  if (version === migrations.length) return;
  await db.transaction().execute(async (tx) => {
    for (const statements of migrations.slice(version))
      for (const statement of statements) await sql.raw(statement).execute(tx);
    await sql.raw(`PRAGMA user_version = ${migrations.length}`).execute(tx);
  });
};
