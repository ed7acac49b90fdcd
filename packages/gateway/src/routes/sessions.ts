import { eventsPage, exportHtml } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import { signedIn } from '../context.ts';
import { prepareStream } from '../http/sse.ts';

const { sessions, search, overview } = signedIn;
const never = new AbortController().signal;

export const sessionRoutes = {
  list: sessions.list.handler(async ({ input, context: { services, actor } }) => {
    const page = await services.core.sessions.list(actor, input);
    const ids = page.sessions.map(({ id }) => id);
    return { ...page, readSeqs: Object.fromEntries(await services.store.readMarks(actor, ids)) };
  }),
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
  export: sessions.export.handler(async ({ input: { id, format }, context: { services, actor } }) => {
    const { sessions } = services.core;
    const whole = await sessions.export(actor, id, format === 'html' ? 'json' : format);
    const clean = { ...whole, content: services.secrets.redactor.document(whole.content) };
    return format === 'html' ? exportHtml(clean) : clean;
  }),
  history: sessions.history.handler(({ input: { id, ...range }, context }) =>
    context.services.core.sessions.history(context.actor, id, range),
  ),
  events: sessions.events.handler(({ input: { id, ...range }, context }) =>
    eventsPage(context.services.store, context.actor, id, range),
  ),
  fork: sessions.fork.handler(({ input: { id, ...point }, context }) =>
    context.services.core.fork(context.actor, id, point),
  ),
  image: sessions.image.handler(async ({ input, context: { services, actor } }) => {
    await services.core.sessions.get(actor, input.id);
    const data = await services.store.artifact(input.id, input.artifactId);
    if (data === null) throw new FaultError('NOT_FOUND', 'There is no such picture in this session.');
    return { data };
  }),
  markRead: sessions.markRead.handler(async ({ input, context }) => ({
    readSeq: await context.services.core.readMarks.move(context.actor, input.id, input.seq),
  })),
  pin: sessions.pin.handler(async ({ input, context }) => {
    await context.services.core.sessions.pin(context.actor, input.id, input.messageId, input.isPinned);
    return { ok: true as const };
  }),
};

export const searchRoutes = {
  messages: search.messages.handler(async ({ input, context }) => ({
    hits: await context.services.store.search(context.actor, input),
  })),
};

export const overviewRoutes = {
  stream: overview.stream.handler(async ({ context, signal = never }) => {
    prepareStream(context.reply.request, context.reply);
    return context.services.core.overview(context.actor, signal);
  }),
};
