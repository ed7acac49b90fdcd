import { signedIn } from '../context.ts';

const { audit } = signedIn;
const never = new AbortController().signal;

export const auditRoutes = {
  list: audit.list.handler(async ({ input, context }) => ({
    entries: await context.services.core.audit.list(context.actor, input),
  })),
  stats: audit.stats.handler(({ input, context }) =>
    context.services.core.audit.stats(context.actor, input.hours),
  ),
  verify: audit.verify.handler(({ context, signal = never }) =>
    context.services.core.audit.verify(context.actor, signal),
  ),
  export: audit.export.handler(({ input, context }) =>
    context.services.core.audit.export(context.actor, input),
  ),
  hold: audit.hold.handler(async ({ input, context }) => {
    await context.services.core.audit.hold(context.actor, input.isHeld, input.reason);
    return { isHeld: input.isHeld };
  }),
};
