import type { Approval, ApprovalAnswer } from '@reeve/protocol';
import { createStore, useStore } from '../lib/store.ts';
import { client, faultOf, isSignedOut } from './client.ts';
import { whileVisible } from './connection.ts';

/** Questions that wait for an answer, the newest first; null until they are known. */
export const pending = createStore<readonly Approval[] | null>(null);

/** Whether this account may see questions at all; null until that is known. Whoever may not never asks for them. */
const maySee = createStore<boolean | null>(null);
isSignedOut.subscribe(() => maySee.set(null));
export const useMaySeeApprovals = (): boolean | null => useStore(maySee);

/** Other people's sessions do not tell; their questions are asked for. */
const pollMs = 10_000;
let isAsking = false;
let isAskedAgain = false;

/** Asks what waits; once more when something happened meanwhile. */
export const refreshPending = async (): Promise<void> => {
  if (isAsking) {
    isAskedAgain = true;
    return;
  }
  isAsking = true;
  try {
    maySee.set(maySee.get() ?? (await client.account.get()).permissions.includes('approval:read'));
    pending.set(
      maySee.get() ? (await client.approvals.list({ status: 'pending', limit: 200 })).approvals : [],
    );
  } catch (error) {
    // Whoever may not see questions has none; a connection that broke is shown by its banner.
    if (faultOf(error).code === 'PERMISSION_DENIED') {
      maySee.set(false);
      pending.set([]);
    }
  } finally {
    isAsking = false;
  }
  if (isAskedAgain) {
    isAskedAgain = false;
    await refreshPending();
  }
};

/** Follows what waits as long as the page is looked at. */
export const followPending = (): (() => void) =>
  whileVisible(async (signal) => {
    void refreshPending();
    const timer = setInterval(() => void refreshPending(), pollMs);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  });

/** Questions this account is asked, and those it only sees waiting. */
export const usePending = (): readonly Approval[] | null => useStore(pending);

/** Throws FaultError. */
export const answerApproval = async (
  id: string,
  answer: ApprovalAnswer,
): Promise<{ approval: Approval; isFirst: boolean }> => {
  const answered = await client.approvals.answer({ id, ...answer });
  pending.set((list) => list?.filter((one) => one.id !== id) ?? null);
  return answered;
};
