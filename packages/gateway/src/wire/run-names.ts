import { BoundedMap, type Store } from '@reeve/core';
import type { Message } from '@reeve/protocol';
import { wireIdOf } from './names.ts';
import type { Shown } from './present.ts';

const cacheLimit = 10_000;

/** What clients call runs. They know their own messages, and the answers to them, by that name alone. */
export interface RunNames {
  note(runId: string, wireId: string): void;
  /** Messages with the names of their runs; the journal knows those that are not remembered. */
  show(messages: readonly Message[]): Promise<Shown[]>;
}

/** A command and its answer belong together by the id of the command. */
const runIdOf = ({ role, id, runId }: Message): string | null =>
  role === 'command' ? id.replace(/_answer$/, '') : runId;

export const createRunNames = (store: Store): RunNames => {
  const known = new BoundedMap<string, string>(cacheLimit);
  const note = (runId: string, wireId: string) => void known.set(runId, wireId);
  const find = async (sessionId: string, runId: string): Promise<string> => {
    const seq = (await store.turn(runId))?.seq ?? (await store.message(sessionId, runId))?.seq;
    const [event] = seq === undefined ? [] : await store.events(sessionId, seq - 1, 1);
    const isAsked = event?.type === 'message.received' || event?.type === 'command.received';
    return isAsked ? wireIdOf(event.data.idempotencyKey, runId) : runId;
  };
  return {
    note,
    async show(messages) {
      const runs = new Map<string, string>();
      for (const message of messages) {
        const runId = runIdOf(message);
        if (runId !== null && !known.has(runId)) runs.set(runId, message.sessionId);
      }
      await Promise.all(
        [...runs].map(async ([runId, sessionId]) => note(runId, await find(sessionId, runId))),
      );
      return messages.map((message) => {
        const wireId = known.get(runIdOf(message) ?? '');
        return wireId === undefined ? message : { ...message, wireId };
      });
    },
  };
};
