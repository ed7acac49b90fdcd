import { z } from 'zod';
import { jsonSchema, riskSchema, timeSchema } from './nouns.ts';

export const approvalStatusSchema = z
  .enum(['pending', 'approved', 'denied', 'expired', 'void'])
  .describe(
    'expired = nobody answered in time, which is a no; void = what was asked about changed, or its run ended.',
  );
export type ApprovalStatus = z.infer<typeof approvalStatusSchema>;

export const approvalScopeSchema = z
  .enum(['once', 'session', 'always'])
  .describe('once = this very call; session = this tool in this session for a while; always = by a policy.');
export type ApprovalScope = z.infer<typeof approvalScopeSchema>;

/** One call that is asked about, exactly as it would be made. */
export const approvalCallSchema = z.object({
  callKey: z
    .string()
    .nullable()
    .describe('Names the call within its run; null for a step of a plan, which nobody has called yet.'),
  tool: z.string(),
  args: jsonSchema,
  target: z.string().describe('What it aims at, where its arguments say so.'),
  risk: riskSchema,
  rules: z.array(z.string()).describe('What made it that risky.'),
  digest: z.string().describe('SHA-256 of the tool, its arguments, the session and what it rests on.'),
  preview: z.string().optional().describe('What would change, as a unified diff.'),
  argsShown: z.string().optional().describe('The arguments without secrets, as the audit shows them.'),
});
export type ApprovalCall = z.infer<typeof approvalCallSchema>;

/** A question as it lies in the journal. */
export const approvalRequestSchema = z.object({
  approvalId: z.string(),
  runId: z.string(),
  requestedBy: z.string(),
  channel: z.string(),
  risk: riskSchema.describe('The worst of the calls.'),
  calls: z.array(approvalCallSchema).min(1),
  policies: z.array(z.string()).describe('Which policies did not let it pass without asking.'),
  scopes: z.array(approvalScopeSchema).describe('Which answers are on offer beside no.'),
  policy: z.string().nullable().describe('The policy that the answer always would write.'),
  isAttended: z.boolean(),
  expiresAt: timeSchema,
});
export type ApprovalRequest = z.infer<typeof approvalRequestSchema>;

export const approvalSettlementSchema = z.object({
  approvalId: z.string(),
  status: approvalStatusSchema.exclude(['pending']),
  scope: approvalScopeSchema,
  by: z.string().nullable().describe('Who answered; null when nobody did.'),
  channel: z.string(),
  note: z.string().describe('A reason, or what to do instead.'),
});
export type ApprovalSettlement = z.infer<typeof approvalSettlementSchema>;

export const alwaysWithheldSchema = z
  .enum(['risk', 'calls', 'tenant', 'permission'])
  .describe(
    'Why you cannot answer with always; null when you can. risk = it is worse than medium; calls = several tools or a plan; tenant = what may be is for the tenant to say whose Reeve it is; permission = you may not write policies.',
  );

export const approvalSchema = approvalRequestSchema.omit({ approvalId: true }).extend({
  id: z.string(),
  sessionId: z.string(),
  status: approvalStatusSchema,
  createdAt: timeSchema,
  settled: approvalSettlementSchema
    .omit({ approvalId: true, status: true })
    .extend({ at: timeSchema })
    .nullable(),
  mayDecide: z.boolean().describe('Whether you may answer it.'),
  alwaysWithheld: alwaysWithheldSchema.nullable(),
});
export type Approval = z.infer<typeof approvalSchema>;

export const approvalAnswerSchema = z.object({
  decision: z.enum(['approve', 'deny']),
  scope: approvalScopeSchema.default('once'),
  note: z
    .string()
    .max(4_000)
    .default('')
    .describe('A reason; with deny, what to do instead. A critical call is approved only with a reason.'),
});
export type ApprovalAnswer = z.input<typeof approvalAnswerSchema>;
