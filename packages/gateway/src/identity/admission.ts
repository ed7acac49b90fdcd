import type { Actor, Core } from '@reeve/core';
import { type Fault, FaultError, fault, type Permission } from '@reeve/protocol';

/** Where a request comes from and what it wants. */
export interface Wish {
  actor: Actor;
  /** The address to count by. */
  address: string;
  /** Its name in policies: `sessions.list`, `ws.chat.send`, `openai.completions` … */
  action: string;
  permission: Permission;
  isMessage: boolean;
}

/** The one check between a proven caller and anything that they can reach: how often, and whether at all. */
export interface Admission {
  /** Null = go on. A refusal is told in the audit. */
  check(wish: Wish): Promise<Fault | null>;
  /** Throws what `check` finds. */
  admit(wish: Wish): Promise<void>;
}

export const createAdmission = (core: Core): Admission => {
  const check = async ({ actor, address, action, permission, isMessage }: Wish): Promise<Fault | null> => {
    const tooMany =
      core.rates.request(actor, address, action) ?? (isMessage ? core.rates.message(actor) : null);
    if (tooMany) return tooMany;
    await core.authority.ready();
    const { isAllowed, policies } = core.authority.method(actor, action, permission);
    if (isAllowed) return null;
    core.tell({
      tenantId: actor.tenantId,
      actor: actor.userId,
      type: 'api.denied',
      outcome: 'deny',
      target: action,
      channel: actor.channel,
      address,
      data: { policies },
    });
    return fault('PERMISSION_DENIED');
  };

  return {
    check,
    async admit(wish) {
      const refused = await check(wish);
      if (refused) throw new FaultError(refused.code, refused.message, refused);
    },
  };
};

/** Actions that bring a message, counted as such. */
const messages: ReadonlySet<string> = new Set([
  'chat.send',
  'chat.ask',
  'chat.askStream',
  'openai.completions',
  'openai.responses',
  'ws.chat.send',
  'ws.chat.inject',
  'ws.agent',
]);
export const isMessageAction = (action: string): boolean => messages.has(action);
