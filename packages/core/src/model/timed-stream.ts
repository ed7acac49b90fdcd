import type { Clock } from '../ports/clock.ts';
import type { ModelEvent, ModelProvider, ModelRequest } from '../ports/model.ts';

export interface StreamLimits {
  /** Longest wait from the request to the first event. */
  firstTokenMs: number;
  /** Longest silence between two events. */
  idleMs: number;
}

/**
 * A provider's stream that ends in an error of class `timeout` when it keeps silent for too long (F041). The limit
 * for the connection itself is the provider's.
 */
export async function* timedStream(
  provider: ModelProvider,
  request: ModelRequest,
  limits: StreamLimits,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const call = new AbortController();
  const forward = () => call.abort(signal.reason);
  if (signal.aborted) forward();
  else signal.addEventListener('abort', forward, { once: true });
  let hasBegun = false;
  let timedOut: string | null = null;
  let lastAt = clock.now();
  // While the consumer is at work the silence is not the provider's.
  let isAwaited = true;
  let stopTimer = () => {};
  // One timer that looks again when it fires, not one per event.
  const arm = () => {
    const limit = hasBegun ? limits.idleMs : limits.firstTokenMs;
    stopTimer = clock.at(lastAt + limit, () => {
      if (!isAwaited) lastAt = clock.now();
      if (clock.now() < lastAt + limit) return arm();
      timedOut = hasBegun
        ? `it fell silent for ${limit} ms in the middle of its answer`
        : `it said nothing for ${limit} ms`;
      call.abort(new Error('timeout'));
    });
  };
  arm();
  try {
    for await (const event of provider.stream(request, call.signal)) {
      isAwaited = false;
      if (!hasBegun) {
        hasBegun = true;
        if (limits.idleMs < limits.firstTokenMs) {
          stopTimer();
          arm();
        }
      }
      if (event.type === 'error' && timedOut !== null && !signal.aborted)
        yield { type: 'error', error: { class: 'timeout', message: timedOut } };
      else yield event;
      isAwaited = true;
      lastAt = clock.now();
    }
  } finally {
    stopTimer();
    signal.removeEventListener('abort', forward);
  }
}
