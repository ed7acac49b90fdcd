import { signedIn } from '../context.ts';

const { budgets } = signedIn;

export const budgetRoutes = {
  list: budgets.list.handler(async ({ context }) => ({
    budgets: await context.services.core.budgets.list(context.actor),
  })),
  mine: budgets.mine.handler(async ({ input, context }) => ({
    budgets: await context.services.core.budgets.mine(context.actor, input.sessionId),
  })),
  set: budgets.set.handler(({ input, context }) => context.services.core.budgets.set(context.actor, input)),
  remove: budgets.remove.handler(async ({ input, context }) => {
    await context.services.core.budgets.remove(context.actor, input.id);
    return { ok: true as const };
  }),
};
