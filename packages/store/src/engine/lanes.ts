/**
 * Who runs next: one run per lane, lanes in the order in which they became ready, at most `concurrency` at once.
 * Holds ids only; everything about a run lies in the database.
 */
export interface Lanes {
  push(lane: string, runId: string): void;
  /** Takes a waiting run out; false when it was not waiting. */
  remove(lane: string, runId: string): boolean;
  /** The lane's active run ended; the lane may go on. */
  free(lane: string): void;
  /** The active run of a lane waits for something outside: it does not count towards `concurrency` until it goes on. */
  park(): void;
  resume(): void;
  active(lane: string): string | undefined;
  counts(): { running: number; queued: number };
}

interface Lane {
  waiting: string[];
  active: string | undefined;
}

export const createLanes = (concurrency: number, run: (lane: string, runId: string) => void): Lanes => {
  const lanes = new Map<string, Lane>();
  const ready: string[] = [];
  let running = 0;
  let queued = 0;

  const pump = () => {
    while (running < concurrency && ready.length > 0) {
      const name = ready.shift()!;
      const lane = lanes.get(name);
      const next = lane && !lane.active ? lane.waiting.shift() : undefined;
      if (!lane || next === undefined) continue;
      lane.active = next;
      running += 1;
      queued -= 1;
      run(name, next);
    }
  };

  return {
    push(name, runId) {
      const lane = lanes.get(name) ?? { waiting: [], active: undefined };
      lanes.set(name, lane);
      lane.waiting.push(runId);
      queued += 1;
      if (!lane.active && lane.waiting.length === 1) ready.push(name);
      pump();
    },
    remove(name, runId) {
      const lane = lanes.get(name);
      const index = lane?.waiting.indexOf(runId) ?? -1;
      if (!lane || index < 0) return false;
      lane.waiting.splice(index, 1);
      queued -= 1;
      if (!lane.active && lane.waiting.length === 0) lanes.delete(name);
      return true;
    },
    free(name) {
      const lane = lanes.get(name);
      if (!lane?.active) return;
      lane.active = undefined;
      running -= 1;
      if (lane.waiting.length > 0) ready.push(name);
      else lanes.delete(name);
      pump();
    },
    park() {
      running -= 1;
      pump();
    },
    resume() {
      running += 1;
    },
    active: (name) => lanes.get(name)?.active,
    counts: () => ({ running, queued }),
  };
};
