import { FaultError } from '@reeve/protocol';
import { noParamsSchema, type OperatorScope } from '@reeve/protocol/wire';
import { type Call, defineMethod } from '../method.ts';

/** Asks for things of which this Reeve has none: the true answer is an empty list. */
const noneOf = (name: string, scope: OperatorScope, answer: (call: Call) => object) =>
  defineMethod({ name, scope, params: noParamsSchema, handle: async (call) => answer(call) });

/** Wants something done to what does not exist here. */
const cannot = (name: string, scope: OperatorScope, why: string, next: string) =>
  defineMethod({
    name,
    scope,
    params: noParamsSchema,
    handle: () => Promise.reject(new FaultError('UNSUPPORTED', why, { next })),
  });

export const noneYetMethods = [
  noneOf('question.list', 'operator.questions', () => ({ questions: [] })),
  noneOf('plugin.approval.list', 'operator.approvals', () => []),
  noneOf('taskSuggestions.list', 'operator.read', () => ({ suggestions: [] })),
  noneOf('node.list', 'operator.read', ({ clock }) => ({ ts: clock.now(), nodes: [] })),
  noneOf('channels.status', 'operator.read', ({ clock }) => ({
    ts: clock.now(),
    channelOrder: [],
    channelLabels: {},
    channels: {},
    channelAccounts: {},
    channelDefaultAccountId: {},
  })),
  cannot(
    'channels.logout',
    'operator.admin',
    'No channel is connected to this Reeve.',
    'See channels.status for what is connected.',
  ),
  cannot(
    'exec.approval.request',
    'operator.approvals',
    'Reeve asks about its own calls only: an answer binds nothing that somebody else runs.',
    'See exec.approval.list for what is asked.',
  ),
  cannot('node.invoke', 'operator.admin', 'No node is connected to this Reeve.', 'See node.list.'),
  cannot(
    'system.check_update',
    'operator.admin',
    'Reeve asks nobody about new versions.',
    'Compare system.version with the releases by hand.',
  ),
  cannot(
    'system.update',
    'operator.admin',
    'Reeve does not replace itself.',
    'Install the new version and start it on the same data folder.',
  ),
];
