import type { BookedCall, BudgetStore, Spent, SpentQuery } from '@reeve/core';
import type { Budget } from '@reeve/protocol';
import { sql } from 'kysely';
import type { Committer } from './sqlite/committer.ts';
import type { SqliteHandle } from './sqlite/handle.ts';

export const createBudgetStore = (
  writer: SqliteHandle,
  reader: SqliteHandle,
  committer: Committer,
): BudgetStore => ({
  async budgets(tenantId) {
    const rows = await reader.db
      .selectFrom('budgets')
      .selectAll()
      .where('tenant', '=', tenantId)
      .orderBy('subject')
      .orderBy('subject_id')
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      subject: row.subject as Budget['subject'],
      subjectId: row.subject_id,
      period: row.period as Budget['period'],
      unit: row.unit as Budget['unit'],
      amount: row.amount,
    }));
  },

  save: (tenantId, { id, subject, subjectId, period, unit, amount }) =>
    committer.write(async () => {
      const row = { subject, subject_id: subjectId, period, unit, amount };
      await writer.db
        .insertInto('budgets')
        .values({ tenant: tenantId, id, ...row })
        .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet(row))
        .execute();
    }),

  remove: (tenantId, id) =>
    committer.write(async () => {
      const { numDeletedRows } = await writer.db
        .deleteFrom('budgets')
        .where('tenant', '=', tenantId)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    }),

  async spent(query) {
    const sums = tablesOf(query).map((table) =>
      sql<Spent>`SELECT coalesce(sum(${costUsd}), 0) AS usd, coalesce(sum(${tokens}), 0) AS tokens
        ${usedBy(table, query)} AND used.created_at < ${query.until}`.execute(reader.db),
    );
    const [answers, calls] = (await Promise.all(sums)).map(({ rows }) => rows[0]!);
    return { usd: answers!.usd + (calls?.usd ?? 0), tokens: answers!.tokens + (calls?.tokens ?? 0) };
  },

  async calls(query) {
    const lists = tablesOf(query).map((table) =>
      sql<BookedCall>`SELECT sessions.id AS sessionId, used.created_at AS at, coalesce(${costUsd}, 0) AS usd, ${tokens} AS tokens
        ${usedBy(table, query)}`.execute(reader.db),
    );
    return (await Promise.all(lists)).flatMap(({ rows }) => rows);
  },
});

const costUsd = sql`used.cost_usd`;
const tokens = sql`used.input_tokens + used.output_tokens`;

/** Calls outside of turns are never made by a schedule. */
const tablesOf = ({ isSchedule }: SpentQuery): ('messages' | 'calls')[] =>
  isSchedule === true ? ['messages'] : ['messages', 'calls'];

const usedBy = (
  table: 'messages' | 'calls',
  { tenantId, userId, sessionId, isSchedule, since }: SpentQuery,
) => sql`
  FROM ${sql.table(table)} AS used JOIN sessions ON sessions.id = used.session_id
  WHERE sessions.tenant = ${tenantId} AND used.created_at >= ${since} AND used.provider IS NOT NULL
    ${userId === undefined ? sql`` : sql`AND sessions.owner = ${userId}`}
    ${sessionId === undefined ? sql`` : sql`AND sessions.id = ${sessionId}`}
    ${isSchedule === true ? sql`AND used.run_id IN (SELECT run_id FROM turns WHERE sender_kind = 'schedule')` : sql``}`;
