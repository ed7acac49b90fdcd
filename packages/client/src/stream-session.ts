import { type Fault, FaultError, isDurable, type StreamItem } from '@reeve/protocol';
import { backOffMs, wait as realWait, type Wait } from './back-off.ts';
import type { ReeveClient } from './client.ts';
import { isTransient, toFaultError } from './faults.ts';

export interface Reconnect {
  /** 1 for the first try after a connection that worked. */
  attempt: number;
  waitMs: number;
  /** Why the connection ended; null when the gateway closed it in order. */
  fault: Fault | null;
}

export interface StreamSessionOptions {
  sessionId: string;
  /** Sequence number of the last durable event known already; absent: from now on. */
  after?: number;
  /** End when this run (or slash command) has ended. */
  runId?: string;
  signal?: AbortSignal;
  onReconnect?: (reconnect: Reconnect) => void;
  /** Faults after which to try again; by default those that pass by themselves. */
  shouldRetry?: (fault: Fault, attempt: number) => boolean;
  wait?: Wait;
  random?: () => number;
}

/**
 * A session's events, over as many connections as it takes. Durable events come exactly once, in order and without
 * a gap; fragments come as they come. Ends with the run when `runId` is given, otherwise only by abort (it then
 * returns) or by a fault that waiting does not mend (it then throws FaultError). Leaving the loop closes the
 * connection.
 */
export async function* streamSession(
  client: ReeveClient,
  options: StreamSessionOptions,
): AsyncGenerator<StreamItem, void, void> {
  const {
    sessionId,
    runId,
    signal,
    onReconnect,
    shouldRetry = isTransient,
    wait = realWait,
    random = Math.random,
  } = options;
  let known = options.after;
  let attempt = 0;
  let hadGap = false;
  let closedEmpty = 0;

  while (!signal?.aborted) {
    let fault: Fault | null = null;
    let received = 0;
    try {
      const items = await client.chat.stream(
        { sessionId, ...(known !== undefined && { after: known }), ...(runId && { runId }) },
        signal ? { signal } : {},
      );
      for await (const item of items) {
        received++;
        attempt = 0;
        if (isDurable(item)) {
          if (known !== undefined && item.seq <= known) continue;
          if (known !== undefined && item.seq > known + 1) {
            if (hadGap)
              throw new FaultError(
                'PROTOCOL_ERROR',
                `The stream of ${sessionId} leaves out event ${known + 1}.`,
              );
            hadGap = true;
            break;
          }
          known = item.seq;
          hadGap = false;
        }
        yield item;
        if (runId && endsRun(item, runId)) return;
      }
    } catch (error) {
      if (signal?.aborted) return;
      const failure = toFaultError(error);
      fault = failure.fault;
      if (!shouldRetry(fault, attempt + 1)) throw failure;
    }
    // A run that had ended before `after` gives a stream that closes at once; a gateway that stops gives one such at most.
    closedEmpty = fault || received ? 0 : closedEmpty + 1;
    if (runId && closedEmpty === 2) return;

    attempt++;
    const waitMs = Math.max(backOffMs(attempt, random), fault?.retryAfterMs ?? 0);
    onReconnect?.({ attempt, waitMs, fault });
    try {
      await wait(waitMs, signal);
    } catch (error) {
      if (signal?.aborted) return;
      throw error;
    }
  }
}

const endsRun = (item: StreamItem, runId: string): boolean =>
  (item.type === 'run.finished' && item.data.runId === runId) ||
  (item.type === 'command.answered' && item.data.messageId === runId);
