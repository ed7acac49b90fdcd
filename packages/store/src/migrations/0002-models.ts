import type { Migration } from './migrate.ts';

/** Parameters of a session, images, what providers need to go on, what client tools a run has, cost. */
export const models: Migration = {
  name: '0002-models',
  up: `
    ALTER TABLE sessions ADD COLUMN params_json TEXT;
    ALTER TABLE sessions ADD COLUMN cost_usd REAL NOT NULL DEFAULT 0;
    ALTER TABLE messages ADD COLUMN cost_usd REAL;
    ALTER TABLE messages ADD COLUMN images_json TEXT;
    ALTER TABLE messages ADD COLUMN continuation_json TEXT;
    ALTER TABLE turns ADD COLUMN client_json TEXT;
    CREATE TABLE calls (
      session_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      purpose TEXT NOT NULL,
      channel TEXT NOT NULL,
      provider TEXT NOT NULL,
      model TEXT NOT NULL,
      input_tokens INTEGER NOT NULL,
      output_tokens INTEGER NOT NULL,
      cost_usd REAL,
      is_estimated INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (session_id, seq)
    ) STRICT, WITHOUT ROWID;
  `,
  down: `
    DROP TABLE calls;
    ALTER TABLE turns DROP COLUMN client_json;
    ALTER TABLE messages DROP COLUMN continuation_json;
    ALTER TABLE messages DROP COLUMN images_json;
    ALTER TABLE messages DROP COLUMN cost_usd;
    ALTER TABLE sessions DROP COLUMN cost_usd;
    ALTER TABLE sessions DROP COLUMN params_json;
  `,
};
