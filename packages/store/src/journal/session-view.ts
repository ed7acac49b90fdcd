import { homeTenant } from '@reeve/core';
import type { DurableData, DurableEvent } from '@reeve/protocol';
import { sql } from 'kysely';
import { removeFromIndex } from '../search/indexer.ts';
import type { Db } from '../sqlite/handle.ts';

export const createSession = async (db: Db, event: DurableEvent, data: DurableData<'session.created'>) => {
  await db
    .insertInto('sessions')
    .values({
      id: event.sessionId,
      tenant: data.tenantId ?? homeTenant,
      owner: data.owner,
      title: data.title,
      channel: data.channel,
      model: null,
      queue_mode: data.queueMode,
      instructions: null,
      created_at: event.at,
      updated_at: event.at,
      last_seq: event.seq,
      message_count: 0,
      open_turns: 0,
      last_turn_seq: 0,
      news_seq: 0,
      input_tokens: 0,
      output_tokens: 0,
      summary: null,
      compacted_through: 0,
      params_json: null,
      cost_usd: 0,
    })
    .execute();
};

/** What belongs to a session is found through its events: an index on each view would cost every turn a page. */
export const removeSession = async (db: Db, sessionId: string) => {
  await removeFromIndex(db, sessionId);
  const ofEvents = (path: '$.runId' | '$.idempotencyKey') =>
    sql<string>`(SELECT json_extract(data_json, ${sql.lit(path)}) FROM events WHERE session_id = ${sessionId} AND type IN ('message.received', 'command.received'))`;
  await db.deleteFrom('turns').where('run_id', 'in', ofEvents('$.runId')).execute();
  await db
    .deleteFrom('inbox')
    .where('tenant', '=', (eb) => eb.selectFrom('sessions').select('tenant').where('id', '=', sessionId))
    .where('owner', '=', (eb) => eb.selectFrom('sessions').select('owner').where('id', '=', sessionId))
    .where('key', 'in', ofEvents('$.idempotencyKey'))
    .where('session_id', '=', sessionId)
    .execute();
  await db.deleteFrom('messages').where('session_id', '=', sessionId).execute();
  await db.deleteFrom('calls').where('session_id', '=', sessionId).execute();
  await db.deleteFrom('sessions').where('id', '=', sessionId).execute();
};
