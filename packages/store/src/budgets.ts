import type { BudgetStore, Spent } from '@reeve/core';
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

  async spent({ tenantId, userId, sessionId, isSchedule, since }) {
    const add = async (table: 'messages' | 'calls'): Promise<Spent> => {
      const { rows } = await sql<Spent>`
        SELECT coalesce(sum(used.cost_usd), 0) AS usd,
               coalesce(sum(used.input_tokens + used.output_tokens), 0) AS tokens
        FROM ${sql.table(table)} AS used JOIN sessions ON sessions.id = used.session_id
        WHERE sessions.tenant = ${tenantId} AND used.created_at >= ${since} AND used.provider IS NOT NULL
          ${userId === undefined ? sql`` : sql`AND sessions.owner = ${userId}`}
          ${sessionId === undefined ? sql`` : sql`AND sessions.id = ${sessionId}`}
          ${isSchedule === true ? sql`AND used.run_id IN (SELECT run_id FROM turns WHERE sender_kind = 'schedule')` : sql``}`.execute(
        reader.db,
      );
      return rows[0]!;
    };
    const answers = await add('messages');
    // Calls outside of turns are never made by a schedule.
    const calls = isSchedule === true ? { usd: 0, tokens: 0 } : await add('calls');
    return { usd: answers.usd + calls.usd, tokens: answers.tokens + calls.tokens };
  },
});
