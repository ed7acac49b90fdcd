import { type Fault, FaultError, type ModelAttempt } from '@reeve/protocol';
import type { Reservation, Spend } from '../budget/spend.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelError, ModelEvent, ModelFacts, ModelProvider, ModelRequest } from '../ports/model.ts';
import type { Circuits, CircuitTarget } from './circuits.ts';
import { withCost } from './cost.ts';
import { estimatedUsage } from './estimated-usage.ts';
import type { HealthWindow } from './health.ts';
import { type StreamLimits, timedStream } from './timed-stream.ts';

/** One place in the chain of models that may answer. */
export interface Slot {
  provider: ModelProvider;
  model: string;
  /** Why it stands here: chosen for the session, default, fallback, always there. */
  why: string;
  /** The user named it, for this message or this session. */
  isChosen: boolean;
  isLanguageModel: boolean;
  contextTokens: number;
  maxOutputTokens: number;
  limits: StreamLimits;
  maxRetries: number;
  facts: ModelFacts | null;
  /** What bounds whoever is answered; absent where nobody is. */
  spend?: Spend;
  /** Why it cannot take this request; it is skipped so long as another can. */
  unfit?: string;
}

export type SlotEvent =
  | Exclude<ModelEvent, { type: 'error' } | { type: 'finish' }>
  /** Another slot takes over; what came so far is void. */
  | { type: 'restarted' }
  | (Extract<ModelEvent, { type: 'finish' }> & { slot: Slot; attempts: ModelAttempt[] })
  /** `slot` is the one that was asked last, if any was. */
  | { type: 'error'; error: ModelError; slot: Slot | null; attempts: ModelAttempt[] };

export interface SlotDeps {
  clock: Clock;
  circuits: Circuits;
  health: HealthWindow;
  /** Between 0 and 1, for the jitter of retries. */
  random: () => number;
  /** What the user is told when `next` takes over. */
  note: (failed: { slot: Slot; error: ModelError }, next: Slot) => string | null;
}

/** Failures after which the same slot is worth another try at once. */
const isTransient = (error: ModelError) =>
  error.class === 'network' || error.class === 'overloaded' || error.class === 'garbled';

/** F038: 200 ms, 400 ms, 600 ms …; up to as much again at random, so that many runs do not return together. */
const retryStepMs = 200;

const targetOf = ({ provider, model }: Slot): CircuitTarget => ({
  provider: provider.id,
  account: provider.account,
  model,
});

/** Name under which the health of a provider's account is kept. */
export const healthName = (provider: Pick<ModelProvider, 'id' | 'account'>) =>
  `${provider.id}\n${provider.account}`;

/**
 * Asks slot after slot until one answers. Ends with exactly one `finish` or `error`, like a provider. A transient
 * failure is tried again on the same slot, so long as nothing was said. A slot whose circuit is open is skipped; if
 * that leaves no language model, the one that failed longest ago is asked after all.
 */
export async function* streamFromSlots(
  slots: readonly Slot[],
  request: Omit<ModelRequest, 'model'>,
  deps: SlotDeps,
  signal: AbortSignal,
): AsyncGenerator<SlotEvent, void> {
  const { circuits, health, clock } = deps;
  const attempts: ModelAttempt[] = [];
  const skip = (slot: Slot, why: string) => attempts.push(attemptOf(slot, 'skipped', why));
  let last: { slot: Slot; error: ModelError } | null = null;
  let refused: Fault | null = null;

  for (const { slot, isAdmitted } of planOf(slots, circuits, clock.now(), skip)) {
    // Whoever may not spend more is told so; rules do not stand in for a model that was not asked.
    if (refused && !slot.isLanguageModel && !last) break;
    const target = targetOf(slot);
    // Meanwhile another run may have found out that it is down.
    const cooling = isAdmitted ? circuits.admit(target) : null;
    if (cooling) {
      skip(slot, coolingReason(cooling.class, cooling.until - clock.now()));
      continue;
    }
    for (let tries = 0; ; tries += 1) {
      const reserved = slot.isLanguageModel
        ? await slot.spend?.reserve(slot, request).catch((error: unknown) => {
            if (isAdmitted) circuits.release(target);
            throw error;
          })
        : undefined;
      if (reserved && 'refused' in reserved) {
        if (isAdmitted) circuits.release(target);
        skip(slot, reserved.refused.message);
        refused = reserved.refused;
        break;
      }
      const startedAt = clock.now();
      let firstTokenMs: number | null = null;
      let hasSpoken = false;
      let said = 0;
      let failure: ModelError | null = null;
      let isOver = false;
      const note = last && last.slot !== slot ? deps.note(last, slot) : null;
      if (note) yield { type: 'text', delta: note };
      try {
        const stream = timedStream(
          slot.provider,
          requestFor(slot, capped(request, reserved)),
          slot.limits,
          clock,
          signal,
        );
        for await (const event of stream) {
          if (event.type === 'error') {
            failure = event.error;
          } else if (event.type === 'finish') {
            isOver = true;
            reserved?.settle(withCost(event.usage ?? estimatedUsage(request, said), slot.facts?.price));
            circuits.succeeded(target);
            health.answered(healthName(slot.provider), firstTokenMs ?? clock.now() - startedAt);
            attempts.push(attemptOf(slot, 'answered', slot.why));
            yield { ...event, slot, attempts };
            return;
          } else {
            firstTokenMs ??= clock.now() - startedAt;
            hasSpoken ||= event.type !== 'progress';
            if (event.type === 'text' || event.type === 'reasoning') said += event.delta.length;
            yield event;
          }
        }
        isOver = true;
      } finally {
        // Broken off or left in the middle: what was said so far was paid for, as far as anybody knows.
        reserved?.settle(hasSpoken ? withCost(estimatedUsage(request, said), slot.facts?.price) : null);
        // The consumer left in the middle: nothing was learned.
        if (!isOver) circuits.release(target);
      }
      failure ??= { class: 'garbled', message: 'the stream ended without an end' };
      attempts.push(attemptOf(slot, 'failed', `${failure.class}: ${failure.message}`));
      circuits.failed(target, failure);
      if (failure.class !== 'aborted') health.failed(healthName(slot.provider), failure);
      last = { slot, error: failure };
      if (signal.aborted || failure.class === 'aborted' || failure.class === 'context_overflow') {
        yield { type: 'error', error: failure, slot, attempts };
        return;
      }
      if (hasSpoken || note) yield { type: 'restarted' };
      if (hasSpoken || !isTransient(failure) || tries >= slot.maxRetries) break;
      await pause(clock, Math.round(retryStepMs * (tries + 1) * (1 + deps.random())), signal);
    }
  }
  if (refused && !last) throw new FaultError(refused.code, refused.message, refused);
  yield {
    type: 'error',
    error: last?.error ?? { class: 'unknown', message: 'no model is configured' },
    slot: last?.slot ?? null,
    attempts,
  };
}

/** The request with no more output than was reserved. */
const capped = (
  request: Omit<ModelRequest, 'model'>,
  reserved: Reservation | undefined,
): Omit<ModelRequest, 'model'> =>
  reserved && reserved.maxOutputTokens !== null
    ? { ...request, params: { ...request.params, maxOutputTokens: reserved.maxOutputTokens } }
    : request;

/** What a slot is asked: a model that does not see is told that there was something to see. */
const requestFor = (slot: Slot, request: Omit<ModelRequest, 'model'>): ModelRequest => {
  const isBlind = !slot.isLanguageModel || slot.facts?.supportsImages === false;
  if (!isBlind || !request.messages.some((message) => message.role === 'user' && message.images))
    return { ...request, model: slot.model };
  const messages = request.messages.map((message) => {
    if (message.role !== 'user' || !message.images) return message;
    const { images, text } = message;
    const note = `[${images.length === 1 ? 'an image' : `${images.length} images`} that this model cannot see]`;
    return { role: 'user' as const, text: [text, note].filter(Boolean).join('\n\n') };
  });
  return { ...request, messages, model: slot.model };
};

const attemptOf = (slot: Slot, outcome: ModelAttempt['outcome'], why: string): ModelAttempt => ({
  provider: slot.provider.id,
  ...(slot.provider.account !== 'default' && { account: slot.provider.account }),
  model: slot.model,
  outcome,
  why,
});

const coolingReason = (errorClass: string, ms: number) =>
  ms > 0
    ? `left alone for another ${Math.ceil(ms / 1000)} s after ${errorClass}`
    : `being tried by another run after ${errorClass}`;

/**
 * The slots to ask, in order. Unfit ones only when every language model is; those that cool down only when all do,
 * the oldest failure first (F038) and not while a rate limit still runs, in front of what follows rules.
 */
const planOf = (
  slots: readonly Slot[],
  circuits: Circuits,
  now: number,
  skip: (slot: Slot, why: string) => void,
): { slot: Slot; isAdmitted: boolean }[] => {
  const models = slots.filter((slot) => slot.isLanguageModel);
  const fit = models.some((slot) => slot.unfit === undefined)
    ? models.filter((slot) => {
        if (slot.unfit !== undefined) skip(slot, slot.unfit);
        return slot.unfit === undefined;
      })
    : models;
  const coolingOf = (slot: Slot) => circuits.coolingOf(targetOf(slot));
  const ready = fit.filter((slot) => !coolingOf(slot));
  const resting = fit.filter((slot) => coolingOf(slot));
  const rules = slots.filter((slot) => !slot.isLanguageModel).map((slot) => ({ slot, isAdmitted: true }));
  const [oldest] =
    ready.length > 0
      ? []
      : resting
          .filter((slot) => coolingOf(slot)!.class !== 'rate_limited' || coolingOf(slot)!.until <= now)
          .sort((a, b) => coolingOf(a)!.failedAt - coolingOf(b)!.failedAt);
  for (const slot of resting) {
    const { class: errorClass, until } = coolingOf(slot)!;
    if (slot !== oldest) skip(slot, coolingReason(errorClass, until - now));
  }
  return [
    ...(oldest ? [{ slot: oldest, isAdmitted: false }] : ready.map((slot) => ({ slot, isAdmitted: true }))),
    ...rules,
  ];
};

const pause = (clock: Clock, ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const end = () => {
      stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const stop = clock.at(clock.now() + ms, end);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
