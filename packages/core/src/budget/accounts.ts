import type { Budget } from '@reeve/protocol';
import { mainAgent } from '../main-agent.ts';
import type { BudgetStore, Spent } from '../ports/budget.ts';
import type { Clock } from '../ports/clock.ts';
import { createCalls, type OpenCall, type Spender, spentByBoth, sumOf } from './calls.ts';
import { periodOf } from './period.ts';

/** One budget for one subject in the period that is now. Amounts are in its unit. */
export interface Account {
  tenantId: string;
  budget: Budget;
  subjectId: string;
  /** Where its period begins and ends at midnight. */
  timeZone: string;
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
  /** The accounts that bound somebody now; null when something has to be read before that is known. */
  current(spender: Spender): Account[] | null;
  /** The same; reads what has to be read. */
  open(spender: Spender): Promise<Account[]>;
  /** How a budget that is meant for each stands for somebody, and how one with an id stands. */
  of(tenantId: string, budget: Budget, subjectId: string): Promise<Account>;
  /** A call begins: every account that is about its spender holds what it may use. */
  begin(call: OpenCall): void;
  /** It ended: every such account, whenever it was opened, has what it used; null for nothing. */
  end(call: OpenCall, used: Spent | null): void;
  /** The budgets of a tenant changed. */
  changed(tenantId: string): void;
}

type Subject = Budget['subject'];

/** Each kind of subject, and who a spender is as that. */
const subjects: Record<Subject, (spender: Spender) => string | null> = {
  tenant: ({ tenantId }) => tenantId,
  user: ({ userId }) => userId,
  agent: () => mainAgent,
  session: ({ sessionId }) => sessionId,
  schedule: ({ isSchedule, userId }) => (isSchedule ? userId : null),
};
const kinds = Object.keys(subjects) as Subject[];

const keyOf = (tenantId: string, subject: Subject, subjectId: string) =>
  [tenantId, subject, subjectId].join('\n');

/** In memory what the journal says, so that a reservation is made without waiting and cannot be made twice. */
export const createAccounts = (deps: {
  store: BudgetStore;
  clock: Clock;
  timeZone: () => string;
  /** Limits that stand with a person and not in a list (F238), tokens a day; null for none. */
  tokensPerDay: (owner: { tenantId: string; userId: string }) => number | null;
  /** Awaited before what calls under way hold is counted. */
  readyToCount: () => Promise<void>;
}): Accounts => {
  const { store, clock } = deps;
  const calls = createCalls(clock);
  /** By whom they are about, then by their budgets: each budget has an account of its own. */
  const accounts = new Map<string, Map<string, Account>>();
  const loading = new Map<string, Promise<Account>>();
  const budgets = new Map<string, Budget[]>();
  const reading = new Map<string, Promise<Budget[]>>();

  const budgetsOf = (tenantId: string): Promise<Budget[]> => {
    const known = reading.get(tenantId);
    if (known) return known;
    const read = store
      .budgets(tenantId)
      .then((list) => {
        // Unless they changed meanwhile.
        if (reading.get(tenantId) === read) budgets.set(tenantId, list);
        return list;
      })
      .finally(() => {
        if (reading.get(tenantId) === read) reading.delete(tenantId);
      });
    reading.set(tenantId, read);
    return read;
  };

  /** A period that is over is followed by one of which nothing is spent; what is under way is held in it. */
  const renew = (account: Account) => {
    if (clock.now() < account.to) return;
    const period = periodOf(account.budget.period, clock.now(), account.timeZone);
    Object.assign(account, period, { spent: 0, told: 0 });
  };

  const load = async (tenantId: string, budget: Budget, subjectId: string): Promise<Account> => {
    await deps.readyToCount();
    const now = clock.now();
    const timeZone = deps.timeZone();
    const { from, to } = periodOf(budget.period, now, timeZone);
    const isAbout = (spender: Spender) =>
      spender.tenantId === tenantId && subjects[budget.subject](spender) === subjectId;
    const subject = {
      tenantId,
      ...(budget.subject === 'user' && { userId: subjectId }),
      ...(budget.subject === 'session' && { sessionId: subjectId }),
      ...(budget.subject === 'schedule' && { userId: subjectId, isSchedule: true }),
    };
    // From here on line by line: of what ended since, it is not known what was written already.
    const until = Math.max(from, Math.min(now, ...calls.ended(isAbout).map(({ at }) => at)));
    const written = await store.spent({ ...subject, since: from, until });
    const lines = await store.calls({ ...subject, since: until });
    const since = calls.ended(isAbout).filter(({ at }) => at >= until);
    const spent = sumOf([written, spentByBoth(since, lines)]);
    const held = sumOf(calls.open(isAbout).map((call) => call.held()));
    const { unit } = budget;
    const amounts = { spent: spent[unit], reserved: held[unit], told: 0 };
    const read: Account = { tenantId, budget, subjectId, timeZone, from, to, ...amounts };
    const key = keyOf(tenantId, budget.subject, subjectId);
    const mine = accounts.get(key) ?? new Map<string, Account>();
    accounts.set(key, mine);
    const account = Object.assign(mine.get(budget.id) ?? read, read);
    mine.set(budget.id, account);
    return account;
  };

  /** An account that is in memory and right; null when it has to be read. */
  const known = (tenantId: string, budget: Budget, subjectId: string): Account | null => {
    const account = accounts.get(keyOf(tenantId, budget.subject, subjectId))?.get(budget.id);
    if (!account || account.timeZone !== deps.timeZone() || clock.now() < account.from) return null;
    account.budget = budget;
    renew(account);
    return account;
  };

  const of: Accounts['of'] = async (tenantId, budget, subjectId) => {
    const account = known(tenantId, budget, subjectId);
    if (account) return account;
    const name = [tenantId, budget.id, subjectId, deps.timeZone()].join('\n');
    const fresh = loading.get(name) ?? load(tenantId, budget, subjectId).finally(() => loading.delete(name));
    loading.set(name, fresh);
    return fresh;
  };

  /** The budgets that are about somebody, and as whom. */
  const bounding = (listed: readonly Budget[], spender: Spender) => {
    const own = deps.tokensPerDay(spender);
    const flag: Budget = {
      id: `flag ${spender.userId}`,
      subject: 'user',
      subjectId: spender.userId,
      period: 'day',
      unit: 'tokens',
      amount: own ?? 0,
    };
    return (own === null ? listed : [...listed, flag]).flatMap((budget) => {
      const subjectId = subjects[budget.subject](spender);
      const isAbout = subjectId !== null && (budget.subjectId === '*' || budget.subjectId === subjectId);
      return isAbout ? [{ budget, subjectId }] : [];
    });
  };

  const current: Accounts['current'] = (spender) => {
    const listed = budgets.get(spender.tenantId);
    if (!listed) return null;
    const open: Account[] = [];
    for (const { budget, subjectId } of bounding(listed, spender)) {
      const account = known(spender.tenantId, budget, subjectId);
      if (!account) return null;
      open.push(account);
    }
    return open;
  };

  /** Every account that is about somebody, whether it bounds them now or not. */
  const about = (spender: Spender): Account[] => {
    if (accounts.size === 0) return [];
    const found = kinds.flatMap((subject) => {
      const subjectId = subjects[subject](spender);
      const mine = subjectId !== null && accounts.get(keyOf(spender.tenantId, subject, subjectId));
      return mine ? [...mine.values()] : [];
    });
    found.forEach(renew);
    return found;
  };

  return {
    of,
    current,
    async open(spender) {
      const listed = budgets.get(spender.tenantId) ?? (await budgetsOf(spender.tenantId));
      const open = bounding(listed, spender);
      return Promise.all(open.map(({ budget, subjectId }) => of(spender.tenantId, budget, subjectId)));
    },
    begin(call) {
      calls.begin(call);
      for (const account of about(call.spender)) account.reserved += call.held()[account.budget.unit];
    },
    end(call, used) {
      calls.end(call, used);
      for (const account of about(call.spender)) {
        const { unit } = account.budget;
        account.reserved -= call.held()[unit];
        if (used) account.spent += used[unit];
      }
    },
    changed(tenantId) {
      budgets.delete(tenantId);
      reading.delete(tenantId);
    },
  };
};
