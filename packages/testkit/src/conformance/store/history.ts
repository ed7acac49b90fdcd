import type { Owner, StoreReads, StoreTx } from '@reeve/core';
import type { NewEvent } from '@reeve/protocol';
import fc from 'fast-check';
import {
  answered,
  commandAnswered,
  commanded,
  compacted,
  created,
  deleted,
  finished,
  imported,
  pinned,
  posted,
  received,
  renamed,
  started,
  steered,
  toolFinished,
  toolStarted,
} from './events.ts';
import { ada, adaElsewhere, bob } from './owners.ts';

/** Something that happens in one of a few sessions; what is impossible at that point does not happen. */
export interface Step {
  session: number;
  kind: (typeof kinds)[number];
  text: string;
  pick: number;
}

const kinds = [
  'receive',
  'start',
  'answer',
  'call',
  'finish',
  'steer',
  'cancel',
  'command',
  'notify',
  'pin',
  'rename',
  'configure',
  'import',
  'compact',
  'deliver',
  'delete',
] as const;

/** Messages and turns three times as often as the rest, and few deletions. */
const kind = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('receive', 'start', 'answer', 'call', 'finish') },
  { weight: 2, arbitrary: fc.constantFrom(...kinds.filter((name) => name !== 'delete')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('delete', 'receive', 'start', 'answer', 'finish', 'notify', 'command', 'pin'),
  },
);

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record<Step>({
    session: fc.nat({ max: 2 }),
    kind,
    text: fc.string({ unit: 'binary', maxLength: 24 }),
    pick: fc.nat({ max: 1_000 }),
  }),
  { minLength: 1, maxLength: 60 },
);

interface SessionState {
  id: string;
  owner: Owner;
  seq: number;
  waiting: { runId: string; messageId: string }[];
  running: { runId: string; step: number } | null;
  messages: string[];
}

/** Everything a history named, to read it back by. */
export interface Named {
  sessions: string[];
  runs: string[];
  messages: string[];
  keys: string[];
}

/** Plays steps as a gateway and its runs would write them. `prefix` makes ids unique within a store. */
export const createHistory = (prefix: string) => {
  const named: Named = { sessions: [], runs: [], messages: [], keys: [] };
  const open = new Map<number, SessionState>();
  let count = 0;
  const id = (kind: string, list: string[]) => {
    count += 1;
    const value = `${kind}_${prefix}_${String(count).padStart(5, '0')}`;
    list.push(value);
    return value;
  };

  /** What one step means for its session. */
  const eventsOf = (state: SessionState, { kind, text, pick }: Step): NewEvent[] => {
    const { running, waiting, messages } = state;
    const message = (): string => {
      const value = id('msg', named.messages);
      messages.push(value);
      return value;
    };
    switch (kind) {
      case 'receive': {
        const runId = id('run', named.runs);
        const messageId = message();
        waiting.push({ runId, messageId });
        const idempotencyKey = id('key', named.keys);
        return [
          received(messageId, runId, {
            text,
            idempotencyKey,
            ...(pick % 2 === 0 && { thread: `thread ${pick % 6}` }),
            ...(pick % 3 === 0 && { model: 'local/big', params: { temperature: pick / 1_000 } }),
            ...(pick % 5 === 0 && { sender: { kind: 'schedule' as const, id: 'rem_1' } }),
          }),
        ];
      }
      case 'start': {
        const next = running ? undefined : waiting.shift();
        if (!next) return [];
        state.running = { runId: next.runId, step: 0 };
        return [started(next.runId)];
      }
      case 'answer':
        if (!running) return [];
        running.step += 1;
        return [
          answered(running.runId, message(), {
            text,
            step: running.step,
            usage: {
              inputTokens: pick,
              outputTokens: pick % 7,
              ...(pick % 2 === 0 && { costUsd: pick / 1_000 }),
            },
          }),
        ];
      case 'call': {
        if (!running) return [];
        const call = { id: `call_${pick}`, name: 'clock', args: { text } };
        const status = pick % 3 === 0 ? 'failed' : 'ok';
        return [
          answered(running.runId, message(), { text: '', toolCalls: [call] }),
          toolStarted(running.runId, call),
          toolFinished(running.runId, message(), call.id, { text, status }),
        ];
      }
      case 'finish':
        if (!running) return [];
        state.running = null;
        return [
          finished(running.runId, pick % 4 === 0 ? { outcome: 'failed' } : { messageId: messages.at(-1)! }),
        ];
      case 'steer': {
        const joining = running ? waiting.shift() : undefined;
        if (!running || !joining) return [];
        return [
          steered(joining.messageId, running.runId),
          finished(joining.runId, { outcome: 'absorbed', absorbedBy: running.runId }),
        ];
      }
      case 'cancel': {
        const last = waiting.pop();
        return last ? [finished(last.runId, { outcome: 'cancelled' })] : [];
      }
      case 'command': {
        const messageId = message();
        return [commanded(messageId, id('key', named.keys)), commandAnswered(messageId)];
      }
      case 'notify':
        return [posted(message(), text)];
      case 'pin':
        return messages.length > 0 ? [pinned(messages[pick % messages.length]!, pick % 4 !== 0)] : [];
      case 'rename':
        return [renamed(text)];
      case 'configure':
        return [
          {
            type: 'session.configured',
            data:
              pick % 2 === 0
                ? { model: 'local/big', instructions: text }
                : { model: null, queueMode: 'interrupt' },
          },
        ];
      case 'import':
        return [imported(message(), pick % 2 === 0 ? 'user' : 'assistant', text)];
      case 'compact':
        return running ? [compacted(running.runId, 1 + (pick % state.seq), text)] : [];
      case 'deliver':
      case 'delete':
        return [];
    }
  };

  return {
    named,
    async play(tx: StoreTx, step: Step): Promise<void> {
      let state = open.get(step.session);
      if (!state) {
        state = {
          id: id('ses', named.sessions),
          owner: [ada, bob, adaElsewhere][step.session]!,
          seq: 1,
          waiting: [],
          running: null,
          messages: [],
        };
        open.set(step.session, state);
        await tx.append(state.id, created(state.owner, step.text));
      }
      if (step.kind === 'deliver') await tx.markDelivered(state.id, step.pick % (state.seq + 1));
      if (step.kind === 'delete') {
        await tx.append(state.id, deleted());
        await tx.purgeSession(state.id);
        open.delete(step.session);
      }
      for (const [index, event] of eventsOf(state, step).entries()) {
        state.seq += 1;
        await tx.append(state.id, event, index === 0 ? `key ${state.seq}` : undefined);
      }
    },
    /** Sessions that were not deleted, with the number of their last event. */
    open: () => [...open.values()].map(({ id, seq }) => ({ id, seq })),
  };
};

/** Every answer the store can give about what a history named. */
export const readAll = async (store: StoreReads, named: Named): Promise<unknown> => {
  const each = <T>(list: string[], read: (item: string) => Promise<T>) => Promise.all(list.map(read));
  return {
    owners: await Promise.all(
      [ada, bob, adaElsewhere].map(async (owner) => ({
        sessions: await store.sessions(owner, { limit: 1_000 }),
        notifications: await store.notifications(owner),
        usage: await store.usage(owner, 0),
        inbox: await each(named.keys, (key) => store.inboxEntry(owner, key)),
        threads: await each(['thread 0', 'thread 2', 'thread 4'], (thread) =>
          store.turnByThread(owner, thread),
        ),
      })),
    ),
    sessions: await each(named.sessions, async (id) => ({
      events: await store.events(id, 0, 10_000),
      messages: await store.messages(id, { limit: 10_000 }),
      transcript: await store.transcript(id),
      asRun: await each(named.runs.slice(-3), (runId) => store.transcript(id, runId)),
      open: await store.openTurns(id),
    })),
    turns: await each(named.runs, (runId) => store.turn(runId)),
    open: await store.openTurns(),
    counts: await store.counts(),
  };
};
