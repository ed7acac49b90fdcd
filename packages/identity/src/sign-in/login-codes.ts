import type { Clock, Owner } from '@reeve/core';
import type { IsStill } from '../revocations.ts';
import { digest, newSecret } from '../secrets.ts';

const codeMs = 60 * 60 * 1000;

/** Codes of login links. In memory: a new start makes the old ones worthless. */
export const createLoginCodes = (clock: Clock) => {
  const codes = new Map<string, { owner: Owner; expiresAt: number; isStill: IsStill }>();
  return {
    /** Good as long as `isStill` says so. */
    add({ tenantId, userId }: Owner, isStill: IsStill): string {
      const now = clock.now();
      for (const [known, { expiresAt }] of codes) if (expiresAt <= now) codes.delete(known);
      const code = newSecret('');
      codes.set(digest(code), { owner: { tenantId, userId }, expiresAt: now + codeMs, isStill });
      return code;
    },
    /** Whom it signs in; null when it is not good any more. */
    take(code: string): { owner: Owner; isStill: IsStill } | null {
      const key = digest(code);
      const found = codes.get(key);
      codes.delete(key);
      return found && found.expiresAt > clock.now() && found.isStill() ? found : null;
    },
  };
};
