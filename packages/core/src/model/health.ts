import type { ProviderStatus } from '@reeve/protocol';
import type { Clock } from '../ports/clock.ts';
import type { ModelError } from '../ports/model.ts';

export interface Health {
  state: ProviderStatus['state'];
  successRate: number | null;
  latencyMs: number | null;
  lastError: string | null;
}

/** Passive health of each provider and account over the last five minutes (F039). */
export interface HealthWindow {
  answered(name: string, firstTokenMs: number): void;
  failed(name: string, error: ModelError): void;
  of(name: string): Health;
}

const windowMs = 5 * 60_000;
const bucketMs = 10_000;
const buckets = windowMs / bucketMs;

/** F039: above 80 % is ok, down to 50 % degraded. F038: two failures in a row are degraded, three are down. */
const okAbove = 0.8;
const downBelow = 0.5;
/** Calls of which a share says something; before, only failures in a row count. */
const fewCalls = 5;

interface Bucket {
  /** Number of the span of time it counts. */
  slice: number;
  answered: number;
  failed: number;
  latencyMs: number;
}

interface Counts {
  ring: Bucket[];
  failuresInRow: number;
  lastError: ModelError | null;
}

/** Counts per span of ten seconds, so that a busy provider costs no more than a quiet one. */
export const createHealth = (clock: Pick<Clock, 'now'>): HealthWindow => {
  const known = new Map<string, Counts>();
  const countsOf = (name: string): Counts => {
    const counts = known.get(name) ?? { ring: [], failuresInRow: 0, lastError: null };
    known.set(name, counts);
    return counts;
  };
  const bucketOf = ({ ring }: Counts): Bucket => {
    const slice = Math.floor(clock.now() / bucketMs);
    const bucket = ring[slice % buckets];
    if (bucket?.slice === slice) return bucket;
    const fresh = { slice, answered: 0, failed: 0, latencyMs: 0 };
    ring[slice % buckets] = fresh;
    return fresh;
  };
  return {
    answered(name, firstTokenMs) {
      const counts = countsOf(name);
      counts.failuresInRow = 0;
      counts.lastError = null;
      const bucket = bucketOf(counts);
      bucket.answered += 1;
      bucket.latencyMs += firstTokenMs;
    },
    failed(name, error) {
      const counts = countsOf(name);
      counts.failuresInRow += 1;
      counts.lastError = error;
      bucketOf(counts).failed += 1;
    },
    of(name) {
      const counts = known.get(name);
      const oldest = Math.floor(clock.now() / bucketMs) - buckets;
      let [answered, failed, latencyMs] = [0, 0, 0];
      for (const bucket of counts?.ring ?? []) {
        // The ring has holes until it has been round once.
        if (!bucket || bucket.slice <= oldest) continue;
        answered += bucket.answered;
        failed += bucket.failed;
        latencyMs += bucket.latencyMs;
      }
      const calls = answered + failed;
      if (!counts || calls === 0)
        return { state: 'unknown', successRate: null, latencyMs: null, lastError: null };
      return {
        state: stateOf(counts, calls < fewCalls ? null : answered / calls),
        successRate: answered / calls,
        latencyMs: answered === 0 ? null : latencyMs / answered,
        lastError: counts.lastError && `${counts.lastError.class}: ${counts.lastError.message}`,
      };
    },
  };
};

const stateOf = ({ failuresInRow, lastError }: Counts, successRate: number | null): Health['state'] => {
  if (lastError?.class === 'rate_limited') return 'rate_limited';
  if (lastError?.class === 'auth') return 'auth_expired';
  if (failuresInRow >= 3 || (successRate ?? 1) < downBelow) return 'down';
  return failuresInRow === 2 || (successRate ?? 1) <= okAbove ? 'degraded' : 'ok';
};
