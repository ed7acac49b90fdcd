import { type Fault, fault, type Usage } from '@reeve/protocol';
import { costOf } from '../model/cost.ts';
import type { Slot } from '../model/slots.ts';
import type { ModelRequest, Price } from '../ports/model.ts';
import { type Account, shareOf, type Threshold, thresholds } from './accounts.ts';

/** What one call may use at the most, and where it is booked. */
export interface Reservation {
  /** The request may not ask for more. */
  maxOutputTokens: number;
  /** Books what was really used; once. Null when the call cost nothing. */
  settle(usage: Usage | null): void;
}

/** Reserves before each call of a model and settles after it. Synchronous: calls at once never reserve the same cent. */
export interface Spend {
  reserve(slot: Slot, request: Omit<ModelRequest, 'model'>): Reservation | { refused: Fault };
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
  accounts: readonly Account[],
  {
    inputTokens,
    crossed,
    isExempt,
  }: {
    /** Counts a request from above. */
    inputTokens: (slot: Slot, request: Omit<ModelRequest, 'model'>) => number;
    /** Told of an account that passed a threshold. */
    crossed: (account: Account, percent: Threshold) => void;
    /** Nothing is refused or cut short. */
    isExempt: boolean;
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

  return {
    reserve(slot, request) {
      const input = inputTokens(slot, request);
      const price = priceOf(slot);
      let output = Math.min(request.params.maxOutputTokens ?? slot.maxOutputTokens, slot.maxOutputTokens);
      const inputCost = (input * Math.max(price.input, price.cacheWrite ?? 0)) / 1_000_000;
      for (const account of isExempt ? [] : accounts) {
        const left = account.budget.amount - account.spent - account.reserved;
        const affordable =
          account.budget.unit === 'tokens'
            ? left - input
            : price.output === 0
              ? inputCost <= left
                ? output
                : 0
              : ((left - inputCost) / price.output) * 1_000_000;
        output = Math.min(output, Math.floor(affordable));
        // What costs nothing is not kept from anybody by a budget of money.
        const isFree = account.budget.unit === 'usd' && price.input === 0 && price.output === 0;
        if (!isFree && output < leastOutputTokens) return { refused: usedUp(account) };
      }
      const outputCost = (output * price.output) / 1_000_000;
      const held = accounts.map((account) => ({
        account,
        amount: account.budget.unit === 'tokens' ? input + output : inputCost + outputCost,
      }));
      for (const { account, amount } of held) account.reserved += amount;
      let isSettled = false;
      return {
        maxOutputTokens: output,
        settle(usage) {
          if (isSettled) return;
          isSettled = true;
          for (const { account, amount } of held) {
            account.reserved -= amount;
            if (!usage) continue;
            account.spent +=
              account.budget.unit === 'tokens'
                ? usage.inputTokens + usage.outputTokens
                : (usage.costUsd ?? costOf(usage, price));
            tell(account);
          }
        },
      };
    },
  };
};

const periods = { day: 'today', week: 'this week', month: 'this month' };

export const amountText = (unit: Account['budget']['unit'], amount: number): string =>
  unit === 'usd' ? `$${amount.toFixed(2)}` : `${Math.round(amount)} tokens`;

const usedUp = ({ budget, subjectId, spent, reserved, to }: Account): Fault =>
  fault(
    'BUDGET_EXCEEDED',
    `The budget of ${amountText(budget.unit, budget.amount)} for ${periods[budget.period]} (${budget.subject} ${subjectId}) does not allow another answer: ${amountText(budget.unit, spent)} spent, ${amountText(budget.unit, reserved)} held by answers under way. It is filled again at ${new Date(to).toISOString()}.`,
    { details: { budget: budget.id, spent, reserved, amount: budget.amount, resetsAt: to } },
  );
