import { sql } from 'kysely';
import type { Db } from '../sqlite/handle.ts';

/**
 * Entries that are read before others get a turn. SQLite answers on the thread that serves everybody, and an audit
 * may have millions of entries: this many take a few milliseconds.
 */
export const stepSize = 2_000;

/** Lets everything else that waits run first. Throws when `signal` was aborted meanwhile. */
export const giveWay = async (signal?: AbortSignal): Promise<void> => {
  await new Promise<void>((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
};

/** Places `from` to `to` of a chain, both included. */
export interface Step {
  from: number;
  to: number;
}

/** A tenant's chain in steps from the newest place (below `before`) to the oldest, giving way between them. */
export async function* newestFirst(db: Db, tenant: string, before?: number): AsyncGenerator<Step> {
  const place = (end: 'min' | 'max') =>
    db
      .selectFrom('audit')
      .select(sql<number | null>`${sql.raw(end)}(seq)`.as('seq'))
      .where('tenant', '=', tenant)
      .$if(before !== undefined, (query) => query.where('seq', '<', before!))
      .executeTakeFirst();
  const first = (await place('min'))?.seq ?? null;
  const last = (await place('max'))?.seq ?? null;
  if (first === null || last === null) return;
  for (let to = last; to >= first; to -= stepSize) {
    if (to !== last) await giveWay();
    yield { from: Math.max(first, to - stepSize + 1), to };
  }
}
