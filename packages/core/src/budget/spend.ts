import { type Fault, fault, type Usage } from '@reeve/protocol';
import { costOf } from '../model/cost.ts';
import type { Slot } from '../model/slots.ts';
import type { Spent } from '../ports/budget.ts';
import type { ModelRequest, Price } from '../ports/model.ts';
import { type Account, type Accounts, shareOf, type Threshold, thresholds } from './accounts.ts';
import { type Spender, sumOf } from './calls.ts';

/** What one call may use at the most, and where it is booked. */
export interface Reservation {
  /** The request may not ask for more; null when nothing bounds it. */
  maxOutputTokens: number | null;
  /** Books what was really used; once. Null when the call cost nothing. */
  settle(usage: Usage | null): void;
}

/**
 * Reserves before each call of a model and settles after it. What bounds is found anew for each call, since a budget
 * may have been set or a day begun meanwhile; from then on nothing waits: calls at once never reserve the same cent.
 */
export interface Spend {
  reserve(slot: Slot, request: Omit<ModelRequest, 'model'>): Promise<Reservation | { refused: Fault }>;
}

/**
 * USD for a million tokens of a model whose price nobody knows and that is not on this machine: dearer than the
 * dearest in the table, so that what is not known does not get around a budget.
 */
const assumedPrice: Price = { input: 30, output: 150 };
/** An answer of fewer tokens is not worth its question. */
const leastOutputTokens = 64;

const isLocal = ({ provider }: Slot): boolean =>
  provider.baseUrl === null || /^https?:\/\/(?:127\.|localhost[:/]|\[::1\])/.test(provider.baseUrl);

const priceOf = (slot: Slot): Price =>
  slot.facts?.price ?? (isLocal(slot) ? { input: 0, output: 0 } : assumedPrice);

export const createSpend = (
  spender: Spender,
  {
    accounts,
    inputTokens,
    crossed,
    isExempt,
  }: {
    accounts: Accounts;
    /** Counts a request from above. */
    inputTokens: (slot: Slot, request: Omit<ModelRequest, 'model'>) => number;
    /** Told of an account that passed a threshold. */
    crossed: (account: Account, percent: Threshold) => void;
    /** Whether nothing is refused or cut short. */
    isExempt: () => boolean;
  },
): Spend => {
  const tell = (account: Account) => {
    const share = shareOf(account);
    for (const percent of thresholds)
      if (share >= percent && account.told < percent) {
        account.told = percent;
        crossed(account, percent);
      }
  };

  /** How many tokens of output the budgets leave, or the account that leaves too few. */
  const affordable = (bounding: readonly Account[], input: Spent, price: Price, most: number) => {
    let output = most;
    for (const account of bounding) {
      const { unit, amount } = account.budget;
      const left = amount - account.spent - account.reserved - input[unit];
      // What costs nothing is not kept from anybody by a budget of money.
      if (unit === 'usd' && price.input === 0 && price.output === 0) continue;
      const tokens =
        unit === 'tokens'
          ? left
          : price.output > 0
            ? (left / price.output) * 1_000_000
            : left < 0
              ? 0
              : output;
      output = Math.min(output, Math.floor(tokens));
      if (output < leastOutputTokens) return account;
    }
    return output;
  };

  return {
    async reserve(slot, request) {
      const bounding = accounts.current(spender) ?? (await accounts.open(spender));
      const price = priceOf(slot);
      const most = Math.min(request.params.maxOutputTokens ?? slot.maxOutputTokens, slot.maxOutputTokens);
      const input = once((): Spent => {
        const tokens = inputTokens(slot, request);
        return { tokens, usd: (tokens * Math.max(price.input, price.cacheWrite ?? 0)) / 1_000_000 };
      });
      const isBound = bounding.length > 0 && !isExempt();
      const output = isBound ? affordable(bounding, input(), price, most) : most;
      if (typeof output !== 'number') return { refused: usedUp(output) };
      const held = once(() => sumOf([input(), { tokens: output, usd: (output * price.output) / 1_000_000 }]));
      const call = { spender, held };
      accounts.begin(call);
      let isSettled = false;
      return {
        maxOutputTokens: isBound ? output : null,
        settle(usage) {
          if (isSettled) return;
          isSettled = true;
          if (!usage) return accounts.end(call, null);
          const tokens = usage.inputTokens + usage.outputTokens;
          accounts.end(call, { tokens, usd: usage.costUsd ?? costOf(usage, price) });
          accounts.current(spender)?.forEach(tell);
        },
      };
    },
  };
};

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

const periods = { day: 'today', week: 'this week', month: 'this month' };

export const amountText = (unit: Account['budget']['unit'], amount: number): string =>
  unit === 'usd' ? `$${amount.toFixed(2)}` : `${Math.round(amount)} tokens`;

const usedUp = ({ budget, spent, reserved, to }: Account): Fault => {
  const { id, subject, period, unit, amount } = budget;
  const again = `${new Date(to).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return fault(
    'BUDGET_EXCEEDED',
    `The budget of ${amountText(unit, amount)} for ${periods[period]} (${subject}) does not allow another answer: ${amountText(unit, spent)} spent, ${amountText(unit, reserved)} held by answers under way. It is filled again at ${again}.`,
    { details: { budget: id, subject, period, unit, amount, spent, reserved, resetsAt: to } },
  );
};
