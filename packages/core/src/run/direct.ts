import { directChannel, type ModelAttempt, type Usage } from '@reeve/protocol';
import type { Spender } from '../budget/calls.ts';
import type { Actor } from '../gate/actor.ts';
import { ownerKey } from '../gate/actor.ts';
import { withCost } from '../model/cost.ts';
import { estimatedUsage } from '../model/estimated-usage.ts';
import { type Slot, type SlotDeps, type SlotEvent, streamFromSlots } from '../model/slots.ts';
import type { Log } from '../ports/log.ts';
import type { ModelRequest } from '../ports/model.ts';
import type { Store } from '../ports/store.ts';
import type { AnswerGuards } from '../safety/answer-guard.ts';
import type { Answer } from './think.ts';

export type DirectRequest = Omit<ModelRequest, 'model' | 'turn'>;

export interface DirectDeps {
  store: Store;
  log: Log;
  slotDeps: SlotDeps;
  /** SHA-256, hex. */
  fingerprint: (text: string) => string;
  slotsFor: (actor: Actor, spender: Spender, ref: string | null) => Promise<Slot[]>;
  order: (slots: readonly Slot[], request: DirectRequest) => Slot[];
  turn: () => ModelRequest['turn'];
  guards: AnswerGuards;
}

/**
 * A model asked straight through the router: no session, no memory, no tool of ours, no prompt of ours. For API
 * clients that bring all of that themselves. What it used is journalled, like every other call.
 */
export const createDirect = (deps: DirectDeps) => {
  const { store, slotDeps } = deps;

  const sessionOf = (actor: Actor) => `ses_${deps.fingerprint(`direct\n${ownerKey(actor)}`).slice(0, 26)}`;

  const spenderOf = (actor: Actor): Spender => ({
    tenantId: actor.tenantId,
    userId: actor.userId,
    sessionId: sessionOf(actor),
    isSchedule: false,
  });

  /** Not waited for: it shares the next write's fsync, and a lost one costs a line in the statistics. */
  const record = (
    actor: Actor,
    call: Pick<Answer, 'provider' | 'model' | 'finishReason' | 'usage' | 'attempts' | 'durationMs'>,
  ) => {
    const sessionId = sessionOf(actor);
    store
      .write(
        async (tx) => {
          if (!(await tx.session(actor, sessionId)))
            await tx.append(sessionId, {
              type: 'session.created',
              data: {
                tenantId: actor.tenantId,
                owner: actor.userId,
                channel: directChannel,
                title: 'Models asked directly',
                queueMode: 'queue',
              },
            });
          await tx.append(sessionId, {
            type: 'model.called',
            data: { purpose: 'direct', channel: actor.channel, ...call },
          });
        },
        { isLazy: true },
      )
      .catch((error: unknown) => deps.log.error({ err: error }, 'a direct call could not be recorded'));
  };

  return {
    /** Resolves to the chain that would be asked. Throws FaultError NOT_FOUND, GOV_DENIED. */
    async resolve(actor: Actor, ref: string | null, request: DirectRequest): Promise<Slot[]> {
      // What follows rules is no stand-in for a program that wants a model.
      const slots = (await deps.slotsFor(actor, spenderOf(actor), ref)).filter(
        (slot) => slot.isLanguageModel || slot.isChosen,
      );
      return deps.order(slots, request);
    },

    /** Ends with exactly one `finish` or `error`. */
    async *stream(
      actor: Actor,
      slots: readonly Slot[],
      request: DirectRequest,
      signal: AbortSignal,
    ): AsyncGenerator<SlotEvent, void> {
      const startedAt = slotDeps.clock.now();
      /** By whichever slot: what was taken back had to be paid for, too. */
      let said = '';
      const close = (slot: Slot, finishReason: string, used: Usage | null, attempts: ModelAttempt[]) => {
        const usage = withCost(used ?? estimatedUsage(request, said.length), slot.facts?.price);
        const durationMs = slotDeps.clock.now() - startedAt;
        record(actor, {
          provider: slot.provider.id,
          model: slot.model,
          finishReason,
          usage,
          attempts,
          durationMs,
        });
        return usage;
      };
      const events = streamFromSlots(slots, { ...request, turn: deps.turn() }, slotDeps, signal);
      const guard = deps.guards.for(actor, { sessionId: sessionOf(actor), channel: actor.channel });
      for await (const event of guard?.(events) ?? events) {
        if (event.type === 'text' || event.type === 'reasoning') said += event.delta;
        if (event.type === 'finish')
          yield { ...event, usage: close(event.slot, event.reason, event.usage, event.attempts) };
        else {
          if (event.type === 'error' && event.slot && said !== '')
            close(event.slot, event.error.class, null, event.attempts);
          yield event;
        }
      }
    },
  };
};

export type Direct = ReturnType<typeof createDirect>;
