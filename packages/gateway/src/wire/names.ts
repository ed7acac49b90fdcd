import { hash } from 'node:crypto';
import { BoundedMap, mainAgent, type NewId, type Owner, ownerKey } from '@reeve/core';
import { FaultError } from '@reeve/protocol';

/** What names need of the store. */
export interface SessionKeyStore {
  sessionOf(owner: Owner, key: string): Promise<string | null>;
  keyOf(owner: Owner, sessionId: string): Promise<string | null>;
  bind(owner: Owner, key: string, sessionId: string): Promise<void>;
}

export interface Named {
  /** `agent:main:…`, as it stands in every event. */
  key: string;
  sessionId: string;
  /** True when the key is a session's own id: it names one that exists, and never makes one. */
  isId: boolean;
}

/**
 * What a client calls a session. A name belongs to its owner and opens nothing: whose session it is decides the
 * store. The first session of a name has an id that follows from both; a reset or a deletion binds the name to a new
 * one. A session that no client named is called by its id.
 */
export interface SessionNames {
  /** Throws FaultError NOT_FOUND for an agent that does not exist, INVALID_PARAMS for what is no name. */
  resolve(owner: Owner, name: string): Promise<Named>;
  /** A session by what OpenClaw's command line calls its id. */
  resolveId(owner: Owner, id: string): Promise<Named>;
  keyOf(owner: Owner, sessionId: string): Promise<string>;
  /** Makes the name known for good; once per name and process, at no cost after that. */
  remember(owner: Owner, named: Named): Promise<void>;
  /** From now on the name stands for a session of its own that nobody has spoken in. */
  renew(owner: Owner, key: string, sessionId?: string): Promise<string>;
}

/** What stands before a client's key among the idempotency keys of its owner. */
export const wirePrefix = 'wire:';
export const wireIdOf = (key: string, fallback: string) =>
  key.startsWith(wirePrefix) ? key.slice(wirePrefix.length) : fallback;

export const mainKey = 'main';
export const keyFor = (rest: string) => `agent:${mainAgent}:${rest}`;

const cacheLimit = 10_000;
const isSessionId = (text: string) => /^ses_[A-Za-z0-9_-]{1,120}$/.test(text);

export const createSessionNames = (store: SessionKeyStore, newId: NewId): SessionNames => {
  const bound = new BoundedMap<string, string>(cacheLimit);
  const slot = (owner: Owner, key: string) => `${ownerKey(owner)}\n${key}`;
  const keep = (owner: Owner, key: string, sessionId: string) => bound.set(slot(owner, key), sessionId);

  const find = async (owner: Owner, key: string): Promise<Named> => {
    const known = bound.get(slot(owner, key)) ?? (await store.sessionOf(owner, key));
    if (known !== null) keep(owner, key, known);
    return { key, sessionId: known ?? firstIdOf(owner, key), isId: false };
  };

  return {
    async resolve(owner, name) {
      const rest = restOf(name);
      return isSessionId(rest)
        ? { key: keyFor(rest), sessionId: rest, isId: true }
        : find(owner, keyFor(rest));
    },
    resolveId: async (owner, id) =>
      isSessionId(id)
        ? { key: keyFor(id), sessionId: id, isId: true }
        : find(owner, keyFor(`explicit:${id}`)),
    keyOf: async (owner, sessionId) => (await store.keyOf(owner, sessionId)) ?? keyFor(sessionId),
    async remember(owner, { key, sessionId, isId }) {
      if (isId || bound.has(slot(owner, key))) return;
      keep(owner, key, sessionId);
      await store.bind(owner, key, sessionId);
    },
    async renew(owner, key, sessionId = newId('ses_')) {
      await store.bind(owner, key, sessionId);
      keep(owner, key, sessionId);
      return sessionId;
    },
  };
};

const firstIdOf = (owner: Owner, key: string) =>
  `ses_${hash('sha256', JSON.stringify(['key', ownerKey(owner), key])).slice(0, 26)}`;

/** The part of a name behind its agent. There is one agent. */
const restOf = (name: string): string => {
  const [head, agent, ...rest] = name.trim().split(':');
  if (head !== 'agent') return name.trim();
  if (agent?.toLowerCase() !== mainAgent)
    throw new FaultError('NOT_FOUND', 'There is no such agent.', { next: 'Use the agent main.' });
  const text = rest.join(':');
  if (text === '') throw new FaultError('INVALID_PARAMS', 'The session key names no session.');
  return text;
};
