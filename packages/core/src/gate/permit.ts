import { type Fault, fault } from '@reeve/protocol';
import type { StoredApproval } from '../ports/approvals.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Approvals } from './approvals.ts';
import type { Authority, CallFacts } from './authority.ts';
import type { Asker, Questions } from './questions.ts';
import { wasUsed } from './use-approval.ts';

/** Whether a call may be made now, and on whose word. `ask` = a person has to be asked first. */
export type Permit =
  | { status: 'allowed'; why: string; approval: StoredApproval | null }
  | { status: 'ask'; why: string; policies: string[] }
  | { status: 'refused'; why: string; fault: Fault };

export interface PermitDeps {
  store: Store;
  clock: Clock;
  authority: Authority;
  questions: Questions;
  approvals: Pick<Approvals, 'settle'>;
}

/**
 * The policies' word, and where that is "ask", the answer of a person to exactly this call. Reads what is durable
 * alone, so that a second execution after a crash comes to the same end.
 */
export const permit = async (
  deps: PermitDeps,
  { actor, sessionId, runId }: Asker,
  callKey: string,
  facts: CallFacts,
): Promise<Permit> => {
  const { call, unattended } = deps.authority.call(actor, facts);
  if (!call.isAllowed)
    return { status: 'refused', why: `deny: ${call.policies.join('; ')}`, fault: fault('GOV_DENIED') };
  // What was asked about this very call counts, also where it need not be asked any more: a no stays a no.
  const own = await deps.store.approvalOfCall(actor.tenantId, runId, callKey);
  if (own) return byApproval(deps, own, callKey, facts);
  if (unattended.isAllowed)
    return { status: 'allowed', why: `allow: ${unattended.policies.join('; ')}`, approval: null };
  const given = await deps.store.approvalFor(sessionId, runId, facts.digest);
  if (given && !(await wasUsed(deps.store, given, facts.digest, callKey)))
    return { status: 'allowed', why: said(given), approval: given };
  const grant = await deps.questions.sessionGrant(sessionId, facts);
  if (grant) return { status: 'allowed', why: `${said(grant)} for this session`, approval: null };
  return { status: 'ask', why: `ask: ${unattended.policies.join('; ')}`, policies: unattended.policies };
};

const said = ({ id, settled }: StoredApproval) => `approved by ${settled?.by ?? 'nobody'} (${id})`;

const byApproval = async (
  deps: PermitDeps,
  approval: StoredApproval,
  callKey: string,
  facts: CallFacts,
): Promise<Permit> => {
  const refuse = (code: Parameters<typeof fault>[0], message?: string): Permit => ({
    status: 'refused',
    why: `${approval.status}: ${approval.id}`,
    fault: fault(code, message),
  });
  const asked = approval.calls.find((one) => one.callKey === callKey)!;
  switch (approval.status) {
    case 'approved':
      return asked.digest === facts.digest
        ? { status: 'allowed', why: said(approval), approval: null }
        : refuse('APPROVAL_VOID');
    case 'denied': {
      const note = approval.settled?.note.trim();
      return refuse('APPROVAL_DENIED', note ? `A person said no to this, and: ${note}` : undefined);
    }
    case 'void':
      return refuse('APPROVAL_VOID');
    case 'expired':
      return refuse('APPROVAL_EXPIRED');
    case 'pending':
      if (asked.digest !== facts.digest) {
        await deps.approvals.settle(approval, 'void', 'What it asked about has changed.');
        return refuse('APPROVAL_VOID');
      }
      if (approval.expiresAt <= deps.clock.now()) {
        await deps.approvals.settle(approval, 'expired', '');
        return refuse('APPROVAL_EXPIRED');
      }
      return { status: 'ask', why: `waits: ${approval.id}`, policies: approval.policies };
  }
};
