import {
  type Approval,
  type ApprovalScope,
  approvalScopeSchema,
  FaultError,
  type SlashCommandName,
} from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { Approvals } from '../gate/approvals.ts';
import { cutMiddle } from '../gate/output.ts';
import type { Clock } from '../ports/clock.ts';
import type { CommandTexts } from './command-texts/index.ts';
import type { CommandCall, CommandHandler } from './commands.ts';

const listed = 10;
/** Characters of a call's arguments in a list; the question alone shows more of them. */
const shortArgs = 300;
const longArgs = 8_000;

const idPattern = /^apr_\w+$/;

/** The slash commands about questions: which wait, yes, no. */
export const createApprovalCommands = ({ approvals, clock }: { approvals: Approvals; clock: Clock }) => {
  const show = (approval: Approval, { gate }: CommandTexts, argsLimit: number): string => {
    const { id, risk, status, settled, scopes, policy, expiresAt } = approval;
    const head = gate.question(id, gate.risks[risk] ?? risk, approval.requestedBy);
    const state =
      status === 'pending'
        ? gate.waits(timeLeft(expiresAt - clock.now()))
        : gate.settled(status, settled?.by ?? null);
    const rules = [...new Set(approval.calls.flatMap((call) => call.rules))];
    return [
      `**${head}; ${state}**`,
      ...approval.calls.map(({ tool, args, preview }) =>
        [
          `- \`${tool}\` \`${cut(JSON.stringify(args), argsLimit)}\``,
          ...(preview === undefined ? [] : ['```diff', cut(preview, argsLimit), '```']),
        ].join('\n'),
      ),
      ...(rules.length > 0 ? [gate.because(rules.join('; '))] : []),
      ...(status === 'pending' && approval.mayDecide
        ? [
            ...(scopes.includes('always') && policy !== null ? [gate.wouldWrite, fenced(policy)] : []),
            ...(risk === 'critical' ? [gate.reasonNeeded] : []),
            gate.waysToAnswer(id, scopes.join(' | ')),
          ]
        : status === 'pending'
          ? [gate.notYours]
          : []),
    ].join('\n');
  };

  /** The question that an answer without an id is about: the only one of this session that waits for it. */
  const onlyOne = async ({ actor, session, texts: { gate } }: CommandCall): Promise<string> => {
    const pending = await approvals.list(actor, { status: 'pending', sessionId: session.id, limit: listed });
    const own = pending.filter(({ mayDecide }) => mayDecide);
    if (own.length === 0) throw new FaultError('NOT_FOUND', gate.noQuestionHere, { next: gate.seeApprovals });
    if (own.length > 1)
      throw new FaultError('INVALID_PARAMS', gate.severalWait(own.map(({ id }) => id).join(', ')), {
        next: gate.nameOne,
      });
    return own[0]!.id;
  };

  const answer = async (
    actor: Actor,
    id: string,
    { decision, scope, note }: { decision: 'approve' | 'deny'; scope: ApprovalScope; note: string },
    { gate }: CommandTexts,
  ): Promise<string> => {
    const { approval, isFirst } = await approvals.answer(actor, id, { decision, scope, note });
    if (!isFirst) return `${id}: ${gate.settled(approval.status, approval.settled?.by ?? null)}.`;
    const calls = approval.calls.map(({ tool }) => tool).join(', ');
    if (decision === 'deny') return gate.refused(calls);
    if (scope === 'always') return [gate.wrotePolicy, fenced(approval.policy ?? '')].join('\n');
    return scope === 'session' ? gate.allowedForSession(calls) : gate.allowed(calls);
  };

  return {
    async approvals({ actor, rest, texts }) {
      if (rest !== '') return show(await approvals.get(actor, rest), texts, longArgs);
      const pending = await approvals.list(actor, { status: 'pending', limit: listed });
      return pending.length === 0
        ? texts.gate.nothingAsked
        : pending.map((approval) => show(approval, texts, shortArgs)).join('\n\n');
    },

    async approve(call) {
      const { id, rest } = splitId(call.rest);
      const [first = ''] = rest.split(/\s/, 1);
      const named = approvalScopeSchema.safeParse(first.toLowerCase());
      const note = (named.success ? rest.slice(first.length) : rest).trim();
      const scope = named.success ? named.data : 'once';
      return answer(
        call.actor,
        id ?? (await onlyOne(call)),
        { decision: 'approve', scope, note },
        call.texts,
      );
    },

    async deny(call) {
      const { id, rest } = splitId(call.rest);
      return answer(
        call.actor,
        id ?? (await onlyOne(call)),
        { decision: 'deny', scope: 'once', note: rest },
        call.texts,
      );
    },
  } satisfies Partial<Record<SlashCommandName, CommandHandler>>;
};

const splitId = (text: string): { id: string | null; rest: string } => {
  const [first = ''] = text.split(/\s/, 1);
  return idPattern.test(first)
    ? { id: first, rest: text.slice(first.length).trim() }
    : { id: null, rest: text };
};

const cut = (text: string, limit: number): string => cutMiddle(text, (omitted) => ` … ${omitted} … `, limit);

const fenced = (policy: string): string => `\`\`\`cedar\n${policy.trim()}\n\`\`\``;

const timeLeft = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
};
