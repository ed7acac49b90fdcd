import { FaultError, type Usage } from '@reeve/protocol';
import type { CommandRun } from '../context.ts';
import { table } from '../terminal.ts';
import { budgetTable } from './budget.ts';

const groups = ['model', 'channel', 'day'] as const;
type Group = (typeof groups)[number];

/** Tokens and cost by model, channel or day, and the budgets that bound them; `--since` takes a date or a number of days. */
export const run: CommandRun<[{ since?: string; session?: string; by?: string }]> = async (
  context,
  { since, session, by = 'model' },
) => {
  const group = groups.find((one) => one === by);
  if (!group)
    throw new FaultError('INVALID_PARAMS', `--by ${by} is nothing that usage is counted by.`, {
      next: `Write one of ${groups.join(', ')}.`,
    });
  const client = await context.client();
  const usage = await client.usage.get(
    { since: since ? parseSince(since) : 0, ...(session && { sessionId: session }) },
    { signal: context.io.signal },
  );
  const { budgets } = await client.budgets.mine(session ? { sessionId: session } : {}, {
    signal: context.io.signal,
  });
  context.print({ ...usage, budgets }, () =>
    [
      table(
        [group.toUpperCase(), 'CALLS', 'TOKENS IN', 'TOKENS OUT', 'COST'],
        [...rowsOf(usage, group), line('total', usage.calls, usage.total)],
      ),
      ...(budgets.length > 0 ? [budgetTable(budgets)] : []),
    ].join('\n\n'),
  );
};

interface Report {
  byModel: { provider: string; model: string; calls: number; usage: Usage }[];
  byChannel: { channel: string; calls: number; usage: Usage }[];
  byDay: { day: string; calls: number; usage: Usage }[];
}

const rowsOf = (report: Report, group: Group): string[][] => {
  switch (group) {
    case 'model':
      return report.byModel.map((row) => line(`${row.provider}/${row.model}`, row.calls, row.usage));
    case 'channel':
      return report.byChannel.map((row) => line(row.channel, row.calls, row.usage));
    case 'day':
      return report.byDay.map((row) => line(row.day, row.calls, row.usage));
  }
};

/** `~` stands before what is partly our own estimate, where a server did not count. */
const line = (
  name: string,
  calls: number,
  { inputTokens, outputTokens, costUsd, estimated }: Usage,
): string[] => {
  const about = estimated ? '~' : '';
  return [
    name,
    String(calls),
    `${about}${inputTokens}`,
    `${about}${outputTokens}`,
    costUsd === undefined ? '-' : `${about}$${costUsd.toFixed(4)}`,
  ];
};

const dayMs = 86_400_000;

const parseSince = (text: string): number => {
  const days = /^(\d+)d?$/.exec(text);
  const time = days ? Date.now() - Number(days[1]) * dayMs : Date.parse(text);
  if (Number.isNaN(time))
    throw new FaultError('INVALID_PARAMS', `--since ${text} is neither a date nor a number of days.`, {
      next: 'Write 7d or 2026-01-31.',
    });
  return Math.max(0, time);
};
