import type { Core, Log } from '@reeve/core';
import { mainAgent } from '@reeve/core';
import { type Approval, isFaultError, type StreamItem } from '@reeve/protocol';
import { satisfiesScope } from '@reeve/protocol/wire';
import type { Connection } from './connection.ts';
import type { SessionNames } from './names.ts';

type Decision = 'allow-once' | 'allow-always' | 'deny';

/** The answers that a client may give. A critical call needs a reason, for which OpenClaw's clients have no field. */
export const decisionsFor = ({ risk, scopes }: Approval): Decision[] => {
  if (risk === 'critical') return ['deny'];
  return scopes.includes('always') ? ['allow-once', 'allow-always', 'deny'] : ['allow-once', 'deny'];
};

/** Null for a question that nobody answered. */
export const decisionOf = ({ status, settled }: Approval): Decision | null => {
  if (status === 'denied') return 'deny';
  if (status !== 'approved') return null;
  return settled?.scope === 'always' ? 'allow-always' : 'allow-once';
};

/** The exact calls, one a line. Never empty. */
export const commandOf = ({ calls }: Approval): string =>
  calls.map(({ tool, args }) => `${tool} ${JSON.stringify(args)}`).join('\n');

export const warningOf = ({ risk, calls }: Approval): string => {
  const rules = [...new Set(calls.flatMap((call) => call.rules))].join('; ');
  const how =
    risk === 'critical' ? ' It is allowed only with a reason, which a page or a terminal takes.' : '';
  return `Risk ${risk}${rules === '' ? '' : `: ${rules}`}.${how}`;
};

/** A question in OpenClaw's form of a command that waits to be run. */
export const presentApproval = (approval: Approval, sessionKey: string) => ({
  id: approval.id,
  request: {
    command: commandOf(approval),
    cwd: null,
    host: 'gateway',
    security: null,
    ask: 'always',
    warningText: warningOf(approval),
    ...(!decisionsFor(approval).includes('allow-always') && {
      unavailableDecisions: ['allow-always'] as const,
    }),
    agentId: mainAgent,
    resolvedPath: null,
    sessionKey,
    sessionId: approval.sessionId,
    turnSourceChannel: approval.channel,
  },
  createdAtMs: approval.createdAt,
  expiresAtMs: approval.expiresAt,
});

/**
 * Tells sockets with the scope for it of questions that their people may answer, and of how those ended. The result
 * ends it.
 */
export const tellApprovals = (deps: {
  core: Pick<Core, 'approvals' | 'bus'>;
  names: SessionNames;
  log: Log;
  connections: () => Iterable<Connection>;
}): (() => void) => {
  const { core, names } = deps;

  const tell = async (
    connection: Connection,
    item: Extract<StreamItem, { type: 'approval.requested' | 'approval.settled' }>,
  ): Promise<void> => {
    const { actor } = connection.principal;
    const approval = await core.approvals.get(actor, item.data.approvalId).catch((error: unknown) => {
      if (isFaultError(error) && error.fault.code === 'NOT_FOUND') return null;
      throw error;
    });
    // It is none of this person's business.
    if (!approval) return;
    const owner = { tenantId: actor.tenantId, userId: approval.requestedBy };
    const shown = presentApproval(approval, await names.keyOf(owner, approval.sessionId));
    if (item.type === 'approval.requested') {
      if (approval.mayDecide) connection.event('exec.approval.requested', JSON.stringify(shown));
      return;
    }
    const resolved = {
      id: approval.id,
      decision: decisionOf(approval),
      resolvedBy: approval.settled?.by ?? null,
      ts: item.at,
      request: shown.request,
    };
    connection.event('exec.approval.resolved', JSON.stringify(resolved));
  };

  return core.bus.subscribe('*', (item) => {
    if (item.type !== 'approval.requested' && item.type !== 'approval.settled') return;
    for (const connection of deps.connections())
      if (satisfiesScope(connection.scopes, 'operator.approvals'))
        tell(connection, item).catch((err: unknown) =>
          deps.log.error({ connection: connection.id, err }, 'a question could not be told'),
        );
  });
};
