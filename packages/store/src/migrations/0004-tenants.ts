import type { Migration } from './migrate.ts';

const factTriggers = `
    CREATE TRIGGER facts_added AFTER INSERT ON facts BEGIN
      INSERT INTO facts_fts (rowid, text) VALUES (new.rowid, new.text);
    END;
    CREATE TRIGGER facts_removed AFTER DELETE ON facts BEGIN
      INSERT INTO facts_fts (facts_fts, rowid, text) VALUES ('delete', old.rowid, old.text);
    END;`;

/** Every row that has an owner has a tenant, too. What was there before belongs to the tenant of the first start. */
export const tenants: Migration = {
  name: '0004-tenants',
  up: `
    ALTER TABLE sessions ADD COLUMN tenant TEXT NOT NULL DEFAULT 'home';
    DROP INDEX sessions_recent;
    CREATE INDEX sessions_recent ON sessions (tenant, owner, updated_at DESC, id);
    ALTER TABLE reminders ADD COLUMN tenant TEXT NOT NULL DEFAULT 'home';
    ALTER TABLE device_tokens ADD COLUMN tenant TEXT NOT NULL DEFAULT 'home';
    DROP INDEX device_tokens_device;
    CREATE INDEX device_tokens_device ON device_tokens (tenant, owner, device_id);

    ALTER TABLE inbox RENAME TO old_inbox;
    CREATE TABLE inbox (
      tenant TEXT NOT NULL,
      owner TEXT NOT NULL,
      key TEXT NOT NULL,
      session_id TEXT NOT NULL,
      message_id TEXT NOT NULL,
      run_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      digest TEXT NOT NULL,
      PRIMARY KEY (tenant, owner, key)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO inbox SELECT 'home', owner, key, session_id, message_id, run_id, seq, digest FROM old_inbox;
    DROP TABLE old_inbox;

    ALTER TABLE session_keys RENAME TO old_session_keys;
    CREATE TABLE session_keys (
      tenant TEXT NOT NULL,
      owner TEXT NOT NULL,
      key TEXT NOT NULL,
      session_id TEXT NOT NULL,
      PRIMARY KEY (tenant, owner, key)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO session_keys SELECT 'home', owner, key, session_id FROM old_session_keys;
    DROP TABLE old_session_keys;
    CREATE INDEX session_keys_session ON session_keys (session_id);

    DROP TRIGGER facts_added;
    DROP TRIGGER facts_removed;
    ALTER TABLE facts RENAME TO old_facts;
    CREATE TABLE facts (
      id TEXT NOT NULL UNIQUE,
      tenant TEXT NOT NULL,
      owner TEXT NOT NULL,
      text TEXT NOT NULL,
      session_id TEXT NOT NULL,
      remembered_at INTEGER NOT NULL,
      key TEXT NOT NULL,
      UNIQUE (tenant, owner, key)
    ) STRICT;
    INSERT INTO facts (rowid, id, tenant, owner, text, session_id, remembered_at, key)
      SELECT rowid, id, 'home', owner, text, session_id, remembered_at, key FROM old_facts;
    DROP TABLE old_facts;
    ${factTriggers}
  `,
  down: `
    DROP TRIGGER facts_added;
    DROP TRIGGER facts_removed;
    ALTER TABLE facts RENAME TO old_facts;
    CREATE TABLE facts (
      id TEXT NOT NULL UNIQUE,
      owner TEXT NOT NULL,
      text TEXT NOT NULL,
      session_id TEXT NOT NULL,
      remembered_at INTEGER NOT NULL,
      key TEXT NOT NULL,
      UNIQUE (owner, key)
    ) STRICT;
    INSERT INTO facts (rowid, id, owner, text, session_id, remembered_at, key)
      SELECT rowid, id, owner, text, session_id, remembered_at, key FROM old_facts WHERE tenant = 'home';
    DROP TABLE old_facts;
    ${factTriggers}

    ALTER TABLE session_keys RENAME TO old_session_keys;
    CREATE TABLE session_keys (
      owner TEXT NOT NULL,
      key TEXT NOT NULL,
      session_id TEXT NOT NULL,
      PRIMARY KEY (owner, key)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO session_keys SELECT owner, key, session_id FROM old_session_keys WHERE tenant = 'home';
    DROP TABLE old_session_keys;
    CREATE INDEX session_keys_session ON session_keys (session_id);

    ALTER TABLE inbox RENAME TO old_inbox;
    CREATE TABLE inbox (
      owner TEXT NOT NULL,
      key TEXT NOT NULL,
      session_id TEXT NOT NULL,
      message_id TEXT NOT NULL,
      run_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      digest TEXT NOT NULL,
      PRIMARY KEY (owner, key)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO inbox
      SELECT owner, key, session_id, message_id, run_id, seq, digest FROM old_inbox WHERE tenant = 'home';
    DROP TABLE old_inbox;

    DROP INDEX device_tokens_device;
    ALTER TABLE device_tokens DROP COLUMN tenant;
    CREATE INDEX device_tokens_device ON device_tokens (owner, device_id);
    ALTER TABLE reminders DROP COLUMN tenant;
    DROP INDEX sessions_recent;
    ALTER TABLE sessions DROP COLUMN tenant;
    CREATE INDEX sessions_recent ON sessions (owner, updated_at DESC, id);
  `,
};
