import { type Fault, fault } from '@reeve/protocol';
import { type Actor, ownerKey } from '../gate/actor.ts';
import type { Clock } from '../ports/clock.ts';
import { createSlidingWindow } from './sliding-window.ts';

/** Events a minute; 0 = as many as come. */
export interface RateLimits {
  /** Requests of one person. */
  requests: number;
  /** Requests from one address, whoever they are by. */
  addressRequests: number;
  /** Messages of one person. */
  messages: number;
  /** Messages on one channel, of everybody in the tenant. */
  channelMessages: number;
  /** Tool calls of one person. */
  toolCalls: number;
  /** Calls of one tool by one person. */
  tools: Readonly<Record<string, number>>;
  /** Requests of one method by one person. */
  methods: Readonly<Record<string, number>>;
}

/** Who asks how often (F242). Each check counts; null means go on. */
export interface Rates {
  request(actor: Actor, address: string, action: string): Fault | null;
  message(actor: Actor): Fault | null;
  toolCall(actor: Actor, tool: string): Fault | null;
}

const windowMs = 60_000;

export const createRates = (
  clock: Clock,
  limits: () => RateLimits,
  /** Asked only about somebody who is over a limit. */
  mayExceed: (actor: Actor) => boolean,
): Rates => {
  const window = createSlidingWindow(clock, windowMs);
  /** The first that is over its limit. Those before it have counted, so that trying again and again does not help. */
  const check = (
    actor: Actor,
    ...counts: (readonly [what: string, key: string, limit: number])[]
  ): Fault | null => {
    for (const [what, key, limit] of counts) {
      if (limit <= 0) continue;
      const retryAfterMs = window.hit(key, limit);
      if (retryAfterMs > 0 && !mayExceed(actor))
        return fault('RATE_LIMIT', `Too many ${what}: ${limit} a minute are allowed.`, { retryAfterMs });
    }
    return null;
  };
  return {
    request(actor, address, action) {
      const { requests, addressRequests, methods } = limits();
      const who = ownerKey(actor);
      return check(
        actor,
        ['requests from this address', `a ${address}`, addressRequests],
        ['requests', `r ${who}`, requests],
        [`requests to ${action}`, `m ${who} ${action}`, methods[action] ?? 0],
      );
    },
    message(actor) {
      const { messages, channelMessages } = limits();
      return check(
        actor,
        ['messages', `t ${ownerKey(actor)}`, messages],
        ['messages on this channel', `c ${actor.tenantId} ${actor.channel}`, channelMessages],
      );
    },
    toolCall(actor, tool) {
      const { toolCalls, tools } = limits();
      const who = ownerKey(actor);
      return check(
        actor,
        ['tool calls', `k ${who}`, toolCalls],
        [`calls of ${tool}`, `k ${who} ${tool}`, tools[tool] ?? 0],
      );
    },
  };
};
