import { FaultError } from '@reeve/protocol';
import type { Budgets } from '../budget/budgets.ts';
import type { Spender } from '../budget/calls.ts';
import type { Actor } from '../gate/actor.ts';
import type { Authority } from '../gate/authority.ts';
import type { Tell } from '../gate/tell.ts';
import type { Slot } from './slots.ts';

/**
 * The models that may answer somebody: those of the catalog that the policies let them use, each with what it may
 * spend. Throws FaultError GOV_DENIED when models are configured and none of them may be used.
 */
export const createSlotsFor =
  (deps: {
    slots: (ref: string | null) => Promise<Slot[]>;
    authority: Authority;
    budgets: Budgets;
    tell: Tell;
  }) =>
  async (actor: Actor, spender: Spender, ref: string | null): Promise<Slot[]> => {
    const all = await deps.slots(ref);
    await deps.authority.ready();
    const refused: string[] = [];
    const allowed = all.filter((slot) => {
      if (!slot.isLanguageModel) return true;
      const { isAllowed, policies } = deps.authority.useModel(actor, nameOf(slot));
      if (!isAllowed) refused.push(...policies);
      return isAllowed;
    });
    const chosen = all.find(({ isChosen }) => isChosen);
    if (
      refused.length > 0 &&
      (!allowed.some(({ isLanguageModel }) => isLanguageModel) || (chosen && !allowed.includes(chosen)))
    ) {
      const policies = [...new Set(refused)];
      deps.tell({
        tenantId: actor.tenantId,
        actor: actor.userId,
        type: 'model.denied',
        outcome: 'deny',
        target: chosen ? nameOf(chosen) : (ref ?? ''),
        sessionId: spender.sessionId,
        channel: actor.channel,
        data: { policies },
      });
      throw new FaultError('GOV_DENIED', "The owner's rules do not let you use this model.", {
        details: { policies },
        next: 'Choose another with /model, or ask the owner.',
      });
    }
    const spend = deps.budgets.spendOf(spender, () => deps.authority.exceedBudget(actor).isAllowed);
    return allowed.map((slot) => ({ ...slot, spend }));
  };

const nameOf = ({ provider, model }: Slot): string => `${provider.id}/${model}`;
