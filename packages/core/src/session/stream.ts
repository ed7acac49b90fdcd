import { FaultError, isDurable, type StreamItem } from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { EventBus } from '../ports/bus.ts';
import type { Store } from '../ports/store.ts';
import type { LiveTexts } from '../run/live-text.ts';
import type { ReadMarks } from './read-marks.ts';

export interface StreamQuery {
  sessionId: string;
  /** Sequence number already known; undefined = only what is to come. */
  after?: number | undefined;
  /** The stream ends with the end of this run, or of the run that absorbed it. */
  runId?: string | undefined;
}

const pageSize = 500;
/** Items that may wait for a slow reader; beyond, fragments are dropped and facts read again from the journal. */
const bufferLimit = 1_000;

/** Whether an item is the last word on a run; for an absorbed one the run to follow instead. */
export const endOfRun = (item: StreamItem, runId: string): { isEnd: boolean; follow?: string } => {
  if (item.type === 'run.finished' && item.data.runId === runId) {
    return item.data.absorbedBy === undefined
      ? { isEnd: true }
      : { isEnd: false, follow: item.data.absorbedBy };
  }
  return { isEnd: item.type === 'command.answered' && item.data.messageId === runId };
};

/**
 * A session's events: those of the journal after `after`, the text of answers under way, then everything as it
 * happens. Durable events come in order, each exactly once; fragments are best effort. Ends when `signal` aborts.
 */
export const createStreams = (deps: {
  store: Store;
  bus: EventBus;
  live: LiveTexts;
  readMarks: Pick<ReadMarks, 'moveLater'>;
}) => {
  const { store, bus, live, readMarks } = deps;

  async function* read(
    actor: Actor,
    query: StreamQuery & { after: number },
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem> {
    const { sessionId } = query;
    let { after, runId } = query;
    let buffer: StreamItem[] = [];
    let hasOverflown = false;
    let wake: (() => void) | undefined;
    const unsubscribe = bus.subscribe(sessionId, (item) => {
      if (buffer.length >= bufferLimit) {
        buffer = [];
        hasOverflown = true;
      }
      buffer.push(item);
      wake?.();
    });
    const aborted = () => wake?.();
    signal.addEventListener('abort', aborted, { once: true });
    /** The item, and whether it is the last. */
    const pass = (item: StreamItem): boolean => {
      if (isDurable(item)) after = item.seq;
      if (runId === undefined) return false;
      const { isEnd, follow } = endOfRun(item, runId);
      runId = follow ?? runId;
      // Whoever waited for this run has its answer.
      if (isEnd) readMarks.moveLater(actor, sessionId, after);
      return isEnd;
    };
    try {
      for (;;) {
        while (store.mayHaveEvents(sessionId, after)) {
          const events = await store.events(sessionId, after, pageSize);
          for (const event of events) {
            const isLast = pass(event);
            yield event;
            if (isLast) return;
          }
          if (events.length < pageSize) break;
        }
        for (const text of live.of(sessionId)) {
          if (text.text !== '')
            yield { sessionId, type: 'message.replaced', data: { ...text, why: 'reconnected' } };
        }
        buffer = buffer.filter((item) => isDurable(item) && item.seq > after);
        hasOverflown = false;
        while (!hasOverflown && !signal.aborted) {
          const item = buffer.shift();
          if (!item) {
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (signal.aborted) resolve();
            });
            wake = undefined;
            continue;
          }
          if (isDurable(item) && item.seq <= after) continue;
          // A hole means that something was missed: the journal has it.
          if (isDurable(item) && item.seq > after + 1) break;
          const isLast = pass(item);
          yield item;
          if (isLast) return;
        }
        if (signal.aborted) return;
      }
    } finally {
      unsubscribe();
      signal.removeEventListener('abort', aborted);
      void store.write((tx) => tx.markDelivered(sessionId, after), { isLazy: true }).catch(() => {});
    }
  }

  return {
    /** Throws FaultError NOT_FOUND for a session that is not the actor's. */
    async open(actor: Actor, query: StreamQuery, signal: AbortSignal): Promise<AsyncGenerator<StreamItem>> {
      const session = await store.session(actor, query.sessionId);
      if (!session) throw new FaultError('NOT_FOUND', 'There is no such session.');
      return read(actor, { ...query, after: query.after ?? session.lastSeq }, signal);
    },
  };
};

export type Streams = ReturnType<typeof createStreams>;
