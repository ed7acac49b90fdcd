import type { ModelAttempt } from '@reeve/protocol';
import type { Clock } from '../ports/clock.ts';
import type { ModelError, ModelEvent, ModelProvider, ModelRequest } from '../ports/model.ts';

/** One place in the chain of models that may answer. */
export interface Slot {
  provider: ModelProvider;
  model: string;
  /** Why it stands here: chosen for the session, default, fallback, always there. */
  why: string;
  isLanguageModel: boolean;
  contextTokens: number;
  maxOutputTokens: number;
}

export type SlotEvent =
  | Exclude<ModelEvent, { type: 'error' } | { type: 'finish' }>
  /** Another slot takes over; what came so far is void. */
  | { type: 'restarted' }
  | {
      type: 'finish';
      reason: Extract<ModelEvent, { type: 'finish' }>['reason'];
      usage: Extract<ModelEvent, { type: 'finish' }>['usage'];
      slot: Slot;
      attempts: ModelAttempt[];
    }
  | { type: 'error'; error: ModelError; attempts: ModelAttempt[] };

/** Failures after which the same slot is worth a second try at once. */
const isTransient = (error: ModelError) =>
  error.class === 'network' || error.class === 'overloaded' || error.class === 'garbled';
const retryDelayMs = 200;

/**
 * Asks slot after slot until one answers. Ends with exactly one `finish` or `error`, like a provider. A transient
 * failure is tried once more on the same slot, so long as nothing was said.
 */
export async function* streamFromSlots(
  slots: readonly Slot[],
  request: Omit<ModelRequest, 'model'>,
  deps: { clock: Clock; note: (failed: { slot: Slot; error: ModelError }, next: Slot) => string | null },
  signal: AbortSignal,
): AsyncGenerator<SlotEvent, void> {
  const attempts: ModelAttempt[] = [];
  let last: { slot: Slot; error: ModelError } | null = null;
  for (const slot of slots) {
    for (let tries = 0; tries < 2; tries += 1) {
      let hasSpoken = false;
      let failure: ModelError | null = null;
      const note = last && last.slot !== slot ? deps.note(last, slot) : null;
      if (note) yield { type: 'text', delta: note };
      for await (const event of slot.provider.stream({ ...request, model: slot.model }, signal)) {
        if (event.type === 'error') {
          failure = event.error;
        } else if (event.type === 'finish') {
          attempts.push({
            provider: slot.provider.id,
            model: slot.model,
            outcome: 'answered',
            why: slot.why,
          });
          yield { ...event, slot, attempts };
          return;
        } else {
          hasSpoken = true;
          yield event;
        }
      }
      failure ??= { class: 'garbled', message: 'the stream ended without an end' };
      attempts.push({
        provider: slot.provider.id,
        model: slot.model,
        outcome: 'failed',
        why: `${failure.class}: ${failure.message}`,
      });
      last = { slot, error: failure };
      if (signal.aborted || failure.class === 'aborted' || failure.class === 'context_overflow') {
        yield { type: 'error', error: failure, attempts };
        return;
      }
      if (hasSpoken || note) yield { type: 'restarted' };
      if (hasSpoken || !isTransient(failure)) break;
      if (tries === 0) await pause(deps.clock, retryDelayMs, signal);
    }
  }
  yield {
    type: 'error',
    error: last?.error ?? { class: 'unknown', message: 'no model is configured' },
    attempts,
  };
}

const pause = (clock: Clock, ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const stop = clock.at(clock.now() + ms, resolve);
    const giveUp = () => {
      stop();
      resolve();
    };
    signal.addEventListener('abort', giveUp, { once: true });
  });
