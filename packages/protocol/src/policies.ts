import { z } from 'zod';
import { jsonSchema, riskSchema, timeSchema, toolLevels } from './nouns.ts';

export const policyTierSchema = z
  .enum(['built-in', 'admin', 'tenant', 'user'])
  .describe('Whose word it is. A lower tier, further right, can only forbid.');

export const policyNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/);

export const policySchema = z.object({
  tier: policyTierSchema,
  tenantId: z.string().nullable(),
  userId: z.string().nullable(),
  name: policyNameSchema,
  version: z.number().int().describe('0 for what comes with Reeve.'),
  text: z.string().nullable().describe('Cedar; null once it was removed.'),
  by: z.string(),
  at: timeSchema,
  note: z.string(),
});
export type Policy = z.infer<typeof policySchema>;

export const policyProblemSchema = z.object({
  policy: z.string(),
  message: z.string(),
  isError: z.boolean(),
});

const whom = {
  user: z.string().min(1).optional().describe('Id of a person; everybody when neither is given.'),
  role: z.string().min(1).optional(),
};
const names = z.array(z.string().trim().min(1).max(200)).max(200).default([]);
const hour = z.number().int().min(0).max(23);

/** What somebody can be excepted from. Never from the audit, nor from being asked about what is critical. */
export const policyExceptions = ['lists', 'budgets', 'rates'] as const;
export type PolicyException = (typeof policyExceptions)[number];

/** A rule by name, from which the policy is written. */
export const policyRuleSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('tool'),
    tool: z.string().min(1),
    allow: z.boolean(),
    unattended: z
      .boolean()
      .default(false)
      .describe('With allow: also without asking, unless it is critical.'),
    ...whom,
    channel: z.string().min(1).optional(),
  }),
  z.strictObject({ kind: z.literal('model'), model: z.string().min(1), allow: z.boolean(), ...whom }),
  z.strictObject({ kind: z.literal('quiet-hours'), from: hour, to: hour, ...whom }),
  z.strictObject({
    kind: z.literal('channel-tools'),
    channel: z.string().min(1),
    level: z.enum(toolLevels),
  }),
  z.strictObject({
    kind: z.literal('tool-list'),
    tools: names.describe('The only tools that are called; none needed to take the rule back.'),
    ...whom,
    channel: z.string().min(1).optional(),
  }),
  z.strictObject({
    kind: z.literal('model-list'),
    models: names.describe('The only models that are used; none needed to take the rule back.'),
    ...whom,
  }),
  z
    .strictObject({
      kind: z.literal('exception'),
      from: z
        .enum(policyExceptions)
        .describe('What does not hold somebody back: lists of tools and models, budgets, or rates.'),
      ...whom,
    })
    .refine(({ user, role }) => user !== undefined || role !== undefined, {
      message: 'an exception is for a user or a role',
    }),
]);
export type PolicyRule = z.infer<typeof policyRuleSchema>;
export type PolicyRuleInput = z.input<typeof policyRuleSchema>;

/** A call to be judged and not made. */
export const policyQuestionSchema = z.object({
  tool: z.string().min(1),
  args: jsonSchema.default({}),
  user: z.string().optional().describe('Who would call it; yourself when absent.'),
  channel: z.string().default('web'),
  isAttended: z.boolean().default(true),
});

const explainedSchema = z.object({
  isAllowed: z.boolean(),
  policies: z.array(z.string()),
  reasons: z.array(
    z.object({
      policy: z.string(),
      tier: policyTierSchema,
      effect: z.enum(['permit', 'forbid']),
      description: z.string(),
      text: z.string(),
    }),
  ),
  wouldChange: z.array(
    z.object({ what: z.string(), from: jsonSchema, to: jsonSchema, isAllowed: z.boolean() }),
  ),
});

export const policyExplanationSchema = z.object({
  outcome: z.enum(['allow', 'ask', 'deny']),
  risk: riskSchema,
  rules: z.array(z.string()),
  call: explainedSchema,
  unattended: explainedSchema,
});
export type PolicyAnswer = z.infer<typeof policyExplanationSchema>;
