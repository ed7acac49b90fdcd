import {
  type Approval,
  type ApprovalAnswer,
  type ApprovalSettlement,
  type ApprovalStatus,
  approvalAnswerSchema,
  FaultError,
} from '@reeve/protocol';
import type { StoredApproval } from '../ports/approvals.ts';
import type { Clock } from '../ports/clock.ts';
import type { Engine } from '../ports/engine.ts';
import type { Store } from '../ports/store.ts';
import { type Actor, homeTenant, sameOwner } from './actor.ts';
import type { Authority } from './authority.ts';
import { isMild } from './questions.ts';

/** What a run waits for under {@link approvalSignal}. */
export const approvalSignal = (approvalId: string) => `approval ${approvalId}`;

export interface Approvals {
  /** The questions that an actor may see: their own, and those that they may answer. The newest first. */
  list(
    actor: Actor,
    filter: { status?: ApprovalStatus | undefined; sessionId?: string | undefined; limit: number },
  ): Promise<Approval[]>;
  /** Throws FaultError NOT_FOUND, also for one that the actor may not see. */
  get(actor: Actor, id: string): Promise<Approval>;
  /**
   * The first answer wins; whoever comes later gets the question as it was settled, with `isFirst` false. Throws
   * FaultError NOT_FOUND, PERMISSION_DENIED, INVALID_PARAMS (an answer that is not on offer, or a critical call
   * without a reason), APPROVAL_EXPIRED.
   */
  answer(actor: Actor, id: string, answer: ApprovalAnswer): Promise<{ approval: Approval; isFirst: boolean }>;
  /** Ends a question that can no longer be answered with yes. */
  settle(
    approval: Pick<StoredApproval, 'id' | 'sessionId' | 'runId'>,
    how: 'expired' | 'void',
    note: string,
  ): Promise<void>;
}

const withheldTexts = {
  permission: 'Only who may write policies can allow something always.',
  tenant: 'What is always allowed is for the owner of this Reeve to say.',
};

export const createApprovals = (deps: {
  store: Store;
  engine: Engine;
  clock: Clock;
  authority: Authority;
  /** Takes secrets out of a value. */
  redact: <T>(value: T) => T;
  /** Saves the policy that "always" writes. */
  savePolicy: (actor: Actor, policy: { name: string; text: string; note: string }) => Promise<void>;
}): Approvals => {
  const { store, engine, clock, authority } = deps;

  const isExpired = ({ status, expiresAt }: StoredApproval) =>
    status === 'pending' && expiresAt <= clock.now();

  const mayAnswer = (actor: Actor, approval: StoredApproval) =>
    approval.calls.every(
      ({ tool, risk }) => authority.approve(actor, { requester: approval.owner, risk, tool }).isAllowed,
    );

  /** Lower tiers only narrow, so that always needs somebody who may write policies of the tier admin. */
  const alwaysWithheld = (actor: Actor, { risk, policy }: StoredApproval): Approval['alwaysWithheld'] => {
    if (!isMild(risk)) return 'risk';
    if (policy === null) return 'calls';
    if (actor.tenantId !== homeTenant) return 'tenant';
    return authority.method(actor, 'policies.save', 'policy:manage').isAllowed ? null : 'permission';
  };

  const present = (actor: Actor, approval: StoredApproval): Approval => {
    const { owner: _owner, ...shown } = approval;
    const withheld = alwaysWithheld(actor, approval);
    const status = isExpired(approval) ? 'expired' : approval.status;
    // Only what is shown: an answer is bound to the digest of the call as it is.
    const calls = shown.calls.map(({ args, target, preview, argsShown: _argsShown, ...call }) => ({
      ...call,
      ...deps.redact({ args, target, ...(preview !== undefined && { preview }) }),
    }));
    return {
      ...shown,
      calls,
      status,
      scopes: shown.scopes.filter((scope) => scope !== 'always' || withheld === null),
      mayDecide: status === 'pending' && mayAnswer(actor, approval),
      alwaysWithheld: withheld,
    };
  };

  const find = async (actor: Actor, id: string): Promise<StoredApproval> => {
    await authority.ready();
    const approval = await store.approval(actor.tenantId, id);
    if (!approval || !(sameOwner(approval.owner, actor) || mayAnswer(actor, approval)))
      throw new FaultError('NOT_FOUND', 'There is no such question.');
    return approval;
  };

  /** True when this is the answer that counts. */
  const write = async (
    { id, sessionId, runId }: Pick<StoredApproval, 'id' | 'sessionId' | 'runId'>,
    settlement: Omit<ApprovalSettlement, 'approvalId'>,
    mark: string,
  ): Promise<boolean> => {
    const data = { ...settlement, approvalId: id };
    const key = `${id}#settled`;
    const isFirst = await store.write(async (tx) => {
      const before = await tx.eventByKey(sessionId, key);
      if (!before) await tx.append(sessionId, { type: 'approval.settled', data }, key);
      return before === null;
    });
    // Also when somebody else was first: a crash may have come between their answer and the signal.
    await engine.signal(runId, approvalSignal(id), true, mark);
    return isFirst;
  };

  const settle: Approvals['settle'] = async (approval, how, note) => {
    await write(approval, { status: how, scope: 'once', by: null, channel: 'reeve', note }, how);
  };

  return {
    async list(actor, { limit, ...filter }) {
      await authority.ready();
      // Those of others that are not for the actor must not stand in the way of those that are.
      for (let size = limit * 4; ; size *= 4) {
        const all = await store.approvals({ tenantId: actor.tenantId, limit: size, ...filter });
        const seen = all
          .filter((approval) => sameOwner(approval.owner, actor) || mayAnswer(actor, approval))
          .map((approval) => present(actor, approval))
          .filter(({ status }) => filter.status === undefined || status === filter.status);
        if (seen.length >= limit || all.length < size) return seen.slice(0, limit);
      }
    },

    get: async (actor, id) => present(actor, await find(actor, id)),

    async answer(actor, id, given) {
      const { decision, scope, note } = approvalAnswerSchema.parse(given);
      const approval = await find(actor, id);
      if (!mayAnswer(actor, approval))
        throw new FaultError('PERMISSION_DENIED', 'This question is not yours to answer.', {
          next: 'Ask somebody who may.',
        });
      if (isExpired(approval)) {
        await settle(approval, 'expired', '');
        throw new FaultError('APPROVAL_EXPIRED');
      }
      if (decision === 'approve') {
        const withheld = scope === 'always' ? alwaysWithheld(actor, approval) : null;
        if (withheld === 'permission' || withheld === 'tenant')
          throw new FaultError('PERMISSION_DENIED', withheldTexts[withheld]);
        if (!approval.scopes.includes(scope))
          throw new FaultError('INVALID_PARAMS', `The answer "${scope}" is not on offer here.`);
        if (approval.risk === 'critical' && note.trim() === '')
          throw new FaultError('INVALID_PARAMS', 'A critical call is allowed only with a reason.', {
            next: 'Say why, and answer again.',
          });
      }
      const isFirst = await write(
        approval,
        {
          status: decision === 'approve' ? 'approved' : 'denied',
          scope,
          by: actor.userId,
          channel: actor.channel,
          // It goes to the model, and stays in the journal.
          note: deps.redact(note),
        },
        'answered',
      );
      if (isFirst && decision === 'approve' && scope === 'always' && approval.policy !== null)
        await deps.savePolicy(actor, {
          name: `always-${approval.calls[0]!.tool}-${approval.requestedBy}`,
          text: approval.policy,
          note: `Answer to ${id}`,
        });
      return { approval: present(actor, await find(actor, id)), isFirst };
    },

    settle,
  };
};
