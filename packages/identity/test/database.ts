import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { AuditEntry } from '@reeve/core';
import { createFakeClock } from '@reeve/testkit';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';
import { type IdentityOptions, type IdentitySchema, openIdentity } from '../src/index.ts';

/** A database in memory that tells what it is asked. */
export const openDatabase = () => {
  const raw = new DatabaseSync(':memory:');
  raw.exec('PRAGMA foreign_keys = ON');
  const queries: string[] = [];
  const database: SqliteDatabase = {
    close: () => raw.close(),
    prepare(sql) {
      const statement = raw.prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (values) => statement.all(...(values as string[])),
        run: (values) => statement.run(...(values as string[])),
        iterate: (values) => statement.iterate(...(values as string[])),
      };
    },
  };
  const db = new Kysely<IdentitySchema>({
    dialect: new SqliteDialect({ database }),
    log: ({ query }) => {
      queries.push(query.sql);
    },
  });
  return { db, queries };
};

/** Identity on a database in memory, with everything it told the audit. */
export const openWorld = async (
  options: { settings?: Partial<ReturnType<IdentityOptions['settings']>>; fetch?: typeof fetch } = {},
) => {
  const { db, queries } = openDatabase();
  const clock = createFakeClock();
  const events: AuditEntry[] = [];
  let ids = 0;
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const identity = await openIdentity({
    db,
    clock,
    newId: (prefix) => {
      ids += 1;
      return `${prefix}${String(ids).padStart(8, '0')}`;
    },
    log: quiet,
    key: randomBytes(32),
    settings: () => ({
      maxSessions: 20,
      sessionDays: 30,
      mail: null,
      oidc: {},
      saml: {},
      scim: { roleMap: [], defaultRole: 'user' },
      unknownSenders: 'guest',
      maxGuests: 500,
      ...options.settings,
    }),
    readSecret: async (setting) => setting,
    fetch: options.fetch ?? fetch,
    audit: (event) => events.push(event),
    former: { read: async () => ({ tokens: [], webSessions: [], devices: [] }), forget: async () => {} },
  });
  return { db, queries, clock, events, identity };
};
