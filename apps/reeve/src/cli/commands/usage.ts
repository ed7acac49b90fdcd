import { FaultError } from '@reeve/protocol';
import type { CommandRun } from '../context.ts';
import { table } from '../terminal.ts';

/** Tokens by model; `--since` takes a date or a number of days. */
export const run: CommandRun<[{ since?: string; session?: string }]> = async (
  context,
  { since, session },
) => {
  const client = await context.client();
  const usage = await client.usage.get(
    { since: since ? parseSince(since) : 0, ...(session && { sessionId: session }) },
    { signal: context.io.signal },
  );
  context.print(usage, () =>
    table(
      ['MODEL', 'CALLS', 'TOKENS IN', 'TOKENS OUT'],
      [
        ...usage.byModel.map((row) => [
          `${row.provider}/${row.model}`,
          String(row.calls),
          String(row.usage.inputTokens),
          String(row.usage.outputTokens),
        ]),
        ['total', String(usage.calls), String(usage.total.inputTokens), String(usage.total.outputTokens)],
      ],
    ),
  );
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
