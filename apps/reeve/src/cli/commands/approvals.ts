import { wait } from '@reeve/client';
import {
  type Approval,
  type ApprovalScope,
  type ApprovalStatus,
  FaultError,
  isFaultError,
} from '@reeve/protocol';
import { type NameOf, stateOf, writePanel } from '../approval-panel.ts';
import type { CliContext, CommandRun } from '../context.ts';
import { plural, table } from '../terminal.ts';

interface ListOptions {
  status?: ApprovalStatus | 'all';
  session?: string;
  limit?: number;
}

const find = async (context: CliContext, options: ListOptions): Promise<Approval[]> => {
  const { status = 'pending', session, limit = 50 } = options;
  const client = await context.client();
  const { approvals } = await client.approvals.list(
    { limit, ...(status !== 'all' && { status }), ...(session && { sessionId: session }) },
    { signal: context.io.signal },
  );
  return approvals;
};

/** Names instead of ids, from one look at the people there are; ids where they may not be listed. */
const names = async (context: CliContext): Promise<NameOf> => {
  const client = await context.client();
  const { people } = await client.people
    .list(undefined, { signal: context.io.signal })
    .catch((error: unknown) => {
      if (isFaultError(error) && error.fault.code === 'PERMISSION_DENIED') return { people: [] };
      throw error;
    });
  return (userId) => people.find(({ id }) => id === userId)?.name ?? userId;
};

/** Whether somebody sits at a terminal who can be asked. */
const canAsk = ({ io, out, isJson }: CliContext): boolean => io.stdin.isTTY === true && out.isTty && !isJson;

export const list: CommandRun<[ListOptions]> = async (context, options) => {
  const approvals = await find(context, options);
  const now = Date.now();
  const nameOf = approvals.length === 0 || context.isJson ? undefined : await names(context);
  context.print({ approvals }, () =>
    approvals.length === 0
      ? 'No question.'
      : table(
          ['ID', 'RISK', 'CALLS', 'ASKED FOR', 'SESSION', 'STATE'],
          approvals.map((approval) => [
            approval.id,
            approval.risk,
            approval.calls.map(({ tool, target }) => `${tool}${target && ` ${target}`}`).join(', '),
            nameOf?.(approval.requestedBy) ?? approval.requestedBy,
            approval.sessionId,
            stateOf(approval, now, nameOf),
          ]),
        ),
  );
};

/** At a terminal: one question after the other. Elsewhere the list. */
export const run: CommandRun<[]> = async (context) => {
  if (!canAsk(context)) return list(context, {});
  const waiting = (await find(context, {})).filter(({ mayDecide }) => mayDecide);
  if (waiting.length === 0) context.out.line('No question waits for you.');
  const client = await context.client();
  const { askApproval } = await import('../ask-approval.ts');
  const nameOf = await names(context);
  for (const approval of waiting) if (!(await askApproval(context, client, approval, nameOf))) break;
};

export const show: CommandRun<[string]> = async (context, id) => {
  const client = await context.client();
  const approval = await client.approvals.get({ id }, { signal: context.io.signal });
  if (context.isJson) context.out.json(approval);
  else writePanel(context.out, approval, { now: Date.now(), isWhole: true, nameOf: await names(context) });
};

interface AnswerOptions {
  approve?: boolean;
  deny?: boolean;
  scope?: ApprovalScope;
  note?: string;
}

export const answer: CommandRun<[string, AnswerOptions]> = async (context, id, options) => {
  const client = await context.client();
  const { signal } = context.io;
  const { approve, deny, scope = 'once', note = '' } = options;
  const nameOf = context.isJson ? undefined : await names(context);
  if (!approve && !deny) {
    if (!canAsk(context))
      throw new FaultError('INVALID_PARAMS', 'There is no terminal to ask at.', {
        next: 'Say --approve or --deny.',
      });
    const approval = await client.approvals.get({ id }, { signal });
    if (approval.status !== 'pending' || !approval.mayDecide) {
      writePanel(context.out, approval, { now: Date.now(), isWhole: false, ...(nameOf && { nameOf }) });
      return 1;
    }
    const { askApproval } = await import('../ask-approval.ts');
    return (await askApproval(context, client, approval, nameOf)) ? 0 : 1;
  }
  const decision = approve ? ('approve' as const) : ('deny' as const);
  const result = await client.approvals.answer({ id, decision, scope, note }, { signal });
  context.print(result, () => {
    const { approval, isFirst } = result;
    const said = `${id}: ${stateOf(approval, Date.now(), nameOf)}`;
    if (!isFirst) return `${said} (somebody was faster)`;
    return decision === 'approve' && scope === 'always' ? `${said}\n${approval.policy ?? ''}` : said;
  });
  const wanted = decision === 'approve' ? 'approved' : 'denied';
  return result.approval.status === wanted ? 0 : 1;
};

/** How often is looked for new questions, ms. */
const pollMs = 2_000;

/** Asks as questions come, until it is stopped. With --json each new one is printed and nobody is asked. */
export const watch: CommandRun<[ListOptions]> = async (context, options) => {
  const { io, out, err } = context;
  const isAsking = canAsk(context);
  if (!isAsking && !context.isJson)
    throw new FaultError('INVALID_PARAMS', 'There is no terminal to ask at.', {
      next: 'Use --json to be told of questions.',
    });
  const client = await context.client();
  const { askApproval } = await import('../ask-approval.ts');
  const seen = new Set<string>();
  if (isAsking) err.line('Waiting for questions; Ctrl-C ends it.');
  while (!io.signal.aborted) {
    const waiting = (await find(context, options)).filter(({ id, mayDecide }) => mayDecide && !seen.has(id));
    for (const approval of waiting.reverse()) {
      seen.add(approval.id);
      if (!isAsking) out.json(approval);
      else if (!(await askApproval(context, client, approval))) return;
    }
    await (io.wait ?? wait)(pollMs, io.signal).catch(() => {});
  }
  if (isAsking) err.line(`Saw ${plural(seen.size, 'question')}.`);
};
