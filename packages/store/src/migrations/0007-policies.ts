import type { Migration } from './migrate.ts';

/** Policies that people wrote, every version. An empty tenant or person stands for none. */
export const policies: Migration = {
  name: '0007-policies',
  up: `
    CREATE TABLE policies (
      tier TEXT NOT NULL,
      tenant TEXT NOT NULL,
      owner TEXT NOT NULL,
      name TEXT NOT NULL,
      version INTEGER NOT NULL,
      text TEXT,
      author TEXT NOT NULL,
      note TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (tier, tenant, owner, name, version)
    ) STRICT, WITHOUT ROWID;
  `,
  down: `
    DROP TABLE policies;
  `,
};
