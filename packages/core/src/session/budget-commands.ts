import type { BudgetState, SlashCommandName } from '@reeve/protocol';
import type { Budgets } from '../budget/budgets.ts';
import type { CommandTexts } from './command-texts/index.ts';
import type { CommandCall, CommandHandler } from './commands.ts';

/** USD as people read it: cents matter, and so do fractions of them. */
export const formatCost = (usd: number): string =>
  usd >= 1 || usd === 0 ? `$${usd.toFixed(2)}` : `$${usd.toPrecision(2)}`;

/** `/budget`: what bounds this session, one line for each budget. */
export const createBudgetCommands = (deps: { budgets: Pick<Budgets, 'mine'>; timeZone: () => string }) => {
  const line = (budget: BudgetState, { gate }: CommandTexts): string => {
    const { subject, period, unit, spent, amount, resetsAt } = budget;
    const shown = (value: number) => (unit === 'usd' ? formatCost(value) : gate.tokens(value));
    const percent = amount === 0 ? 100 : Math.floor((spent / amount) * 100);
    const at = new Intl.DateTimeFormat(gate.locale, {
      timeZone: deps.timeZone(),
      dateStyle: 'medium',
      timeStyle: 'short',
    }).format(resetsAt);
    return `- ${gate.budgetLine(subject, period, shown(spent), shown(amount), percent)}, ${gate.anew(at)}`;
  };

  const lines = async ({ actor, session, texts }: CommandCall): Promise<string[]> =>
    (await deps.budgets.mine(actor, session.id)).map((budget) => line(budget, texts));

  return {
    lines,
    handlers: {
      async budget(call) {
        const all = await lines(call);
        return all.length === 0 ? call.texts.gate.noBudgets : all.join('\n');
      },
    } satisfies Partial<Record<SlashCommandName, CommandHandler>>,
  };
};
