import type { Owner, SearchHit } from '@reeve/core';
import { directChannel, type MessageRole } from '@reeve/protocol';
import { sql } from 'kysely';
import type { Db } from '../sqlite/handle.ts';
import { closeMark, cutAround, openMark, readMarks } from './excerpt.ts';
import { toMatch } from './match.ts';

/** Matches that are ranked, the newest: a word that is everywhere must not make a search slow. */
const candidateLimit = 2_000;
/** How much more a word in a title weighs than one in a message. */
const titleWeight = 2;
/** A match this old weighs half of what it would weigh now, down to `oldWeight` of it. */
const halfLifeMs = 30 * 24 * 60 * 60 * 1000;
const oldWeight = 0.3;

interface Candidate {
  id: number;
  session_id: string;
  seq: number;
  at: number;
  title: string;
  /** For the event that gave the session its title, that title. */
  given: string | null;
  /** Of bm25: the more negative, the better. */
  rank: number;
}

/** Relevance fades with age, but never wholly. */
const scoreOf = ({ rank, at }: Candidate, now: number): number =>
  rank * (oldWeight + (1 - oldWeight) * 2 ** (-Math.max(0, now - at) / halfLifeMs));

/** Titles and messages of an owner that hold every word of a query, the last one perhaps only begun; the best first. */
export const searchIn = async (
  db: Db,
  owner: Owner,
  { query, limit, now }: { query: string; limit: number; now: number },
): Promise<SearchHit[]> => {
  const match = toMatch(query);
  if (match === '') return [];
  const { rows } = await sql<Candidate>`
    SELECT search_index.rowid AS id, events.session_id, events.seq, events.at, sessions.title,
      CASE WHEN events.type IN ('session.created', 'session.renamed') AND json_valid(events.data_json)
        THEN json_extract(events.data_json, '$.title') END AS given,
      bm25(search_index, ${titleWeight}, 1) AS rank
    FROM search_index
      CROSS JOIN events ON events.id = search_index.rowid
      CROSS JOIN sessions ON sessions.id = events.session_id
    WHERE search_index MATCH ${match}
      AND sessions.tenant = ${owner.tenantId} AND sessions.owner = ${owner.userId}
      AND sessions.channel <> ${directChannel}
    ORDER BY search_index.rowid DESC LIMIT ${candidateLimit}`.execute(db);
  const titled = new Set<string>();
  const best = rows
    .filter(({ given, title, session_id }) => {
      if (given === null) return true;
      // Titles of before, and the same title given twice.
      if (given !== title || titled.has(session_id)) return false;
      titled.add(session_id);
      return true;
    })
    .map((row) => ({ row, score: scoreOf(row, now) }))
    .sort((a, b) => a.score - b.score || b.row.id - a.row.id)
    .slice(0, limit);
  const hits: SearchHit[] = [];
  for (const { row } of best) {
    const hit = await toHit(db, match, row);
    if (hit) hits.push(hit);
  }
  return hits;
};

const toHit = async (db: Db, match: string, row: Candidate): Promise<SearchHit | null> => {
  const { id, session_id: sessionId, seq, at: createdAt, title, given } = row;
  // Numbers are bound as REAL, and a virtual table passes over an id that is no INTEGER.
  const found = await sql<{ marked: string }>`
    SELECT highlight(search_index, ${given === null ? 1 : 0}, ${openMark}, ${closeMark}) AS marked
    FROM search_index WHERE search_index MATCH ${match} AND rowid = CAST(${id} AS INTEGER)`.execute(db);
  const base = { sessionId, title, seq, createdAt, ...readMarks(cutAround(found.rows[0]?.marked ?? '')) };
  if (given !== null) return { ...base, message: null };
  const message = await db
    .selectFrom('messages')
    .select(['id', 'role'])
    .where('session_id', '=', sessionId)
    .where('seq', '=', seq)
    .executeTakeFirst();
  return message ? { ...base, message: { id: message.id, role: message.role as MessageRole } } : null;
};
