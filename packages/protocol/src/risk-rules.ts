import { z } from 'zod';
import { riskSchema } from './nouns.ts';

/** What an argument of a call is compared with. */
export interface RiskCondition {
  /** A name, or names joined by dots where a value lies deeper. */
  param: string;
  isNegated: boolean;
  test: 'equals' | 'like' | 'in';
  values: string[];
}

const form = /^(?<param>[\w-]+(?:\.[\w-]+)*) (?<not>not )?(?<test>equals|like|in) (?<value>.+)$/u;

/** Reads `to not like *@example.org`, `amount in 10, 20` or `force equals true`; null for what is none of these. */
export const readRiskCondition = (text: string): RiskCondition | null => {
  const parts = form.exec(text.trim())?.groups;
  if (!parts) return null;
  const test = parts['test'] as RiskCondition['test'];
  const value = parts['value']!.trim();
  return {
    param: parts['param']!,
    isNegated: parts['not'] !== undefined,
    test,
    values: test === 'in' ? value.split(',').map((one) => one.trim()) : [value],
  };
};

/** A rule of the owner about the risk of calls (F198): it can raise what Reeve finds, and never lower it. */
export const riskRuleSchema = z.strictObject({
  tools: z.array(z.string().min(1)).default([]).describe('Tools that it is about; empty = all.'),
  when: z
    .array(
      z.string().refine((text) => readRiskCondition(text) !== null, {
        message: 'must read like `to not like *@example.org`, `amount in 10, 20` or `force equals true`',
      }),
    )
    .default([])
    .describe(
      'Conditions on the arguments, all of which must hold: NAME [not] equals VALUE, like PATTERN (* stands for anything), in A, B.',
    ),
  risk: riskSchema.describe('The least risk that such a call has.'),
});
export type RiskRule = z.infer<typeof riskRuleSchema>;
