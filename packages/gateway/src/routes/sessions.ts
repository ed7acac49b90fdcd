import { signedIn } from '../context.ts';

const { sessions } = signedIn;

export const sessionRoutes = {
  list: sessions.list.handler(({ input, context }) =>
    context.services.core.sessions.list(context.actor, input),
  ),
  create: sessions.create.handler(({ input, context }) =>
    context.services.core.sessions.create(context.actor, input),
  ),
  get: sessions.get.handler(({ input, context }) =>
    context.services.core.sessions.get(context.actor, input.id),
  ),
  update: sessions.update.handler(({ input: { id, ...change }, context }) =>
    context.services.core.sessions.update(context.actor, id, change),
  ),
  delete: sessions.delete.handler(async ({ input, context }) => {
    await context.services.core.sessions.delete(context.actor, input.id);
    return { ok: true as const };
  }),
  export: sessions.export.handler(({ input, context }) =>
    context.services.core.sessions.export(context.actor, input.id, input.format),
  ),
  history: sessions.history.handler(({ input: { id, ...range }, context }) =>
    context.services.core.sessions.history(context.actor, id, range),
  ),
  pin: sessions.pin.handler(async ({ input, context }) => {
    await context.services.core.sessions.pin(context.actor, input.id, input.messageId, input.isPinned);
    return { ok: true as const };
  }),
};
