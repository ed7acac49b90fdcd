import type { Migration } from './migrate.ts';

export const first: Migration = {
  name: '0001-first',
  up: `
    CREATE TABLE events (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      session_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      at INTEGER NOT NULL,
      type TEXT NOT NULL,
      data_json TEXT NOT NULL,
      key TEXT,
      hash TEXT NOT NULL,
      UNIQUE (session_id, seq)
    ) STRICT;
    -- Keys begin with ids that sort by time: the newest share a page, so that a commit of many sessions dirties few.
    CREATE UNIQUE INDEX events_key ON events (key, session_id) WHERE key IS NOT NULL;

    CREATE TABLE sessions (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      title TEXT NOT NULL,
      channel TEXT NOT NULL,
      model TEXT,
      queue_mode TEXT NOT NULL,
      instructions TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      last_seq INTEGER NOT NULL,
      message_count INTEGER NOT NULL,
      open_turns INTEGER NOT NULL,
      last_turn_seq INTEGER NOT NULL,
      input_tokens INTEGER NOT NULL,
      output_tokens INTEGER NOT NULL,
      summary TEXT,
      compacted_through INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_recent ON sessions (owner, updated_at DESC, id);

    CREATE TABLE messages (
      id TEXT NOT NULL,
      session_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      position INTEGER,
      run_id TEXT,
      role TEXT NOT NULL,
      text TEXT NOT NULL,
      tool_calls_json TEXT,
      tool_call_id TEXT,
      name TEXT,
      is_error INTEGER NOT NULL,
      provider TEXT,
      model TEXT,
      usage_json TEXT,
      input_tokens INTEGER NOT NULL,
      output_tokens INTEGER NOT NULL,
      is_pinned INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (session_id, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX messages_id ON messages (id, session_id);
    CREATE INDEX messages_usage ON messages (created_at) WHERE provider IS NOT NULL;

    CREATE TABLE turns (
      run_id TEXT PRIMARY KEY,
      session_id TEXT NOT NULL,
      message_id TEXT NOT NULL,
      channel TEXT NOT NULL,
      sender_kind TEXT NOT NULL,
      seq INTEGER NOT NULL,
      queue_mode TEXT NOT NULL,
      thread TEXT,
      model TEXT,
      params_json TEXT,
      state TEXT NOT NULL,
      outcome TEXT,
      answer_id TEXT,
      absorbed_by TEXT,
      fault_json TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX turns_thread ON turns (thread) WHERE thread IS NOT NULL;
    CREATE INDEX turns_open ON turns (session_id, seq) WHERE state <> 'ended';

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

    CREATE TABLE deliveries (
      session_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      kind TEXT NOT NULL,
      message_id TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (session_id, seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE artifacts (
      id TEXT PRIMARY KEY,
      session_id TEXT NOT NULL,
      name TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX artifacts_session ON artifacts (session_id);

    CREATE TABLE facts (
      id TEXT NOT NULL UNIQUE,
      owner TEXT NOT NULL,
      text TEXT NOT NULL,
      session_id TEXT NOT NULL,
      remembered_at INTEGER NOT NULL,
      key TEXT NOT NULL,
      UNIQUE (owner, key)
    ) STRICT;
    CREATE VIRTUAL TABLE facts_fts USING fts5 (text, content = 'facts', tokenize = 'porter unicode61 remove_diacritics 2');
    CREATE TRIGGER facts_added AFTER INSERT ON facts BEGIN
      INSERT INTO facts_fts (rowid, text) VALUES (new.rowid, new.text);
    END;
    CREATE TRIGGER facts_removed AFTER DELETE ON facts BEGIN
      INSERT INTO facts_fts (facts_fts, rowid, text) VALUES ('delete', old.rowid, old.text);
    END;

    CREATE TABLE reminders (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      session_id TEXT NOT NULL,
      text TEXT NOT NULL,
      action TEXT NOT NULL,
      when_json TEXT NOT NULL,
      is_active INTEGER NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE tokens (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      created_at INTEGER NOT NULL,
      last_used_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE web_sessions (
      hash TEXT PRIMARY KEY,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE engine_runs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      run_id TEXT NOT NULL UNIQUE,
      lane TEXT NOT NULL,
      fn TEXT NOT NULL,
      input_json TEXT NOT NULL,
      state TEXT NOT NULL,
      result_json TEXT,
      error TEXT,
      due_at INTEGER NOT NULL,
      attempt INTEGER NOT NULL,
      is_cancelled INTEGER NOT NULL,
      ended_at INTEGER
    ) STRICT;
    CREATE INDEX engine_runs_open ON engine_runs (lane, id) WHERE ended_at IS NULL;
    CREATE INDEX engine_runs_ended ON engine_runs (ended_at) WHERE ended_at IS NOT NULL;
    CREATE TABLE engine_steps (
      run_id TEXT NOT NULL,
      name TEXT NOT NULL,
      result_json TEXT NOT NULL,
      PRIMARY KEY (run_id, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE engine_signals (
      run_id TEXT NOT NULL,
      name TEXT NOT NULL,
      idem TEXT NOT NULL,
      payload_json TEXT NOT NULL,
      PRIMARY KEY (run_id, name, idem)
    ) STRICT;
    CREATE TABLE schedules (
      id TEXT PRIMARY KEY,
      cron TEXT NOT NULL,
      time_zone TEXT NOT NULL,
      lane TEXT NOT NULL,
      fn TEXT NOT NULL,
      input_json TEXT NOT NULL,
      next_at INTEGER
    ) STRICT, WITHOUT ROWID;
  `,
  down: `
    DROP TABLE schedules;
    DROP TABLE engine_signals;
    DROP TABLE engine_steps;
    DROP TABLE engine_runs;
    DROP TABLE web_sessions;
    DROP TABLE tokens;
    DROP TABLE reminders;
    DROP TABLE facts_fts;
    DROP TABLE facts;
    DROP TABLE artifacts;
    DROP TABLE deliveries;
    DROP TABLE inbox;
    DROP TABLE turns;
    DROP TABLE messages;
    DROP TABLE sessions;
    DROP TABLE events;
  `,
};
