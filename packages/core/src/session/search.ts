import type { Message, MessageRole, Session } from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { Store } from '../ports/store.ts';

export interface SearchHit {
  sessionId: string;
  title: string;
  messageId: string;
  seq: number;
  role: MessageRole;
  excerpt: string;
  createdAt: number;
}

const sessionPage = 200;
const messagePage = 1_000;
/** Messages that one search reads at most: about a tenth of a second. */
const readLimit = 20_000;
const excerptLength = 160;

/**
 * Messages of the actor that hold every word of the query, whatever its case: the last active session first, the
 * newest message first. Reads until it has enough, or has read enough.
 */
export const searchMessages = async (
  store: Store,
  actor: Actor,
  { query, limit }: { query: string; limit: number },
  signal?: AbortSignal,
): Promise<{ hits: SearchHit[]; isComplete: boolean }> => {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const hits: SearchHit[] = [];
  let read = 0;
  for await (const session of sessionsOf(store, actor)) {
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      if (signal?.aborted || read >= readLimit) return { hits, isComplete: false };
      const page = await store.messages(session.id, { before, limit: messagePage });
      read += page.length;
      for (const message of page.reverse()) {
        const hit = hitOf(session, message, words);
        if (hit && hits.push(hit) >= limit) return { hits, isComplete: false };
      }
      if (page.length < messagePage) break;
      before = page.at(-1)!.seq;
    }
  }
  return { hits, isComplete: true };
};

async function* sessionsOf(store: Store, actor: Actor): AsyncGenerator<Session> {
  for (let cursor: string | undefined; ; ) {
    const { sessions, nextCursor } = await store.sessions(actor, { limit: sessionPage, cursor });
    yield* sessions;
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
}

const fold = (text: string) => text.toLowerCase();

/** Results of tools are data that nobody said. */
const hitOf = (session: Session, message: Message, words: readonly string[]): SearchHit | null => {
  if (message.role === 'tool' || message.text === '') return null;
  const text = fold(message.text);
  if (!words.every((word) => text.includes(word))) return null;
  const { id: messageId, seq, role, createdAt } = message;
  const excerpt = excerptAround(message.text, text.indexOf(words[0]!));
  return { sessionId: session.id, title: session.title, messageId, seq, role, excerpt, createdAt };
};

const excerptAround = (text: string, at: number): string => {
  const start = Math.max(0, at - excerptLength / 3);
  const part = text
    .slice(start, start + excerptLength)
    .replace(/\s+/g, ' ')
    .trim();
  return `${start > 0 ? '…' : ''}${part}${start + excerptLength < text.length ? '…' : ''}`;
};
