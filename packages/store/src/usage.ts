import type { Owner, UsageReport, UsageSum } from '@reeve/core';
import { sql } from 'kysely';
import type { Db } from './sqlite/handle.ts';

/** Days in a report. */
const dayLimit = 366;

interface Sums {
  calls: number;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number | null;
  estimated: number;
}

const toSum = (row: Sums): UsageSum => ({
  calls: row.calls,
  usage: {
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    ...(row.cost_usd !== null && { costUsd: row.cost_usd }),
    ...(row.estimated && { estimated: true }),
  },
});

/** What the models cost an owner: answers of runs, and calls outside of them. */
export const readUsage = async (
  db: Db,
  owner: Owner,
  since: number,
  sessionId: string | undefined,
): Promise<UsageReport> => {
  const answers = db
    .selectFrom('messages')
    .innerJoin('sessions', 'sessions.id', 'messages.session_id')
    .select([
      'messages.provider',
      'messages.model',
      'sessions.channel',
      'messages.input_tokens',
      'messages.output_tokens',
      'messages.cost_usd',
      'messages.created_at',
      sql<number>`coalesce(json_extract(usage_json, '$.estimated'), 0)`.as('estimated'),
    ])
    .where('sessions.tenant', '=', owner.tenantId)
    .where('sessions.owner', '=', owner.userId)
    .where('messages.provider', 'is not', null)
    .where('messages.created_at', '>=', since)
    .$if(sessionId !== undefined, (query) => query.where('messages.session_id', '=', sessionId!));
  const calls = db
    .selectFrom('calls')
    .innerJoin('sessions', 'sessions.id', 'calls.session_id')
    .select([
      'calls.provider',
      'calls.model',
      'calls.channel',
      'calls.input_tokens',
      'calls.output_tokens',
      'calls.cost_usd',
      'calls.created_at',
      'calls.is_estimated as estimated',
    ])
    .where('sessions.tenant', '=', owner.tenantId)
    .where('sessions.owner', '=', owner.userId)
    .where('calls.created_at', '>=', since)
    .$if(sessionId !== undefined, (query) => query.where('calls.session_id', '=', sessionId!));
  const sums = () =>
    db
      .selectFrom(answers.unionAll(calls as unknown as typeof answers).as('used'))
      .select([
        sql<number>`count(*)`.as('calls'),
        sql<number>`sum(input_tokens)`.as('input_tokens'),
        sql<number>`sum(output_tokens)`.as('output_tokens'),
        sql<number | null>`sum(cost_usd)`.as('cost_usd'),
        sql<number>`max(estimated)`.as('estimated'),
      ]);
  const day = sql<string>`strftime('%Y-%m-%d', created_at / 1000, 'unixepoch')`;
  const [byModel, byChannel, byDay] = [
    await sums()
      .select(['provider', 'model'])
      .groupBy(['provider', 'model'])
      .orderBy('calls', 'desc')
      .execute(),
    await sums().select('channel').groupBy('channel').orderBy('calls', 'desc').execute(),
    await sums().select(day.as('day')).groupBy(day).orderBy('day', 'desc').limit(dayLimit).execute(),
  ];
  return {
    byModel: byModel.map((row) => ({ provider: row.provider!, model: row.model!, ...toSum(row) })),
    byChannel: byChannel.map((row) => ({ channel: row.channel, ...toSum(row) })),
    byDay: byDay.map((row) => ({ day: row.day, ...toSum(row) })),
  };
};
