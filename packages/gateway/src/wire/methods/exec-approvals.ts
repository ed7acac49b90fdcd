import { mainAgent } from '@reeve/core';
import { type Approval, FaultError } from '@reeve/protocol';
import { approvalRefSchema, approvalResolveSchema, noParamsSchema } from '@reeve/protocol/wire';
import { commandOf, decisionOf, decisionsFor, presentApproval, warningOf } from '../approvals.ts';
import { type Call, defineMethod } from '../method.ts';

const scope = 'operator.approvals';
const listed = 200;

const pendingOnes = async ({ services, actor }: Call): Promise<Approval[]> =>
  (await services.core.approvals.list(actor, { status: 'pending', limit: listed })).filter(
    ({ mayDecide }) => mayDecide,
  );

/** Throws FaultError NOT_FOUND for one that is settled, as OpenClaw does. */
const pending = async ({ services, actor }: Call, id: string): Promise<Approval> => {
  const approval = await services.core.approvals.get(actor, id);
  if (approval.status !== 'pending') throw new FaultError('NOT_FOUND', 'unknown or expired approval id');
  return approval;
};

const keyOf = ({ names, actor }: Call, { requestedBy, sessionId }: Approval): Promise<string> =>
  names.keyOf({ tenantId: actor.tenantId, userId: requestedBy }, sessionId);

/**
 * The first answer counts. Throws what `approvals.answer` throws, and UNSUPPORTED for a leave that ends by itself:
 * written without its end it would be a wider one than was given.
 */
const answer = async (
  { services, actor }: Call,
  given: { id: string; decision: string; reason: string; grantExpiresInDays?: number | undefined },
): Promise<{ approval: Approval; isFirst: boolean }> => {
  if (given.grantExpiresInDays !== undefined)
    throw new FaultError('UNSUPPORTED', 'A leave that ends after some days is not on offer.', {
      next: 'Allow it once, or write a policy.',
    });
  return services.core.approvals.answer(actor, given.id, {
    decision: given.decision === 'deny' ? 'deny' : 'approve',
    scope: given.decision === 'allow-always' ? 'always' : 'once',
    note: given.reason,
  });
};

/** A question once it is settled or its time is over. Rejects when the socket is gone. */
const settledOne = async ({ actor, clock, connection, services }: Call, id: string): Promise<Approval> => {
  const { approvals, bus } = services.core;
  const { promise, resolve } = Promise.withResolvers<void>();
  // Before the question is read, so that no answer comes in between; and not by the session's own topic, for
  // listening there counts as a person who is present.
  const stopListening = bus.subscribe('*', (item) => {
    if (item.type === 'approval.settled' && item.data.approvalId === id) resolve();
  });
  connection.signal.addEventListener('abort', () => resolve(), { once: true });
  let stopClock = () => {};
  try {
    const before = await approvals.get(actor, id);
    if (before.status !== 'pending') return before;
    stopClock = clock.at(before.expiresAt, resolve);
    await promise;
    connection.signal.throwIfAborted();
    return await approvals.get(actor, id);
  } finally {
    stopListening();
    stopClock();
  }
};

const statuses = { approved: 'allowed', denied: 'denied', expired: 'expired', void: 'cancelled' } as const;
const reasons = { approved: 'user', denied: 'user', expired: 'timeout', void: 'run-aborted' } as const;

/** A question in the form that all kinds of them share since 2026.7. */
const snapshotOf = (approval: Approval): object => {
  const { status } = approval;
  const common = {
    id: approval.id,
    urlPath: '/approvals',
    createdAtMs: approval.createdAt,
    expiresAtMs: approval.expiresAt,
    presentation: {
      kind: 'exec',
      commandText: commandOf(approval),
      warningText: warningOf(approval),
      host: 'gateway',
      agentId: mainAgent,
      allowedDecisions: decisionsFor(approval),
    },
  };
  if (status === 'pending') return { ...common, status };
  const decision = decisionOf(approval);
  return {
    ...common,
    status: statuses[status],
    resolvedAtMs: approval.settled?.at ?? approval.expiresAt,
    ...(decision !== null && { decision }),
    reason: reasons[status],
  };
};

export const execApprovalMethods = [
  defineMethod({
    name: 'exec.approval.list',
    scope,
    params: noParamsSchema,
    handle: async (call) =>
      Promise.all(
        (await pendingOnes(call)).map(async (approval) =>
          presentApproval(approval, await keyOf(call, approval)),
        ),
      ),
  }),
  defineMethod({
    name: 'exec.approval.get',
    scope,
    params: approvalRefSchema,
    async handle(call, { id }) {
      const approval = await pending(call, id);
      return {
        id,
        commandText: commandOf(approval),
        commandPreview: null,
        allowedDecisions: decisionsFor(approval),
        host: 'gateway',
        nodeId: null,
        agentId: mainAgent,
        expiresAtMs: approval.expiresAt,
      };
    },
  }),
  defineMethod({
    name: 'exec.approval.resolve',
    scope,
    params: approvalResolveSchema,
    async handle(call, given) {
      const { approval, isFirst } = await answer(call, given);
      if (!isFirst && decisionOf(approval) !== given.decision)
        throw new FaultError('CONFLICT', `approval already resolved: ${approval.status}`, {
          next: 'The first answer counts.',
        });
      return { ok: true };
    },
  }),
  defineMethod({
    name: 'exec.approval.waitDecision',
    scope,
    params: approvalRefSchema,
    async handle(call, { id }) {
      const after = await settledOne(call, id);
      return {
        id,
        decision: decisionOf(after),
        createdAtMs: after.createdAt,
        expiresAtMs: after.expiresAt,
      };
    },
  }),
  defineMethod({
    name: 'approval.get',
    scope,
    params: approvalRefSchema,
    handle: async (call, { id }) => ({
      approval: snapshotOf(await call.services.core.approvals.get(call.actor, id)),
    }),
  }),
  defineMethod({
    name: 'approval.resolve',
    scope,
    params: approvalResolveSchema,
    async handle(call, given) {
      const { approval, isFirst } = await answer(call, given);
      return { applied: isFirst, approval: snapshotOf(approval) };
    },
  }),
];
