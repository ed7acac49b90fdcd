import { FaultError } from '@reeve/protocol';
import SqliteDatabase from 'better-sqlite3';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;

/** One connection and the Kysely instance that speaks through it. */
export interface SqliteHandle {
  readonly raw: SqliteDatabase.Database;
  readonly connection: DatabaseConnection;
  readonly db: Db;
  close(): void;
}

/**
 * Opens a connection. The writer syncs the write-ahead log at every commit (`synchronous=FULL`): what we
 * acknowledge survives a power cut. Readers never write. `check` sees the file before anything of it is changed;
 * when it throws, the connection is closed again.
 */
export const openHandle = (
  file: string,
  role: 'writer' | 'reader',
  check?: (raw: SqliteDatabase.Database) => void,
): SqliteHandle => {
  const raw = new SqliteDatabase(file, { readonly: role === 'reader', timeout: 5_000 });
  try {
    check?.(raw);
    raw.pragma('foreign_keys = ON');
    if (role === 'writer') {
      raw.pragma('journal_mode = WAL');
      raw.pragma('synchronous = FULL');
      raw.pragma('wal_autocheckpoint = 4000');
    }
  } catch (error) {
    raw.close();
    throw error;
  }
  raw.pragma('temp_store = MEMORY');
  raw.pragma('cache_size = -16000');
  const connection = createConnection(raw);
  return { raw, connection, db: createDb(() => connection), close: () => raw.close() };
};

/**
 * What is durable, at the price of the writer's connection: its pages are warm, while a reader has to look at each
 * anew after every commit. While a transaction is open on it, whose writes are not durable yet, the reader answers.
 * Chosen when a query runs and not when it is built: a transaction may begin between the two.
 */
export const openCommitted = (writer: SqliteHandle, reader: SqliteHandle): Db =>
  createDb(() => (writer.raw.inTransaction ? reader : writer).connection);

const connections = new WeakMap<Db, () => DatabaseConnection>();

/** The connection that a query of `db` would run on now: for queries that are compiled already. */
export const connectionOf = (db: Db): DatabaseConnection => connections.get(db)!();

const createDb = (connection: () => DatabaseConnection): Db => {
  const db = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => createDriver(connection),
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  connections.set(db, connection);
  return db;
};

interface Prepared {
  statement: SqliteDatabase.Statement;
  /** Column names of a statement that returns rows. */
  columns: string[] | null;
}

const toRow = (columns: readonly string[], values: readonly unknown[]): Record<string, unknown> => {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index += 1) row[columns[index]!] = values[index];
  return row;
};

/**
 * Kysely's own SQLite driver prepares each statement anew and queues each query on a mutex. Here statements are
 * kept, and no mutex is needed: every query runs to its end within one synchronous call. Rows are fetched raw:
 * SQLite plans range queries again whenever a parameter changes, and better-sqlite3 then compiles its row
 * constructor again, which costs ten times the query.
 */
const createConnection = (raw: SqliteDatabase.Database): DatabaseConnection => {
  const statements = new Map<string, Prepared>();
  const prepare = (sql: string): Prepared => {
    let found = statements.get(sql);
    if (!found) {
      const statement = raw.prepare(sql);
      found = {
        statement,
        columns: statement.reader
          ? statement
              .raw(true)
              .columns()
              .map((column) => column.name)
          : null,
      };
      // Lists of ids make statements of many shapes; those that recur are few.
      if (statements.size >= 500) statements.clear();
      statements.set(sql, found);
    }
    return found;
  };
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const { statement, columns } = prepare(query.sql);
      if (columns) {
        const rows = statement.all(query.parameters as unknown[]) as unknown[][];
        return { rows: rows.map((values) => toRow(columns, values)) as R[] };
      }
      const { changes, lastInsertRowid } = statement.run(query.parameters as unknown[]);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    },
    async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      const { statement, columns } = prepare(query.sql);
      for (const values of statement.iterate(query.parameters as unknown[]))
        yield { rows: [toRow(columns ?? [], values as unknown[]) as R] };
    },
  };
};

const createDriver = (connection: () => DatabaseConnection): Driver => {
  const unsupported = async (): Promise<never> => {
    throw new Error('transactions belong to the committer');
  };
  return {
    init: async () => {},
    acquireConnection: async () => ({
      executeQuery: (query) => connection().executeQuery(query),
      streamQuery: (query, chunkSize) => connection().streamQuery(query, chunkSize),
    }),
    beginTransaction: unsupported,
    commitTransaction: unsupported,
    rollbackTransaction: unsupported,
    releaseConnection: async () => {},
    destroy: async () => {},
  };
};

/** SQLite result codes that mean the disk failed us, as opposed to a mistake of ours. */
export const isStorageError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^SQLITE_(IOERR|FULL|BUSY|READONLY|CANTOPEN|CORRUPT|NOTADB)/.test(error.code);

export const storageFault = (error: Error & { code: string }): FaultError =>
  new FaultError('DATABASE_ERROR', undefined, { details: { reason: error.code }, cause: error });
