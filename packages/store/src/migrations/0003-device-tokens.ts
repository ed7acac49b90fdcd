import type { Migration } from './migrate.ts';

/** What the wire protocol keeps: tokens of devices, and the names its clients give to sessions. */
export const deviceTokens: Migration = {
  name: '0003-device-tokens',
  up: `
    CREATE TABLE device_tokens (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      device_id TEXT NOT NULL,
      credential TEXT NOT NULL,
      scopes_json TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX device_tokens_device ON device_tokens (owner, device_id);
    CREATE INDEX device_tokens_credential ON device_tokens (credential);
    CREATE TABLE session_keys (
      owner TEXT NOT NULL,
      key TEXT NOT NULL,
      session_id TEXT NOT NULL,
      PRIMARY KEY (owner, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_keys_session ON session_keys (session_id);
  `,
  down: `
    DROP TABLE session_keys;
    DROP TABLE device_tokens;
  `,
};
