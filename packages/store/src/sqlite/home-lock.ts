import { FaultError } from '@reeve/protocol';
import SqliteDatabase from 'better-sqlite3';

/**
 * Holds a data folder for this process. The lock is SQLite's own file lock on a file of its own: the kernel frees
 * it at the very end of the process, also after kill -9, so no stale lock can ever be left behind.
 */
export const lockHome = (file: string): { release(): void } => {
  const db = new SqliteDatabase(file, { timeout: 0 });
  try {
    // In memory, so that nothing is left on disk beside the file itself.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof SqliteDatabase.SqliteError && error.code === 'SQLITE_BUSY')
      throw new FaultError('HOME_LOCKED', undefined, { cause: error });
    throw error;
  }
  return { release: () => db.close() };
};
