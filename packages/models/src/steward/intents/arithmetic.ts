import { formatNumber } from '../format.ts';
import { readSum } from '../numbers/expression.ts';
import { callPlan, type Intent } from '../plan.ts';
import { readResult, resultShapes } from '../results.ts';

export const arithmetic: Intent = {
  id: 'arithmetic',
  kind: 'read',
  match: async ({ text, raw, spoken, language, t }) => {
    // A closing "!" is a factorial here: "5!".
    const sum =
      (await readSum(text, spoken)) ?? (/\d!$/.test(raw) ? await readSum(`${text}!`, spoken) : null);
    if (sum === null) return null;
    return callPlan(
      'calculate',
      { expression: sum.expression },
      (result) =>
        t.numbers.equals(
          sum.asked,
          formatNumber(readResult(result, resultShapes.calculated).result, language),
        ),
      (result) => t.numbers.failed(result.text.slice(0, 300)),
    );
  },
};
