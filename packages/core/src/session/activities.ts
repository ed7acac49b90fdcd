import { type Activity, activityOf } from '@reeve/protocol';
import type { EventBus } from '../ports/bus.ts';

/** What the running answer of each session does, for whoever comes in the middle of it. */
export const createActivities = (bus: EventBus) => {
  const activities = new Map<string, Activity>();
  const listeners = new Set<(sessionId: string) => void>();
  bus.subscribe('*', (item) => {
    if (item.type === 'run.finished' || item.type === 'session.deleted') {
      activities.delete(item.sessionId);
      return;
    }
    const activity = activityOf(item);
    const before = activities.get(item.sessionId);
    // A run's beginning is written with what comes next, and may be told after its first words.
    if (item.type === 'run.started' && before && before.phase !== 'queued') return;
    if (!activity || (before?.phase === activity.phase && before.detail === activity.detail)) return;
    activities.set(item.sessionId, activity);
    for (const listener of [...listeners]) listener(item.sessionId);
  });
  return {
    of: (sessionId: string): Activity | undefined => activities.get(sessionId),
    /** Called with a session whose answer does something else now. */
    subscribe(listener: (sessionId: string) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
