import type { StreamItem } from '@reeve/protocol';
import type { EventBus, ReadMark } from '../ports/bus.ts';

/** The EventBus of a single process. */
export const createEventBus = (): EventBus => {
  const topics = new Map<string, Set<(item: StreamItem) => void>>();
  const markListeners = new Set<(mark: ReadMark) => void>();
  return {
    publish(item) {
      for (const topic of [item.sessionId, '*']) {
        const listeners = topics.get(topic);
        if (listeners) for (const listener of [...listeners]) listener(item);
      }
    },
    subscribe(sessionId, listener) {
      const listeners = topics.get(sessionId) ?? new Set();
      topics.set(sessionId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && topics.get(sessionId) === listeners) topics.delete(sessionId);
      };
    },
    listeners: (sessionId) => topics.get(sessionId)?.size ?? 0,
    publishMark(mark) {
      for (const listener of [...markListeners]) listener(mark);
    },
    subscribeMarks(listener) {
      markListeners.add(listener);
      return () => markListeners.delete(listener);
    },
  };
};
