import type { ModelRequest, Price } from '../ports/model.ts';
import type { Slot } from './slots.ts';

export type Routing = 'ordered' | 'cost' | 'quality';

/** Whether a model's name, `provider/model`, fits a pattern in which `*` stands for anything. */
const fits = (id: string, pattern: string): boolean => {
  const expression = pattern
    .split('*')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`, 'i').test(id);
};

/** The owner's rule about which models may be used (F045): deny is stronger than allow, nothing allowed means all. */
export const createModelPolicy = (rules: { allow: readonly string[]; deny: readonly string[] }) => {
  let denials = 0;
  /** The pattern that forbids it, `allow` when it is on no list of allowed ones, null when it may be used. */
  const denialOf = (id: string): string | null =>
    rules.deny.find((pattern) => fits(id, pattern)) ??
    (rules.allow.length > 0 && !rules.allow.some((pattern) => fits(id, pattern)) ? 'allow' : null);
  return {
    denialOf,
    /** Counted, so that an owner sees that a rule bites. */
    countDenial() {
      denials += 1;
    },
    denials: () => denials,
  };
};

export interface RequestNeeds {
  /** Tokens of prompt and history, by our count. */
  inputTokens: number;
  hasImages: boolean;
  hasTools: boolean;
}

export const needsOf = (
  request: Pick<ModelRequest, 'messages' | 'tools'>,
  inputTokens: number,
): RequestNeeds => ({
  inputTokens,
  hasImages: request.messages.some((message) => message.role === 'user' && (message.images?.length ?? 0) > 0),
  hasTools: request.tools.length > 0,
});

/** Why a model cannot take a request at all; null when it can, or when nobody knows. */
export const unfitReason = (slot: Slot, needs: RequestNeeds): string | null => {
  if (needs.inputTokens > slot.contextTokens)
    return `its window of ${slot.contextTokens} tokens is too small`;
  if (needs.hasImages && slot.facts?.supportsImages === false) return 'it cannot see images';
  if (needs.hasTools && slot.facts?.supportsTools === false) return 'it cannot call tools';
  return null;
};

/** Tokens that an answer is reckoned with when two models' prices are compared. */
const typicalAnswer = 500;

const costOfCall = (price: Price, inputTokens: number): number =>
  (price.input * inputTokens + price.output * typicalAnswer) / 1_000_000;

/**
 * The slots in the order in which they are asked (F040). Those that cannot take the request go behind those that
 * can; then, by routing: `cost` = the cheapest first, an unknown price last; `quality` = the best first, the
 * cheaper of equals. The sort is stable, and what follows rules stays last.
 */
export const orderSlots = (slots: readonly Slot[], routing: Routing, needs: RequestNeeds): Slot[] => {
  const ranked = slots.map((slot) => {
    const { price, quality } = slot.facts ?? {};
    const cost = price ? costOfCall(price, needs.inputTokens) : Number.POSITIVE_INFINITY;
    return { slot, cost, quality: quality ?? 0, unfit: unfitReason(slot, needs) };
  });
  ranked.sort((a, b) => {
    if (a.slot.isLanguageModel !== b.slot.isLanguageModel) return a.slot.isLanguageModel ? -1 : 1;
    if ((a.unfit === null) !== (b.unfit === null)) return a.unfit === null ? -1 : 1;
    // What the user asked for by name is not up for bargaining.
    if (routing === 'ordered' || a.slot.isChosen !== b.slot.isChosen)
      return Number(b.slot.isChosen) - Number(a.slot.isChosen);
    if (routing === 'quality' && a.quality !== b.quality) return b.quality - a.quality;
    return a.cost === b.cost ? 0 : a.cost - b.cost;
  });
  return ranked.map(({ slot, cost, quality, unfit }) => ({
    ...slot,
    ...(unfit !== null && { unfit }),
    ...(routing === 'cost' &&
      !slot.isChosen &&
      Number.isFinite(cost) && { why: `${slot.why}; by cost, about $${cost.toPrecision(2)}` }),
    ...(routing === 'quality' &&
      !slot.isChosen &&
      quality > 0 && { why: `${slot.why}; by quality, ${quality} of 5` }),
  }));
};
