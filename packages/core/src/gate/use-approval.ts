import type { StoredApproval } from '../ports/approvals.ts';
import type { Store } from '../ports/store.ts';

const usedKey = (id: string, digest: string) => `${id} ${digest}#used`;

/** Whether another call took it. */
export const wasUsed = async (
  store: Pick<Store, 'eventByKey'>,
  { id, sessionId }: StoredApproval,
  digest: string,
  callKey: string,
): Promise<boolean> => {
  const event = await store.eventByKey(sessionId, usedKey(id, digest));
  return event?.type === 'approval.used' && event.data.callKey !== callKey;
};

/**
 * Takes what an approval allowed, for one call; false when another call took it before. The same call may come
 * again after a crash.
 */
export const useApproval = (
  store: Store,
  { id, sessionId }: StoredApproval,
  digest: string,
  callKey: string,
): Promise<boolean> =>
  store.write(async (tx) => {
    const key = usedKey(id, digest);
    const before = await tx.eventByKey(sessionId, key);
    if (before) return before.type === 'approval.used' && before.data.callKey === callKey;
    await tx.append(sessionId, { type: 'approval.used', data: { approvalId: id, digest, callKey } }, key);
    return true;
  });
