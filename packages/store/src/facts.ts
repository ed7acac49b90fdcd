import type { Fact, Facts, NewId } from '@reeve/core';
import { type Selectable, sql } from 'kysely';
import type { Committer } from './sqlite/committer.ts';
import type { SqliteHandle } from './sqlite/handle.ts';
import type { Schema } from './sqlite/schema.ts';

const toFact = (row: Selectable<Schema['facts']>): Fact => ({
  id: row.id,
  text: row.text,
  sessionId: row.session_id,
  rememberedAt: row.remembered_at,
});

/** FTS5 syntax has operators; every word is quoted so that a query is only ever words. */
const toMatch = (query: string): string =>
  (query.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])
    .slice(0, 32)
    .map((word) => `"${word}"`)
    .join(' OR ');

export const createFacts = (
  writer: SqliteHandle,
  reader: SqliteHandle,
  committer: Committer,
  newId: NewId,
): Facts => ({
  remember: (owner, { text, sessionId, at, key }) =>
    committer.write(async () => {
      const known = await writer.db
        .selectFrom('facts')
        .selectAll()
        .where('tenant', '=', owner.tenantId)
        .where('owner', '=', owner.userId)
        .where('key', '=', key)
        .executeTakeFirst();
      if (known) return toFact(known);
      const row = {
        id: newId('fact_'),
        tenant: owner.tenantId,
        owner: owner.userId,
        text,
        session_id: sessionId,
        remembered_at: at,
        key,
      };
      await writer.db.insertInto('facts').values(row).execute();
      return toFact(row);
    }),

  async search(owner, query, limit) {
    const match = toMatch(query);
    if (match === '') return [];
    const { rows } = await sql<Selectable<Schema['facts']>>`
      SELECT facts.* FROM facts_fts JOIN facts ON facts.rowid = facts_fts.rowid
      WHERE facts_fts MATCH ${match} AND facts.tenant = ${owner.tenantId} AND facts.owner = ${owner.userId}
      ORDER BY bm25(facts_fts), facts.remembered_at DESC LIMIT ${limit}`.execute(reader.db);
    return rows.map(toFact);
  },

  async list(owner, limit) {
    const rows = await reader.db
      .selectFrom('facts')
      .selectAll()
      .where('tenant', '=', owner.tenantId)
      .where('owner', '=', owner.userId)
      .orderBy('remembered_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toFact);
  },

  forget: (owner, id) =>
    committer.write(async () => {
      const result = await writer.db
        .deleteFrom('facts')
        .where('tenant', '=', owner.tenantId)
        .where('owner', '=', owner.userId)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    }),
});
