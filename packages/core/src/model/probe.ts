import { FaultError } from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { Clock } from '../ports/clock.ts';
import type { Direct } from '../run/direct.ts';
import type { ModelCatalog } from './catalog.ts';
import type { Slot } from './slots.ts';

export interface Probe {
  ok: boolean;
  /** How many models it offers. */
  models: number;
  /** The one that was asked for a word; null when none was. */
  model: string | null;
  /** Until its first sign of an answer. */
  latencyMs: number | null;
  /** Of the first key that does not work: `class: message`. */
  error: string | null;
}

/** A provider that keeps silent longer does not work, whatever it is still up to. */
const limitMs = 20_000;
/** Some refuse to say less. */
const answerTokens = 16;

/**
 * Finds out whether a provider works: each of its keys asks one model for a word. A list of models is no proof: some
 * servers show theirs to anybody, and a list in the configuration comes from no server at all. What it used is
 * journalled like any other call.
 */
export const createProbe = (deps: {
  catalog: ModelCatalog;
  direct: Pick<Direct, 'stream'>;
  clock: Clock;
}) => {
  const { catalog, direct, clock } = deps;

  const ask = async (
    actor: Actor,
    slot: Slot,
    signal: AbortSignal,
  ): Promise<{ error: string } | { latencyMs: number }> => {
    const startedAt = clock.now();
    let firstAt: number | null = null;
    const call = new AbortController();
    let hasTimedOut = false;
    const stopTimer = clock.at(startedAt + limitMs, () => {
      hasTimedOut = true;
      call.abort();
    });
    const request = {
      messages: [{ role: 'user' as const, text: 'Say hi.' }],
      tools: [],
      params: { maxOutputTokens: answerTokens },
    };
    try {
      const both = AbortSignal.any([signal, call.signal]);
      for await (const event of direct.stream(actor, [{ ...slot, maxRetries: 0 }], request, both)) {
        if (event.type === 'error')
          return {
            error: hasTimedOut
              ? `timeout: it said nothing for ${limitMs} ms`
              : `${event.error.class}: ${event.error.message}`,
          };
        firstAt ??= clock.now();
      }
    } finally {
      stopTimer();
    }
    return { latencyMs: (firstAt ?? clock.now()) - startedAt };
  };

  /** Throws FaultError NOT_FOUND for a provider that there is not. */
  return async (actor: Actor, providerId: string, signal: AbortSignal): Promise<Probe> => {
    if (!catalog.status().some(({ id }) => id === providerId))
      throw new FaultError('NOT_FOUND', 'There is no such provider.');
    const models = (await catalog.list({ refresh: true })).filter(({ provider }) => provider === providerId);
    const slots = await catalog.ofProvider(providerId);
    const [{ model = '', isLanguageModel = false } = {}] = slots;
    const found = { models: models.length, model: null, latencyMs: null };
    if (model === '') return { ...found, ok: false, error: 'It lists no models: check its address and key.' };
    // What follows rules is part of this program.
    if (!isLanguageModel) return { ...found, ok: true, error: null };
    let latencyMs = 0;
    for (const slot of slots) {
      const answer = await ask(actor, slot, signal);
      if ('error' in answer) return { ...found, ok: false, model, error: withAccount(slot, answer.error) };
      latencyMs = Math.max(latencyMs, answer.latencyMs);
    }
    return { ...found, ok: true, model, latencyMs, error: null };
  };
};

const withAccount = ({ provider: { account } }: Slot, error: string) =>
  account === 'default' ? error : `account ${account}: ${error}`;
