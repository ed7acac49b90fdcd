import { FaultError, type ImageRef, type Message, type Session } from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { NewId } from '../ports/clock.ts';
import type { Store, StoreTx } from '../ports/store.ts';
import type { Sessions } from './sessions.ts';

export interface ForkPoint {
  messageId: string;
  /** Whether the message itself belongs to the branch. */
  isIncluded: boolean;
}

const pageSize = 500;
/** Slash commands and what Reeve said unasked belong to the session where they happened. */
const isTaken = ({ role }: Message) => role === 'user' || role === 'assistant' || role === 'tool';

/**
 * Branches a session: a new one that begins with the history of the old one up to a message. The old one stays as it
 * is; the link is in the first event of the new one. History and link become durable together. Throws FaultError
 * NOT_FOUND for a session that is not the actor's or has no such message.
 */
export const createFork =
  ({ store, sessions, newId }: { store: Store; sessions: Pick<Sessions, 'get'>; newId: NewId }) =>
  async (actor: Actor, id: string, { messageId, isIncluded }: ForkPoint): Promise<Session> => {
    const source = await sessions.get(actor, id);
    const history = await historyUpTo(store, id, messageId, isIncluded);
    const { title, channel, queueMode, model, params } = source;
    const forkId = newId('ses_');
    const images = await readImages(store, id, history);
    await store.write(async (tx) => {
      await tx.append(forkId, {
        type: 'session.created',
        data: {
          tenantId: actor.tenantId,
          owner: actor.userId,
          channel,
          title,
          queueMode,
          forkedFrom: { sessionId: id, messageId },
        },
      });
      if (model !== null || params !== null)
        await tx.append(forkId, { type: 'session.configured', data: { model, params } });
      for (const message of history) {
        const { role, text, toolCalls, toolCallId, name } = message;
        const copies = await copyImages(tx, forkId, message.images ?? [], images, newId);
        await tx.append(forkId, {
          type: 'message.imported',
          data: {
            messageId: newId('msg_'),
            role,
            text,
            ...(toolCalls.length > 0 && { toolCalls }),
            ...(toolCallId !== null && { toolCallId }),
            ...(name !== null && { name }),
            ...(copies.length > 0 && { images: copies }),
          },
        });
      }
    });
    return sessions.get(actor, forkId);
  };

const historyUpTo = async (store: Store, id: string, messageId: string, isIncluded: boolean) => {
  const point = await store.message(id, messageId);
  if (!point) throw new FaultError('NOT_FOUND', 'There is no such message in this session.');
  const end = isIncluded ? await endOfStep(store, point) : point.seq - 1;
  const history: Message[] = [];
  for (let after = 0; after < end; ) {
    const page = await store.messages(id, { after, limit: pageSize });
    history.push(...page.filter((message) => message.seq <= end && isTaken(message)));
    if (page.length < pageSize) break;
    after = page.at(-1)!.seq;
  }
  return history;
};

/** Calls without their results would be half a step. */
const endOfStep = async (store: Store, point: Message): Promise<number> => {
  if (point.toolCalls.length === 0) return point.seq;
  const asked = new Set(point.toolCalls.map((call) => call.id));
  const next = await store.messages(point.sessionId, { after: point.seq, limit: pageSize });
  return next.findLast((message) => asked.has(message.toolCallId ?? ''))?.seq ?? point.seq;
};

/** The bytes of every picture of a history, by artifact. */
const readImages = async (store: Store, id: string, history: readonly Message[]) => {
  const texts = new Map<string, string>();
  for (const image of history.flatMap((message) => message.images ?? [])) {
    const text = 'artifactId' in image ? await store.artifact(id, image.artifactId) : null;
    if ('artifactId' in image && text !== null) texts.set(image.artifactId, text);
  }
  return texts;
};

const copyImages = async (
  tx: StoreTx,
  sessionId: string,
  images: readonly ImageRef[],
  texts: ReadonlyMap<string, string>,
  newId: NewId,
): Promise<ImageRef[]> => {
  const copies: ImageRef[] = [];
  for (const image of images) {
    if ('url' in image) {
      copies.push(image);
      continue;
    }
    const text = texts.get(image.artifactId);
    if (text === undefined) continue;
    const artifactId = newId('art_');
    await tx.saveArtifact({ id: artifactId, sessionId, name: image.mediaType, text });
    copies.push({ ...image, artifactId });
  }
  return copies;
};
