import {
  FaultError,
  type GenerationParams,
  type Message,
  type QueueMode,
  type Session,
} from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { NewId } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Chat } from './chat.ts';
import { type Exported, type ExportFormat, exportSession } from './export.ts';

export interface SessionChange {
  title?: string | undefined;
  model?: string | null | undefined;
  queueMode?: QueueMode | undefined;
  params?: GenerationParams | null | undefined;
}

/** Sessions of an actor. Every method throws FaultError NOT_FOUND for a session that is not the actor's. */
export interface Sessions {
  create(actor: Actor, input: SessionChange): Promise<Session>;
  get(actor: Actor, id: string): Promise<Session>;
  list(
    actor: Actor,
    query: { limit: number; cursor?: string | undefined; search?: string | undefined },
  ): Promise<{ sessions: Session[]; nextCursor: string | null }>;
  update(actor: Actor, id: string, change: SessionChange): Promise<Session>;
  /** Stops what runs, then removes everything but a tombstone. */
  delete(actor: Actor, id: string): Promise<void>;
  history(
    actor: Actor,
    id: string,
    range: { after?: number | undefined; before?: number | undefined; limit: number },
  ): Promise<{ messages: Message[]; lastSeq: number; hasMore: boolean }>;
  pin(actor: Actor, id: string, messageId: string, isPinned: boolean): Promise<void>;
  export(actor: Actor, id: string, format: ExportFormat): Promise<Exported>;
}

export interface SessionsDeps {
  store: Store;
  chat: Chat;
  newId: NewId;
  defaultQueueMode: () => QueueMode;
  checkModel: (ref: string) => Promise<void>;
}

/** Only results of a client's tools came with it: there is nothing of the user to show. */
const isShown = ({ role, text, images }: Message) => role !== 'user' || text !== '' || images !== undefined;

export const createSessions = (deps: SessionsDeps): Sessions => {
  const { store } = deps;
  const get = async (actor: Actor, id: string): Promise<Session> => {
    const session = await store.session(actor, id);
    if (!session) throw new FaultError('NOT_FOUND', 'There is no such session.');
    return session;
  };
  const configure = async (id: string, { title, model, queueMode, params }: SessionChange) => {
    if (typeof model === 'string') await deps.checkModel(model);
    await store.write(async (tx) => {
      if (title !== undefined) await tx.append(id, { type: 'session.renamed', data: { title, by: 'user' } });
      if (model !== undefined || queueMode !== undefined || params !== undefined)
        await tx.append(id, { type: 'session.configured', data: { model, queueMode, params } });
    });
  };
  return {
    get,
    list: (actor, query) => store.sessions(actor, query),

    async create(actor, { title, model, queueMode, params }) {
      const id = deps.newId('ses_');
      if (typeof model === 'string') await deps.checkModel(model);
      await store.write((tx) =>
        tx.append(id, {
          type: 'session.created',
          data: {
            tenantId: actor.tenantId,
            owner: actor.userId,
            channel: actor.channel,
            title: title ?? '',
            queueMode: queueMode ?? deps.defaultQueueMode(),
          },
        }),
      );
      if (typeof model === 'string' || params) await configure(id, { model, params });
      return get(actor, id);
    },

    async update(actor, id, change) {
      await get(actor, id);
      await configure(id, change);
      return get(actor, id);
    },

    async delete(actor, id) {
      await get(actor, id);
      await deps.chat.abort(actor, id);
      await store.write(async (tx) => {
        await tx.append(id, { type: 'session.deleted', data: { by: actor.userId } });
        await tx.purgeSession(id);
      });
    },

    async history(actor, id, { after, before, limit }) {
      const session = await get(actor, id);
      const isFromEnd = after === undefined;
      const range =
        isFromEnd && before === undefined ? { before: Number.MAX_SAFE_INTEGER } : { after, before };
      const messages = await store.messages(id, { ...range, limit: limit + 1 });
      const hasMore = messages.length > limit;
      if (hasMore) isFromEnd ? messages.shift() : messages.pop();
      const last = messages.at(-1);
      if (last)
        void store.write((tx) => tx.markDelivered(id, session.lastSeq), { isLazy: true }).catch(() => {});
      return { messages: messages.filter(isShown), lastSeq: session.lastSeq, hasMore };
    },

    async pin(actor, id, messageId, isPinned) {
      await get(actor, id);
      if (!(await store.message(id, messageId)))
        throw new FaultError('NOT_FOUND', 'There is no such message in this session.');
      await store.write((tx) => tx.append(id, { type: 'message.pinned', data: { messageId, isPinned } }));
    },

    async export(actor, id, format) {
      return exportSession(store, await get(actor, id), format);
    },
  };
};
