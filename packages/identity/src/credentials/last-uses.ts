import type { Clock, Log } from '@reeve/core';
import type { Db } from '../database/schema.ts';

/** When credentials were last used, written together now and then: no request waits for it. */
export interface LastUses {
  touch(table: 'reeve_key' | 'reeve_session', id: string): void;
  /** The later of what is stored and what is known here. */
  of(id: string, stored: number | null): number | null;
  close(): Promise<void>;
}

const writeEveryMs = 60_000;

export const createLastUses = (db: Db, clock: Clock, log: Log): LastUses => {
  const uses = new Map<string, number>();
  const pending = new Map<string, { table: 'reeve_key' | 'reeve_session'; at: number }>();
  let stop: (() => void) | undefined;

  const write = async () => {
    stop = undefined;
    const batch = [...pending];
    pending.clear();
    if (batch.length === 0) return;
    await db.transaction().execute(async (tx) => {
      for (const [id, { table, at }] of batch)
        await tx.updateTable(table).set({ last_used_at: at }).where('id', '=', id).execute();
    });
    if (uses.size > 10_000) uses.clear();
  };
  return {
    touch(table, id) {
      const at = clock.now();
      const last = uses.get(id);
      // To the second is exact enough, and spares a busy client the bookkeeping.
      if (last !== undefined && at - last < 1_000) return;
      uses.set(id, at);
      pending.set(id, { table, at });
      stop ??= clock.at(at + writeEveryMs, () => {
        write().catch((error: unknown) => log.warn({ err: error }, 'times of last use were not written'));
      });
    },
    of: (id, stored) => uses.get(id) ?? stored,
    async close() {
      stop?.();
      await write();
    },
  };
};
