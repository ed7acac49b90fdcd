import type { Migration } from './migrate.ts';

/** What may be spent. What was spent stands in the views of the journal. */
export const budgets: Migration = {
  name: '0009-budgets',
  up: `
    CREATE TABLE budgets (
      tenant TEXT NOT NULL,
      id TEXT NOT NULL,
      subject TEXT NOT NULL,
      subject_id TEXT NOT NULL,
      period TEXT NOT NULL,
      unit TEXT NOT NULL,
      amount REAL NOT NULL,
      PRIMARY KEY (tenant, id)
    ) STRICT, WITHOUT ROWID;
  `,
  down: `
    DROP TABLE budgets;
  `,
};
