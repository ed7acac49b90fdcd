import type { BookedCall, Spent } from '../ports/budget.ts';
import type { Clock } from '../ports/clock.ts';

/** Who spends. */
export interface Spender {
  tenantId: string;
  userId: string;
  sessionId: string;
  isSchedule: boolean;
}

/** A call of a model that is under way. */
export interface OpenCall {
  spender: Spender;
  /** What it may use at the most; counted when somebody asks, since without a budget nobody does. */
  held: () => Spent;
}

/** A call that ended a moment ago; whether the journal has it already is not known. */
export interface EndedCall {
  spender: Spender;
  at: number;
  used: Spent;
}

/** An answer is in the journal long before that many ms have passed since its end. */
const longestWrite = 30_000;

/**
 * The calls that the journal does not hold yet, with a budget or without: a budget that is set while they run counts
 * them too.
 */
export const createCalls = (clock: Clock) => {
  const open = new Set<OpenCall>();
  const ended = new Set<EndedCall>();
  return {
    begin: (call: OpenCall) => void open.add(call),
    end(call: OpenCall, used: Spent | null) {
      open.delete(call);
      const at = clock.now();
      // In the order in which they ended.
      for (const one of ended) {
        if (one.at > at - longestWrite) break;
        ended.delete(one);
      }
      if (used) ended.add({ spender: call.spender, at, used });
    },
    open: (isAbout: (spender: Spender) => boolean) => [...open].filter(({ spender }) => isAbout(spender)),
    ended: (isAbout: (spender: Spender) => boolean) => [...ended].filter(({ spender }) => isAbout(spender)),
  };
};

/**
 * What was spent by calls of a journal and by calls that ended here, of which the journal has some: a call and the
 * line that it is most likely written in count once.
 */
export const spentByBoth = (calls: readonly EndedCall[], lines: readonly BookedCall[]): Spent => {
  const rest = [...lines];
  const takeLine = (isOf: (line: BookedCall) => boolean) => {
    const index = rest.findIndex(isOf);
    if (index >= 0) rest.splice(index, 1);
    return index >= 0;
  };
  const mayBe = ({ spender, at }: EndedCall, line: BookedCall) =>
    line.sessionId === spender.sessionId && line.at >= at;
  const others = calls.filter(
    (call) => !takeLine((line) => mayBe(call, line) && line.tokens === call.used.tokens),
  );
  // Where a provider says nothing of usage, what is written is another estimate.
  for (const call of others) takeLine((line) => mayBe(call, line));
  return sumOf([...calls.map(({ used }) => used), ...rest]);
};

export const sumOf = (all: readonly Spent[]): Spent => ({
  usd: all.reduce((sum, { usd }) => sum + usd, 0),
  tokens: all.reduce((sum, { tokens }) => sum + tokens, 0),
});
