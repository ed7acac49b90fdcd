import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Db } from '../sqlite/handle.ts';
import { prepared } from '../sqlite/prepared.ts';
import type { Schema } from '../sqlite/schema.ts';

/** What the engine asks in every run, compiled once. */
export const insertRunRow = prepared<
  Pick<Insertable<Schema['engine_runs']>, 'run_id' | 'lane' | 'fn' | 'input_json' | 'due_at'>,
  { id: number }
>((db, p) =>
  db
    .insertInto('engine_runs')
    .values({
      run_id: p.run_id,
      lane: p.lane,
      fn: p.fn,
      input_json: p.input_json,
      state: 'queued',
      result_json: null,
      error: null,
      due_at: p.due_at,
      attempt: 0,
      is_cancelled: 0,
      ended_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id'),
);

const selectOpenRun = prepared<{ runId: string }, Selectable<Schema['engine_runs']>>((db, p) =>
  db.selectFrom('engine_runs').selectAll().where('run_id', '=', p.runId).where('ended_at', 'is', null),
);
/** A run that has not ended. */
export const openRun = async (
  db: Db,
  runId: string,
): Promise<Selectable<Schema['engine_runs']> | undefined> => (await selectOpenRun(db, { runId }))[0];

export const countOpenRuns = prepared<{ lane: string }, { n: number }>((db, p) =>
  db
    .selectFrom('engine_runs')
    .select(sql<number>`count(*)`.as('n'))
    .where('lane', '=', p.lane)
    .where('ended_at', 'is', null),
);

export const setAttempt = prepared((db, p: { runId: string; attempt: number }) =>
  db.updateTable('engine_runs').set({ attempt: p.attempt }).where('run_id', '=', p.runId),
);

export const selectSteps = prepared<{ runId: string }, Selectable<Schema['engine_steps']>>((db, p) =>
  db.selectFrom('engine_steps').selectAll().where('run_id', '=', p.runId),
);

export const insertStep = prepared((db, p: { runId: string; name: string; result: string }) =>
  db.insertInto('engine_steps').values({ run_id: p.runId, name: p.name, result_json: p.result }),
);

export const endRunRow = prepared(
  (db, p: { runId: string; state: string; result: string | null; error: string | null; at: number }) =>
    db
      .updateTable('engine_runs')
      .set({ state: p.state, result_json: p.result, error: p.error, input_json: 'null', ended_at: p.at })
      .where('run_id', '=', p.runId),
);

const deleteSteps = prepared((db, p: { runId: string }) =>
  db.deleteFrom('engine_steps').where('run_id', '=', p.runId),
);
const deleteSignals = prepared((db, p: { runId: string }) =>
  db.deleteFrom('engine_signals').where('run_id', '=', p.runId),
);
/** What was kept for a run that ended. */
export const forgetJournal = async (db: Db, runId: string, hasSteps = true): Promise<void> => {
  if (hasSteps) await deleteSteps(db, { runId });
  await deleteSignals(db, { runId });
};
