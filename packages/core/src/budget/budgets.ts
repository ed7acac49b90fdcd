import {
  type Budget,
  type BudgetInput,
  type BudgetState,
  budgetInputSchema,
  FaultError,
} from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import { mainAgent } from '../main-agent.ts';
import type { Slot } from '../model/slots.ts';
import type { AuditLedger } from '../ports/audit.ts';
import type { BudgetStore } from '../ports/budget.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelRequest, TokenCounter } from '../ports/model.ts';
import type { People } from '../ports/people.ts';
import type { CountRequest } from '../run/window.ts';
import { type Account, createAccounts, shareOf, thresholds } from './accounts.ts';
import type { Spender } from './calls.ts';
import { createSpend, type Spend } from './spend.ts';

export interface Budgets {
  /** What bounds somebody's next calls. Whoever is exempt is counted and never stopped. */
  spendOf(spender: Spender, isExempt: () => boolean): Spend;
  /** How each budget stands; one that is set for each, once for everybody that it is about. */
  list(actor: Actor): Promise<BudgetState[]>;
  mine(actor: Actor, sessionId?: string): Promise<BudgetState[]>;
  set(actor: Actor, budget: BudgetInput): Promise<Budget>;
  /** Throws FaultError NOT_FOUND. */
  remove(actor: Actor, id: string): Promise<void>;
}

const stateNames = { 80: 'warning', 95: 'critical', 100: 'used-up' } as const;

export const createBudgets = (deps: {
  store: BudgetStore;
  clock: Clock;
  timeZone: () => string;
  people: People;
  counter: TokenCounter;
  count: CountRequest;
  fingerprint: (text: string) => string;
  audit: AuditLedger['append'];
  /** Tells somebody that a budget is nearly or wholly used up. */
  warn: (spender: Spender, account: Account, percent: number) => void;
}): Budgets => {
  const { store, people } = deps;
  const accounts = createAccounts({
    store,
    clock: deps.clock,
    timeZone: deps.timeZone,
    tokensPerDay: (owner) => people.find(owner)?.flags.maxTokensPerDay ?? null,
    readyToCount: () => deps.counter.load(),
  });

  const stateOf = (account: Account): BudgetState => {
    const { budget, subjectId, spent, reserved, to } = account;
    const passed = thresholds.findLast((percent) => shareOf(account) >= percent);
    return {
      ...budget,
      setFor: budget.subjectId,
      subjectId,
      spent,
      reserved,
      resetsAt: to,
      state: passed === undefined ? 'ok' : stateNames[passed],
    };
  };

  const inputTokens = (slot: Slot, request: Omit<ModelRequest, 'model'>) =>
    deps.count(deps.counter, request, slot.provider.tokens);

  /** The subjects that a budget for each is about: everybody, or those that there are. */
  const subjectsOf = (actor: Actor, { subject, subjectId }: Budget): string[] => {
    if (subjectId !== '*') return [subjectId];
    if (subject === 'tenant') return [actor.tenantId];
    if (subject === 'agent') return [mainAgent];
    if (subject === 'session') return [];
    return people.list(actor.tenantId).map(({ userId }) => userId);
  };

  const told = (actor: Actor, type: string, budget: Budget) =>
    deps.audit({
      tenantId: actor.tenantId,
      actor: actor.userId,
      type,
      outcome: 'ok',
      target: budget.id,
      channel: actor.channel,
      data: { ...budget },
    });

  return {
    spendOf: (spender, isExempt) =>
      createSpend(spender, {
        accounts,
        inputTokens,
        crossed: (account, percent) => deps.warn(spender, account, percent),
        isExempt,
      }),

    async list(actor) {
      const states: BudgetState[] = [];
      for (const budget of await store.budgets(actor.tenantId)) {
        const subjects = subjectsOf(actor, budget);
        for (const subjectId of subjects)
          states.push(stateOf(await accounts.of(actor.tenantId, budget, subjectId)));
        if (subjects.length === 0)
          states.push({
            ...budget,
            setFor: budget.subjectId,
            spent: 0,
            reserved: 0,
            resetsAt: 0,
            state: 'ok',
          });
      }
      return states;
    },

    mine: async (actor, sessionId = '') =>
      (
        await accounts.open({ tenantId: actor.tenantId, userId: actor.userId, sessionId, isSchedule: false })
      ).map(stateOf),

    async set(actor, given) {
      const wanted = budgetInputSchema.parse(given);
      const { subject, subjectId, period, unit } = wanted;
      const id = `bud_${deps.fingerprint([subject, subjectId, period, unit].join('\n')).slice(0, 16)}`;
      const budget = { id, ...wanted };
      await store.save(actor.tenantId, budget);
      accounts.changed(actor.tenantId);
      await told(actor, 'budget.set', budget);
      return budget;
    },

    async remove(actor, id) {
      const known = (await store.budgets(actor.tenantId)).find((budget) => budget.id === id);
      if (!known || !(await store.remove(actor.tenantId, id)))
        throw new FaultError('NOT_FOUND', 'There is no such budget.');
      accounts.changed(actor.tenantId);
      await told(actor, 'budget.removed', known);
    },
  };
};
