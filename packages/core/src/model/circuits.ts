import { BoundedMap } from '../bounded-map.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelError, ModelErrorClass } from '../ports/model.ts';

/** What fails alone: one model under one of the owner's keys. Another model, or another key, may still be well. */
export interface CircuitTarget {
  provider: string;
  account: string;
  model: string;
}

export interface Cooling {
  class: ModelErrorClass;
  until: number;
  failedAt: number;
}

/**
 * Circuit breakers keyed (provider, account, model, error class): what a rate limit teaches about one model says
 * nothing about the next (F038). Closed: calls pass. Open: they are skipped until the cooldown is over. Then half
 * open: one call probes; its success closes, its failure opens for twice as long.
 */
export interface Circuits {
  /** Null = go ahead; the caller must then say how it went, or `release`. */
  admit(target: CircuitTarget): Cooling | null;
  /** Why a target is left alone now, or being probed; of several reasons the one that lasts longest. */
  coolingOf(target: CircuitTarget): Cooling | null;
  succeeded(target: CircuitTarget): void;
  failed(target: CircuitTarget, error: ModelError): void;
  /** The call ended without telling anything about the model, such as by an abort. */
  release(target: CircuitTarget): void;
  /** Those that are left alone now, the ones that are being probed among them. */
  cooling(): (CircuitTarget & Cooling)[];
  /** All are closed: what failed was set up differently. */
  reset(): void;
}

/** F038: three failures in a row make a model unhealthy, for 60 s. */
const failuresToOpen = 3;
const cooldownMs = 60_000;
const longestCooldownMs = 15 * 60_000;

/** One answer is enough: the key is wrong, or the allowance is used up; the next call would be told the same. */
const opensAtOnce: ReadonlySet<ModelErrorClass> = new Set(['auth', 'rate_limited']);

/** Failures of the request, not of the model. */
const saysNothing: ReadonlySet<ModelErrorClass> = new Set(['invalid_request', 'context_overflow', 'aborted']);

interface Circuit {
  failures: number;
  /** Times it opened since it was last closed. */
  openings: number;
  failedAt: number;
  /** 0 = closed. */
  until: number;
  isProbing: boolean;
}

/** Models that failed and never answered again are forgotten beyond this. */
const circuitLimit = 1_000;

export const createCircuits = (clock: Pick<Clock, 'now'>): Circuits => {
  const targets = new BoundedMap<string, { target: CircuitTarget; byClass: Map<ModelErrorClass, Circuit> }>(
    circuitLimit,
  );
  const keyOf = ({ provider, account, model }: CircuitTarget) => `${provider}\n${account}\n${model}`;

  const blocking = (byClass: ReadonlyMap<ModelErrorClass, Circuit>): Cooling[] => {
    const now = clock.now();
    return [...byClass]
      .filter(([, circuit]) => circuit.until > now || circuit.isProbing)
      .map(([errorClass, { until, failedAt }]) => ({ class: errorClass, until, failedAt }));
  };
  const coolingOf = (target: CircuitTarget): Cooling | null => {
    const known = targets.get(keyOf(target));
    const reasons = known ? blocking(known.byClass) : [];
    return reasons.toSorted((a, b) => b.until - a.until)[0] ?? null;
  };

  return {
    coolingOf,

    admit(target) {
      const cooling = coolingOf(target);
      if (cooling) return cooling;
      // Only circuits whose time is over are left: this call probes them.
      for (const circuit of targets.get(keyOf(target))?.byClass.values() ?? [])
        circuit.isProbing = circuit.until > 0;
      return null;
    },

    succeeded(target) {
      targets.delete(keyOf(target));
    },

    failed(target, error) {
      const key = keyOf(target);
      const entry = targets.get(key) ?? { target, byClass: new Map<ModelErrorClass, Circuit>() };
      for (const circuit of entry.byClass.values()) circuit.isProbing = false;
      if (saysNothing.has(error.class)) return;
      const circuit = entry.byClass.get(error.class) ?? {
        failures: 0,
        openings: 0,
        failedAt: 0,
        until: 0,
        isProbing: false,
      };
      const now = clock.now();
      const wasOpen = circuit.until > 0;
      circuit.failures += 1;
      circuit.failedAt = now;
      if (wasOpen || opensAtOnce.has(error.class) || circuit.failures >= failuresToOpen) {
        const wait = Math.min(cooldownMs * 2 ** circuit.openings, longestCooldownMs);
        circuit.until = now + (error.retryAfterMs ?? wait);
        circuit.openings += 1;
      }
      targets.set(key, { target, byClass: entry.byClass.set(error.class, circuit) });
    },

    release(target) {
      for (const circuit of targets.get(keyOf(target))?.byClass.values() ?? []) circuit.isProbing = false;
    },

    reset: () => targets.clear(),

    cooling: () =>
      [...targets.values()].flatMap(({ target, byClass }) =>
        blocking(byClass).map((cooling) => ({ ...target, ...cooling })),
      ),
  };
};
