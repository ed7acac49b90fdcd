import { oc } from '@orpc/contract';
import { z } from 'zod';
import { approvalAnswerSchema, approvalSchema, approvalStatusSchema } from '../approvals.ts';
import { jsonSchema } from '../nouns.ts';
import {
  policyExplanationSchema,
  policyNameSchema,
  policyProblemSchema,
  policyQuestionSchema,
  policyRuleSchema,
  policySchema,
} from '../policies.ts';

const tags = (tag: string) => [tag];
const ok = z.object({ ok: z.literal(true) });

const policyKey = {
  tier: z.enum(['admin', 'tenant', 'user']),
  name: policyNameSchema,
  userId: z.string().optional().describe('For the tier user; yourself when absent.'),
};
const policyChange = z.object({
  ...policyKey,
  text: z.string().min(1).max(100_000).describe('Cedar.'),
  note: z.string().max(500).optional(),
});

/** A list of nothing would forbid everything, which is nobody's wish. */
/** Questions put to people, and the policies behind them. */
export const gateContract = {
  approvals: {
    list: oc
      .route({
        method: 'GET',
        path: '/api/approvals',
        tags: tags('approvals'),
        summary: 'Questions you asked or may answer, the newest first',
      })
      .input(
        z.object({
          status: approvalStatusSchema.optional(),
          sessionId: z.string().optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
      )
      .output(z.object({ approvals: z.array(approvalSchema) })),
    get: oc
      .route({ method: 'GET', path: '/api/approvals/{id}', tags: tags('approvals'), summary: 'One question' })
      .input(z.object({ id: z.string() }))
      .output(approvalSchema),
    answer: oc
      .route({
        method: 'POST',
        path: '/api/approvals/{id}/answer',
        tags: tags('approvals'),
        summary: 'Answer a question; the first answer counts',
      })
      .input(approvalAnswerSchema.extend({ id: z.string() }))
      .output(z.object({ approval: approvalSchema, isFirst: z.boolean() })),
  },
  policies: {
    list: oc
      .route({ method: 'GET', path: '/api/policies', tags: tags('policies'), summary: 'Policies that hold' })
      .output(z.object({ policies: z.array(policySchema) })),
    history: oc
      .route({
        method: 'GET',
        path: '/api/policies/history',
        tags: tags('policies'),
        summary: 'Every version of a policy, the newest first',
      })
      .input(z.object(policyKey))
      .output(z.object({ versions: z.array(policySchema) })),
    check: oc
      .route({
        method: 'POST',
        path: '/api/policies/check',
        tags: tags('policies'),
        summary: 'Whether a policy could be saved',
      })
      .input(policyChange)
      .output(z.object({ problems: z.array(policyProblemSchema) })),
    save: oc
      .route({ method: 'PUT', path: '/api/policies', tags: tags('policies'), summary: 'Write a policy' })
      .input(policyChange)
      .output(policySchema),
    remove: oc
      .route({
        method: 'DELETE',
        path: '/api/policies/{tier}/{name}',
        tags: tags('policies'),
        summary: 'Remove a policy; its versions stay',
        inputStructure: 'detailed',
      })
      .input(
        z.object({
          params: z.object({ tier: policyKey.tier, name: policyKey.name }),
          query: z.object({ userId: policyKey.userId }).default({}),
        }),
      )
      .output(ok),
    rule: oc
      .route({
        method: 'POST',
        path: '/api/policies/rules',
        tags: tags('policies'),
        summary: 'Write or take back the policy that a rule means',
      })
      .input(z.object({ rule: policyRuleSchema, isRemoved: z.boolean().default(false) }))
      .output(
        z.object({
          policy: policySchema.nullable(),
          problems: z
            .array(policyProblemSchema)
            .describe('What is odd about the rule that holds, such as a name that nothing has.'),
        }),
      ),
    explain: oc
      .route({
        method: 'POST',
        path: '/api/policies/explain',
        tags: tags('policies'),
        summary: 'What would become of a call, and why',
      })
      .input(policyQuestionSchema)
      .output(policyExplanationSchema),
  },
  tools: {
    call: oc
      .route({
        method: 'POST',
        path: '/api/tools/{name}/call',
        tags: tags('tools'),
        summary: 'Call a tool yourself, through the gate',
        outputStructure: 'detailed',
        description:
          'Answers 202 with the id of a question when a person has to allow it first: call again with the same idempotency key after that.',
      })
      .input(
        z.object({
          name: z.string(),
          sessionId: z.string(),
          args: jsonSchema.default({}),
          idempotencyKey: z.string().min(1).max(200).optional(),
        }),
      )
      .output(
        z.union([
          z.object({
            status: z.literal(200),
            body: z.object({
              status: z.enum(['ok', 'failed', 'denied', 'interrupted', 'cancelled']),
              text: z.string(),
            }),
          }),
          z.object({
            status: z.literal(202),
            body: z.object({ status: z.literal('waiting'), approvalId: z.string() }),
          }),
        ]),
      ),
  },
};
