import type { Store, Turn } from '../ports/store.ts';
import { finishedKey } from './turn.ts';

/**
 * Messages sent with queue mode `steer` while this run was busy join it: each gets its place in the conversation
 * here, and the run that waited for it ends as absorbed. Returns their ids.
 */
export const takeSteering = async (store: Store, turn: Turn): Promise<string[]> => {
  const isSteering = (other: Turn) =>
    other.state === 'queued' && other.queueMode === 'steer' && other.runId !== turn.runId;
  if (!(await store.openTurns(turn.sessionId)).some(isSteering)) return [];
  return store.write(async (tx) => {
    const joining = (await tx.openTurns(turn.sessionId)).filter(isSteering);
    for (const other of joining) {
      await tx.append(turn.sessionId, {
        type: 'message.steered',
        data: { messageId: other.messageId, runId: turn.runId },
      });
      await tx.append(
        turn.sessionId,
        { type: 'run.finished', data: { runId: other.runId, outcome: 'absorbed', absorbedBy: turn.runId } },
        finishedKey(other.runId),
      );
    }
    return joining.map((other) => other.messageId);
  });
};
