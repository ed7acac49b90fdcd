import type { Approval, Risk, StreamItem } from '@reeve/protocol';
import { type Style, safeLine, showDuration, showTime, type Terminal } from './terminal.ts';

/** What each risk means for whoever has to decide. */
const risks: Record<Risk, { style: Style; means: string }> = {
  low: { style: 'green', means: 'reads, or changes what is easily put back' },
  medium: { style: 'yellow', means: 'changes something of yours' },
  high: { style: 'red', means: 'reaches others, or is hard to undo' },
  critical: { style: ['bold', 'white', 'bgRed'], means: 'cannot be undone; it needs a reason' },
};

/** Characters and lines of a call's arguments before they are cut; `v` shows all. */
const shownArgs = { characters: 1_200, lines: 20 };

/** What a person is called, by id. */
export type NameOf = (userId: string) => string;
/** Where nobody knows names. */
export const asItIs: NameOf = (userId) => userId;

/** A question as a block of lines: the exact calls, what makes them risky, and who asks. */
export const writePanel = (
  out: Terminal,
  approval: Approval,
  { now, isWhole, nameOf = asItIs }: { now: number; isWhole: boolean; nameOf?: NameOf },
): void => {
  const { style, means } = risks[approval.risk];
  const row = (...parts: Parameters<Terminal['writeStyled']>) => out.writeStyled('│ ', ...parts, '\n');
  out.writeStyled(
    '┌ ',
    out.style('bold', approval.calls.map(({ tool }) => tool).join(', ')),
    '  ',
    out.style(style, ` ${approval.risk} risk `),
    ` ${means}\n`,
  );
  row(
    `${approval.id}, asked for ${safeLine(nameOf(approval.requestedBy), 100)} on ${approval.channel}, session ${approval.sessionId}`,
  );
  for (const call of approval.calls) {
    row(out.style('bold', call.tool), call.target === '' ? '' : ` -> ${safeLine(call.target, 120)}`);
    for (const line of cutLines(JSON.stringify(call.args, null, 2), isWhole)) row(`  ${line}`);
    if (call.preview !== undefined)
      for (const line of cutLines(call.preview, isWhole))
        row(
          '  ',
          line.startsWith('+')
            ? out.style('green', line)
            : line.startsWith('-')
              ? out.style('red', line)
              : line,
        );
  }
  const rules = [...new Set(approval.calls.flatMap((call) => call.rules))];
  if (rules.length > 0) row('Risky because: ', rules.join('; '));
  if (approval.policies.length > 0) row('Asked because of: ', approval.policies.join('; '));
  out.writeStyled('└ ', out.style('dim', stateOf(approval, now, nameOf)), '\n');
};

/** What became of a question, or how long it waits. */
export const stateOf = (
  { status, settled, expiresAt }: Approval,
  now: number,
  nameOf: NameOf = asItIs,
): string => {
  if (status === 'pending') return `no answer is a no in ${showDuration(Math.max(0, expiresAt - now))}`;
  const by = settled?.by ? ` by ${nameOf(settled.by)}` : '';
  const note = settled?.note ? `: ${settled.note}` : '';
  return `${status}${by}${settled ? `, ${showTime(settled.at)}` : ''}${note}`;
};

const cutLines = (text: string, isWhole: boolean): string[] => {
  if (isWhole) return text.split('\n');
  const lines = text.slice(0, shownArgs.characters).split('\n').slice(0, shownArgs.lines);
  const left = text.length - lines.join('\n').length;
  return left > 0 ? [...lines, `… ${left} more characters; v shows all`] : lines;
};

/** Where nobody can be asked: says on the error output that an answer waits for a question. */
export const tellQuestion = (err: Terminal, item: StreamItem): void => {
  if (item.type !== 'approval.requested') return;
  const { approvalId, calls, risk } = item.data;
  const tools = calls.map(({ tool }) => tool).join(', ');
  err.line(`Asked first (risk ${risk}): ${tools}. Answer with \`reeve approvals answer ${approvalId}\`.`);
};
