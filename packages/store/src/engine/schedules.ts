import type { Clock, Schedule } from '@reeve/core';
import { FaultError, type Json } from '@reeve/protocol';
import { Cron } from 'croner';
import type { Committer } from '../sqlite/committer.ts';
import type { Db } from '../sqlite/handle.ts';

/** A due time missed by more than this is given up (F174). */
const missedLimitMs = 24 * 60 * 60 * 1000;

/** The first due time after `after`, Unix ms; null when there is none. Throws FaultError INVALID_PARAMS. */
export const nextDue = (cron: string, timeZone: string, after: number): number | null => {
  try {
    return new Cron(cron, { timezone: timeZone, paused: true }).nextRun(new Date(after))?.getTime() ?? null;
  } catch (error) {
    throw new FaultError(
      'INVALID_PARAMS',
      `"${cron}" in ${timeZone} is not a schedule: ${(error as Error).message}`,
    );
  }
};

/** The last due time in (from, to], or null. */
const lastDue = (cron: string, timeZone: string, from: number, to: number): number | null => {
  let due: number | null = null;
  for (let next: number | null = from; next !== null && next <= to; next = nextDue(cron, timeZone, next))
    due = next;
  return due;
};

/**
 * Due times become runs named after schedule and due time, in the transaction that moves the schedule on: each
 * fires once, whatever dies when.
 */
export const createScheduler = (
  db: Db,
  committer: Committer,
  clock: Clock,
  fire: (tx: Db, run: { runId: string; lane: string; fn: string; input: Json }) => Promise<() => void>,
) => {
  const timers = new Map<string, () => void>();
  let isStopped = true;

  const arm = (id: string, at: number | null) => {
    timers.get(id)?.();
    timers.delete(id);
    if (at !== null && !isStopped)
      timers.set(
        id,
        clock.at(at, () => void due(id)),
      );
  };

  const due = async (id: string): Promise<void> => {
    const now = clock.now();
    try {
      const fired = await committer.write(async () => {
        const row = await db.selectFrom('schedules').selectAll().where('id', '=', id).executeTakeFirst();
        if (!row || row.next_at === null) return null;
        if (row.next_at > now) return { next: row.next_at, started: undefined };
        const tooOld = now - missedLimitMs;
        const first = row.next_at > tooOld ? row.next_at : nextDue(row.cron, row.time_zone, tooOld);
        const at = first === null ? null : lastDue(row.cron, row.time_zone, first, now);
        const next = nextDue(row.cron, row.time_zone, now);
        await db.updateTable('schedules').set({ next_at: next }).where('id', '=', id).execute();
        const started =
          at === null
            ? undefined
            : await fire(db, {
                runId: `${id}@${at}`,
                lane: row.lane,
                fn: row.fn,
                input: { ...(JSON.parse(row.input_json) as object), dueAt: at },
              });
        return { next, started };
      });
      fired?.started?.();
      arm(id, fired?.next ?? null);
    } catch {
      // The disk failed; the committer has logged it. The due time stands and is tried again.
      arm(id, clock.now() + 1_000);
    }
  };

  return {
    async start() {
      isStopped = false;
      const rows = await db.selectFrom('schedules').select(['id', 'next_at']).execute();
      for (const row of rows) arm(row.id, row.next_at);
    },
    stop() {
      isStopped = true;
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
    async set(schedule: Schedule): Promise<void> {
      const next = nextDue(schedule.cron, schedule.timeZone, clock.now());
      const row = {
        cron: schedule.cron,
        time_zone: schedule.timeZone,
        lane: schedule.lane,
        fn: schedule.fn,
        input_json: JSON.stringify(schedule.input),
        next_at: next,
      };
      await committer.write(async () => {
        await db
          .insertInto('schedules')
          .values({ id: schedule.id, ...row })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
          .execute();
      });
      arm(schedule.id, next);
    },
    async remove(id: string): Promise<void> {
      await committer.write(async () => {
        await db.deleteFrom('schedules').where('id', '=', id).execute();
      });
      arm(id, null);
    },
  };
};
