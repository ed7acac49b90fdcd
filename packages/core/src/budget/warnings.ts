import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { Account } from './accounts.ts';
import type { Spender } from './calls.ts';
import { amountText } from './spend.ts';

const texts = {
  en: (percent: number, amount: string, spent: string) =>
    percent >= 100
      ? `The budget of ${amount} is used up: ${spent} spent.`
      : `${percent} % of the budget of ${amount} is spent (${spent}).`,
  de: (percent: number, amount: string, spent: string) =>
    percent >= 100
      ? `Das Budget von ${amount} ist aufgebraucht: ${spent} ausgegeben.`
      : `${percent} % des Budgets von ${amount} sind ausgegeben (${spent}).`,
};

/** Says so in the session whose answer passed the threshold; once for each account and threshold. */
export const budgetWarnings =
  ({ store, log, language }: { store: Store; log: Log; language: () => string }) =>
  ({ sessionId }: Spender, { budget, subjectId, spent, from }: Account, percent: number): void => {
    const id = `${budget.id} ${subjectId} ${from} ${percent}`;
    const text = texts[language() === 'de' ? 'de' : 'en'](
      percent,
      amountText(budget.unit, budget.amount),
      amountText(budget.unit, spent),
    );
    store
      .write((tx) =>
        tx.append(
          sessionId,
          {
            type: 'notification.posted',
            data: {
              messageId: `msg_${id.replaceAll(' ', '_')}`,
              source: { kind: 'budget', id: budget.id },
              text,
            },
          },
          `budget ${id}`,
        ),
      )
      .catch((error: unknown) =>
        log.error({ budget: budget.id, err: error }, 'a warning could not be posted'),
      );
  };
