import type { EventBus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';

/** Fragments that come within this time travel together: below what an eye sees, and far cheaper than one by one. */
const coalesceMs = 20;

/** What running answers look like so far: the source of live fragments, and of the catch-up after a reconnect. */
export interface LiveTexts {
  open(sessionId: string, runId: string, messageId: string, isResumed: boolean): LiveText;
  /** The unfinished answers of a session. */
  of(sessionId: string): { runId: string; messageId: string; text: string }[];
}

export interface LiveText {
  add(delta: string): void;
  addReasoning(delta: string): void;
  restart(): void;
  /** Publishes what is left. The durable answer follows. */
  close(): void;
}

export const createLiveTexts = (bus: EventBus, clock: Clock): LiveTexts => {
  const live = new Map<string, Map<string, { runId: string; messageId: string; text: string }>>();
  return {
    of: (sessionId) => [...(live.get(sessionId)?.values() ?? [])],
    open(sessionId, runId, messageId, isResumed) {
      const entry = { runId, messageId, text: '' };
      const entries = live.get(sessionId) ?? new Map();
      live.set(sessionId, entries.set(messageId, entry));
      let pending = '';
      let pendingReasoning = '';
      let stop: (() => void) | undefined;

      const publish = () => {
        stop?.();
        stop = undefined;
        if (pendingReasoning !== '') {
          const text = pendingReasoning;
          pendingReasoning = '';
          bus.publish({ sessionId, type: 'reasoning.delta', data: { runId, messageId, text } });
        }
        if (pending !== '') {
          const text = pending;
          pending = '';
          entry.text += text;
          bus.publish({ sessionId, type: 'message.delta', data: { runId, messageId, text } });
        }
      };
      const replace = (why: 'fallback' | 'resumed') =>
        bus.publish({
          sessionId,
          type: 'message.replaced',
          data: { runId, messageId, text: entry.text, why },
        });
      if (isResumed) replace('resumed');

      const later = () => {
        // The first words go out at once: they are what the user waits for.
        if (entry.text === '' && pending !== '') publish();
        else stop ??= clock.at(clock.now() + coalesceMs, publish);
      };
      return {
        add(delta) {
          pending += delta;
          later();
        },
        addReasoning(delta) {
          pendingReasoning += delta;
          later();
        },
        restart() {
          pending = '';
          pendingReasoning = '';
          if (entry.text === '') return;
          entry.text = '';
          replace('fallback');
        },
        close() {
          publish();
          entries.delete(messageId);
          if (entries.size === 0 && live.get(sessionId) === entries) live.delete(sessionId);
        },
      };
    },
  };
};
