import type { JournalCheck } from '@reeve/core';
import { sql } from 'kysely';
import { emptyIndex, rebuildIndex } from '../search/indexer.ts';
import { isStorageError, type SqliteHandle } from '../sqlite/handle.ts';
import { toEvent } from './append.ts';
import { chainHash, genesis } from './hash.ts';
import { applyToViews, views } from './views.ts';

const pageSize = 2_000;

/** Inside a write: empties the views, plays the journal again, counts what differs, verifies each chain. */
export const rebuildViews = async ({ raw, db }: SqliteHandle): Promise<JournalCheck> => {
  emptyIndex({ raw });
  for (const table of Object.keys(views)) {
    raw.exec(
      `DROP TABLE IF EXISTS temp.before_${table}; CREATE TEMP TABLE before_${table} AS SELECT * FROM main.${table}; DELETE FROM main.${table};`,
    );
  }
  const heads = new Map<string, { seq: number; hash: string }>();
  const broken = new Set<string>();
  let events = 0;
  let last = 0;
  for (;;) {
    const rows = await db
      .selectFrom('events')
      .selectAll()
      .where('id', '>', last)
      .orderBy('id')
      .limit(pageSize)
      .execute();
    for (const row of rows) {
      const head = heads.get(row.session_id);
      // A purged session keeps its tombstone alone, whose hash still binds what was before it.
      const isTombstone = row.type === 'session.deleted' && !head;
      if (
        !isTombstone &&
        (row.seq !== (head?.seq ?? 0) + 1 || row.hash !== chainHash(head?.hash ?? genesis, row))
      )
        broken.add(row.session_id);
      heads.set(row.session_id, { seq: row.seq, hash: row.hash });
      try {
        await applyToViews(db, toEvent(row), true);
      } catch (error) {
        // What was tampered with may not even be an event any more; the rest of the journal still is.
        if (isStorageError(error) || !broken.has(row.session_id)) throw error;
      }
      events += 1;
      last = row.id;
    }
    if (rows.length < pageSize) break;
  }
  rebuildIndex({ raw });
  let differences = 0;
  for (const [table, key] of Object.entries(views)) {
    const [before, after] = [`temp.before_${table}`, `main.${table}`];
    const only = (a: string, b: string) =>
      `SELECT ${key} FROM (SELECT * FROM ${a} EXCEPT SELECT * FROM ${b})`;
    const { n } = raw
      .prepare(`SELECT count(*) AS n FROM (${only(before, after)} UNION ${only(after, before)})`)
      .get() as { n: number };
    differences += n;
    raw.exec(`DROP TABLE temp.before_${table}`);
  }
  const count = async (table: 'sessions' | 'messages') =>
    (await db.selectFrom(table).select(sql<number>`count(*)`.as('n')).executeTakeFirstOrThrow()).n;
  return {
    events,
    sessions: await count('sessions'),
    messages: await count('messages'),
    differences,
    brokenChains: [...broken],
  };
};
