import type { Migration } from './migrate.ts';

/** Questions put to people, as a view of the journal. */
export const approvals: Migration = {
  name: '0006-approvals',
  up: `
    CREATE TABLE approvals (
      id TEXT PRIMARY KEY,
      tenant TEXT NOT NULL,
      owner TEXT NOT NULL,
      session_id TEXT NOT NULL,
      run_id TEXT NOT NULL,
      status TEXT NOT NULL,
      tool TEXT NOT NULL,
      request_json TEXT NOT NULL,
      settled_json TEXT,
      settled_at INTEGER,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX approvals_tenant ON approvals (tenant, created_at);
    CREATE INDEX approvals_run ON approvals (run_id);
    CREATE INDEX approvals_session ON approvals (session_id, created_at);
  `,
  down: `
    DROP TABLE approvals;
  `,
};
