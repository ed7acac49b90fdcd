import { streamSession } from '@reeve/client';
import { type Activity, activityOf, type Fault, isDurable, type StreamItem } from '@reeve/protocol';
import { client, faultOf } from '../api/client.ts';
import { waitToRetry, whileVisible } from '../api/connection.ts';
import { createStore, type Store } from '../lib/store.ts';
import type { Block } from './items.ts';
import { createTimeline } from './timeline.ts';

export interface ConversationState {
  status: 'loading' | 'ready' | 'failed';
  fault: Fault | null;
  blocks: readonly Block[];
  hasOlder: boolean;
  openRuns: ReadonlySet<string>;
  /** How often something was said from here: whoever says something wants to see what becomes of it. */
  saidHere: number;
  /** What the running answer does; null while that is not known. */
  activity: Activity | null;
}

export interface Conversation {
  state: Store<ConversationState>;
  /** Follows the session until the result is called. */
  follow(): () => void;
  loadOlder(): Promise<void>;
  /** Loads the past until a message is there; false when there is no such message. */
  loadUntil(messageId: string): Promise<boolean>;
}

const pageSize = 400;
const largePageSize = 1_000;

const createConversation = (id: string): Conversation => {
  let timeline = createTimeline();
  let oldest = Number.MAX_SAFE_INTEGER;
  let known: number | null = null;
  let loading: Promise<void> | null = null;
  let frame = 0;
  let activity: Activity | null = null;
  const state = createStore<ConversationState>({
    status: 'loading',
    fault: null,
    blocks: [],
    hasOlder: false,
    openRuns: new Set(),
    saidHere: 0,
    activity: null,
  });
  const show = (change: Partial<ConversationState> = {}) => {
    if (timeline.openRuns().size === 0) activity = null;
    state.set((before) => ({
      ...before,
      blocks: timeline.blocks(),
      openRuns: new Set(timeline.openRuns()),
      activity,
      ...change,
    }));
  };
  /** Fragments come faster than a screen can show them. */
  const showSoon = () => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      show();
    });
  };

  const loadPage = async (limit: number): Promise<void> => {
    const isFirst = known === null;
    const page = await client.sessions.events({ id, limit, ...(!isFirst && { before: oldest }) });
    timeline.addPast(page.events);
    oldest = page.events[0]?.seq ?? oldest;
    if (isFirst) known = page.lastSeq;
    show({ status: 'ready', fault: null, hasOlder: page.hasMore });
  };
  const loadOlder = (limit = pageSize): Promise<void> =>
    (loading ??= loadPage(limit).finally(() => {
      loading = null;
    }));

  const apply = (item: StreamItem): void => {
    if (isDurable(item)) {
      known = item.seq;
      timeline.add(item);
    } else timeline.addFragment(item);
    activity = activityOf(item) ?? activity;
    // A page in the background draws no frames; its reader must find it up to date all the same.
    if (document.visibilityState === 'visible') showSoon();
    else show();
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    try {
      while (known === null)
        await loadOlder().catch(async (error: unknown) => {
          const fault = faultOf(error);
          show({ status: 'failed', fault });
          if (fault.code !== 'GATEWAY_UNREACHABLE') throw error;
          await waitToRetry(3_000, signal);
        });
      const after = known;
      for await (const item of streamSession(client, { sessionId: id, after, signal, wait: waitToRetry }))
        apply(item);
    } catch (error) {
      if (!signal.aborted) show({ status: 'failed', fault: faultOf(error) });
    }
  };

  return {
    state,
    follow() {
      if (state.get().status === 'failed') {
        timeline = createTimeline();
        known = null;
        show({ status: 'loading', fault: null });
      }
      return whileVisible(run);
    },
    loadOlder: () => loadOlder(),
    async loadUntil(messageId) {
      while (!timeline.has(messageId) && (known === null || state.get().hasOlder))
        await loadOlder(largePageSize);
      return timeline.has(messageId);
    },
  };
};

/** Conversations that were looked at lately stay as they are; a few, for each may be long. */
const keep = 6;
const conversations = new Map<string, Conversation>();

export const conversationOf = (id: string): Conversation => {
  const conversation = conversations.get(id) ?? createConversation(id);
  conversations.delete(id);
  conversations.set(id, conversation);
  if (conversations.size > keep) conversations.delete(conversations.keys().next().value!);
  return conversation;
};
