import { type BudgetInput, type BudgetState, FaultError } from '@reeve/protocol';
import type { CommandRun } from '../context.ts';
import { showTime, table } from '../terminal.ts';
import { findPerson } from './user.ts';

const amountOf = (unit: BudgetState['unit'], amount: number): string =>
  unit === 'usd' ? `$${amount.toFixed(amount !== 0 && amount < 1 ? 4 : 2)}` : `${amount} tokens`;

const percentOf = ({ spent, amount }: BudgetState): string =>
  `${amount === 0 ? 100 : Math.floor((spent / amount) * 100)} %`;

/** Budgets as a table; also of `reeve usage`. */
export const budgetTable = (budgets: readonly BudgetState[]): string =>
  table(
    ['BUDGET', 'OF', 'WHOSE', 'PERIOD', 'SPENT', 'AMOUNT', 'USED', 'STATE', 'ANEW'],
    budgets.map((budget) => [
      budget.id,
      budget.subject,
      budget.setFor === '*' && budget.subjectId !== '*' ? `${budget.subjectId} (each)` : budget.subjectId,
      budget.period,
      amountOf(budget.unit, budget.spent),
      amountOf(budget.unit, budget.amount),
      percentOf(budget),
      budget.state,
      budget.resetsAt === 0 ? '-' : showTime(budget.resetsAt),
    ]),
  );

const noBudgets = 'No budget. Set one with `reeve budget set tenant 20 --period month`.';

export const list: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const result = await client.budgets.list(undefined, { signal: context.io.signal });
  context.print(result, () => (result.budgets.length === 0 ? noBudgets : budgetTable(result.budgets)));
};

export const mine: CommandRun<[{ session?: string }]> = async (context, { session }) => {
  const client = await context.client();
  const result = await client.budgets.mine(session ? { sessionId: session } : {}, {
    signal: context.io.signal,
  });
  context.print(result, () =>
    result.budgets.length === 0 ? 'Nothing bounds what you may spend.' : budgetTable(result.budgets),
  );
};

/** `AMOUNT`, or `ID AMOUNT`; a person also by name or e-mail address. */
export const set: CommandRun<
  [BudgetInput['subject'], string[], Pick<BudgetInput, 'period' | 'unit'>]
> = async (context, subject, words, { period, unit }) => {
  const [amountText = '', id] = [...words].reverse();
  const amount = /^\d{1,12}(\.\d{1,6})?$/.test(amountText) ? Number(amountText) : Number.NaN;
  if (Number.isNaN(amount) || words.length > 2)
    throw new FaultError('INVALID_PARAMS', 'The last word must be an amount, such as 20 or 0.5.', {
      next: 'Write `reeve budget set user 5 --period day` or `reeve budget set user USER 5`.',
    });
  const client = await context.client();
  const person = subject === 'user' && id !== undefined && id !== '*' ? await findPerson(context, id) : null;
  const subjectId = person?.id ?? id;
  const budget = await client.budgets.set(
    { subject, period, unit, amount, ...(subjectId !== undefined && { subjectId }) },
    { signal: context.io.signal },
  );
  const whose = budget.subjectId === '*' ? 'each on its own' : (person?.name ?? budget.subjectId);
  context.print(
    budget,
    () =>
      `${budget.subject} (${whose}): ${amountOf(budget.unit, budget.amount)} a ${budget.period}. Budget ${budget.id}.`,
  );
};

export const rm: CommandRun<[string]> = async (context, id) => {
  const client = await context.client();
  const result = await client.budgets.remove({ id }, { signal: context.io.signal });
  context.print(result, () => `Removed ${id}.`);
};
