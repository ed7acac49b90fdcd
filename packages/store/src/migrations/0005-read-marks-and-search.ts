import type { Migration } from './migrate.ts';

/** Characters of a message that are searched: whoever pastes a book finds its beginning. */
const searchedLength = 200_000;

/**
 * What each person has read of each session, and an index over what was said. The index keeps no texts: those are
 * read from the journal through `search_source`, whose ids are those of the events.
 */
export const readMarksAndSearch: Migration = {
  name: '0005-read-marks-and-search',
  up: `
    ALTER TABLE sessions ADD COLUMN news_seq INTEGER NOT NULL DEFAULT 0;
    UPDATE sessions SET news_seq = coalesce((
      SELECT max(seq) FROM events WHERE session_id = sessions.id AND (
        type = 'notification.posted'
        OR (type = 'run.finished' AND json_extract(data_json, '$.outcome') IN ('completed', 'failed'))
      )
    ), 0);
    CREATE TABLE read_marks (
      session_id TEXT NOT NULL,
      tenant TEXT NOT NULL,
      owner TEXT NOT NULL,
      seq INTEGER NOT NULL,
      PRIMARY KEY (session_id, tenant, owner)
    ) STRICT, WITHOUT ROWID;
    -- Whatever there was before counts as read.
    INSERT INTO read_marks (session_id, tenant, owner, seq) SELECT id, tenant, owner, last_seq FROM sessions;

    CREATE VIEW search_source AS
      SELECT id, session_id,
        CASE WHEN type IN ('session.created', 'session.renamed') THEN json_extract(data_json, '$.title') END AS title,
        CASE WHEN type NOT IN ('session.created', 'session.renamed')
          THEN substr(json_extract(data_json, '$.text'), 1, ${searchedLength}) END AS text
      FROM events
      -- Somebody may have been at the journal; the index must still be built of the rest.
      WHERE CASE WHEN json_valid(data_json) THEN
        type IN ('session.created', 'session.renamed', 'message.received', 'model.answered',
          'notification.posted', 'command.received', 'command.answered')
        -- Results of tools are data that nobody said.
        OR (type = 'message.imported' AND json_extract(data_json, '$.role') <> 'tool') END;
    CREATE VIRTUAL TABLE search_index USING fts5 (
      title, text, content = 'search_source', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
    );
    -- What is deleted leaves the index at once, and not when parts of it happen to be merged.
    INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1);
    INSERT INTO search_index (search_index) VALUES ('rebuild');
    CREATE TABLE search_state (through INTEGER NOT NULL) STRICT;
    INSERT INTO search_state SELECT coalesce(max(id), 0) FROM events;
  `,
  down: `
    DROP TABLE search_state;
    DROP TABLE search_index;
    DROP VIEW search_source;
    DROP TABLE read_marks;
    ALTER TABLE sessions DROP COLUMN news_seq;
  `,
};
