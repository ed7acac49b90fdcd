import type { Budget } from '@reeve/protocol';
import { mainAgent } from '../main-agent.ts';
import type { BudgetStore, Spent } from '../ports/budget.ts';
import type { Clock } from '../ports/clock.ts';
import { periodOf } from './period.ts';

/** Who spends. */
export interface Spender {
  tenantId: string;
  userId: string;
  sessionId: string;
  isSchedule: boolean;
}

/** One budget for one subject in one period. Amounts are in its unit. */
export interface Account {
  budget: Budget;
  subjectId: string;
  from: number;
  to: number;
  spent: number;
  reserved: number;
  /** The highest threshold, in per cent, that was told. */
  told: number;
}

/** Per cent of a budget at which somebody is told. */
export const thresholds = [80, 95, 100] as const;
export type Threshold = (typeof thresholds)[number];

/** How much of an account's budget is spent, per cent. */
export const shareOf = ({ budget, spent }: Account): number =>
  budget.amount === 0 ? 100 : (spent / budget.amount) * 100;

export interface Accounts {
  /** The accounts that bound somebody now; read from the journal once for each period. */
  open(spender: Spender): Promise<Account[]>;
  /** How a budget that is meant for each stands for somebody, and how one with an id stands. */
  of(tenantId: string, budget: Budget, subjectId: string): Promise<Account>;
  /** The budgets of a tenant changed. */
  changed(tenantId: string): void;
}

const subjectOf = ({ subject }: Budget, spender: Spender): string | null => {
  switch (subject) {
    case 'tenant':
      return spender.tenantId;
    case 'user':
      return spender.userId;
    case 'agent':
      return mainAgent;
    case 'session':
      return spender.sessionId;
    case 'schedule':
      return spender.isSchedule ? spender.userId : null;
  }
};

/** In memory what the journal says, so that a reservation is made without waiting and cannot be made twice. */
export const createAccounts = (deps: {
  store: BudgetStore;
  clock: Clock;
  timeZone: () => string;
  /** Limits that stand with a person and not in a list (F238), tokens a day; null for none. */
  tokensPerDay: (owner: { tenantId: string; userId: string }) => number | null;
}): Accounts => {
  const { store, clock } = deps;
  const accounts = new Map<string, Promise<Account>>();
  const budgets = new Map<string, Promise<Budget[]>>();

  const budgetsOf = (tenantId: string): Promise<Budget[]> => {
    const known = budgets.get(tenantId) ?? store.budgets(tenantId);
    budgets.set(tenantId, known);
    known.catch(() => budgets.delete(tenantId));
    return known;
  };

  const load = async (
    tenantId: string,
    budget: Budget,
    subjectId: string,
    range: { from: number; to: number },
  ) => {
    const spent: Spent = await store.spent({
      tenantId,
      since: range.from,
      ...(budget.subject === 'user' && { userId: subjectId }),
      ...(budget.subject === 'session' && { sessionId: subjectId }),
      ...(budget.subject === 'schedule' && { userId: subjectId, isSchedule: true }),
    });
    return { budget, subjectId, ...range, spent: spent[budget.unit], reserved: 0, told: 0 };
  };

  const of: Accounts['of'] = async (tenantId, budget, subjectId) => {
    const now = clock.now();
    const timeZone = deps.timeZone();
    const name = [tenantId, budget.subject, subjectId, budget.period, budget.unit, timeZone].join('\n');
    const known = accounts.get(name);
    const account = known && (await known);
    if (account && account.from <= now && now < account.to) {
      account.budget = budget;
      return account;
    }
    // What is under way keeps the account that it was reserved from; the new period begins with what was written.
    const fresh = load(tenantId, budget, subjectId, periodOf(budget.period, now, timeZone));
    accounts.set(name, fresh);
    fresh.catch(() => accounts.delete(name));
    return fresh;
  };

  return {
    of,
    changed: (tenantId) => void budgets.delete(tenantId),
    async open(spender) {
      const own = deps.tokensPerDay(spender);
      const all = [
        ...(await budgetsOf(spender.tenantId)),
        ...(own === null
          ? []
          : [
              {
                id: `flag ${spender.userId}`,
                subject: 'user',
                subjectId: spender.userId,
                period: 'day',
                unit: 'tokens',
                amount: own,
              } satisfies Budget,
            ]),
      ];
      const open: Account[] = [];
      for (const budget of all) {
        const subjectId = subjectOf(budget, spender);
        if (subjectId === null || (budget.subjectId !== '*' && budget.subjectId !== subjectId)) continue;
        open.push(await of(spender.tenantId, budget, subjectId));
      }
      return open;
    },
  };
};
