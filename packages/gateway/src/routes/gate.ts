import { signedIn } from '../context.ts';

const { approvals, policies, tools } = signedIn;
const never = new AbortController().signal;

export const approvalRoutes = {
  list: approvals.list.handler(async ({ input, context }) => ({
    approvals: await context.services.core.approvals.list(context.actor, input),
  })),
  get: approvals.get.handler(({ input, context }) =>
    context.services.core.approvals.get(context.actor, input.id),
  ),
  answer: approvals.answer.handler(({ input: { id, ...answer }, context }) =>
    context.services.core.approvals.answer(context.actor, id, answer),
  ),
};

export const policyRoutes = {
  list: policies.list.handler(async ({ context }) => ({
    policies: await context.services.core.policies.list(context.actor),
  })),
  history: policies.history.handler(async ({ input, context }) => ({
    versions: await context.services.core.policies.history(context.actor, input),
  })),
  check: policies.check.handler(async ({ input, context }) => ({
    problems: await context.services.core.policies.check(context.actor, input),
  })),
  save: policies.save.handler(({ input, context }) =>
    context.services.core.policies.save(context.actor, input),
  ),
  remove: policies.remove.handler(async ({ input: { params, query }, context }) => {
    await context.services.core.policies.remove(context.actor, { ...params, ...query });
    return { ok: true as const };
  }),
  rule: policies.rule.handler(({ input: { rule, isRemoved }, context }) =>
    context.services.core.policies.rule(context.actor, rule, isRemoved),
  ),
  explain: policies.explain.handler(({ input, context, signal = never }) =>
    context.services.core.policies.explain(context.actor, input, signal),
  ),
};

export const toolRoutes = {
  call: tools.call.handler(async ({ input, context, signal = never }) => {
    const outcome = await context.services.core.callTool(context.actor, input, signal);
    return outcome.status === 'waiting'
      ? { status: 202 as const, body: outcome }
      : { status: 200 as const, body: outcome };
  }),
};
