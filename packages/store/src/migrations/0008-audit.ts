import type { Migration } from './migrate.ts';

/** What mattered, chained by tenant, with the signed head of each chain and the places where it was signed before. */
export const audit: Migration = {
  name: '0008-audit',
  up: `
    CREATE TABLE audit (
      tenant TEXT NOT NULL,
      seq INTEGER NOT NULL,
      at INTEGER NOT NULL,
      type TEXT NOT NULL,
      outcome TEXT NOT NULL,
      actor TEXT,
      target TEXT NOT NULL,
      session_id TEXT NOT NULL,
      correlation_id TEXT NOT NULL,
      entry_json TEXT NOT NULL,
      hash TEXT NOT NULL,
      PRIMARY KEY (tenant, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit_heads (
      tenant TEXT PRIMARY KEY,
      seq INTEGER NOT NULL,
      hash TEXT NOT NULL,
      at INTEGER NOT NULL,
      signature TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit_checkpoints (
      tenant TEXT NOT NULL,
      seq INTEGER NOT NULL,
      hash TEXT NOT NULL,
      at INTEGER NOT NULL,
      is_anchor INTEGER NOT NULL,
      signature TEXT NOT NULL,
      PRIMARY KEY (tenant, seq, is_anchor)
    ) STRICT, WITHOUT ROWID;
  `,
  down: `
    DROP TABLE audit_checkpoints;
    DROP TABLE audit_heads;
    DROP TABLE audit;
  `,
};
