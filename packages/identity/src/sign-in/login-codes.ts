import type { Clock, Owner } from '@reeve/core';
import { digest, newSecret } from '../secrets.ts';

const codeMs = 60 * 60 * 1000;

/** Codes of login links. In memory: a new start makes the old ones worthless. */
export const createLoginCodes = (clock: Clock) => {
  const codes = new Map<string, { owner: Owner; expiresAt: number }>();
  return {
    add({ tenantId, userId }: Owner): string {
      const now = clock.now();
      for (const [known, { expiresAt }] of codes) if (expiresAt <= now) codes.delete(known);
      const code = newSecret('');
      codes.set(digest(code), { owner: { tenantId, userId }, expiresAt: now + codeMs });
      return code;
    },
    /** Whom it signs in; null when it is not good any more. */
    take(code: string): Owner | null {
      const key = digest(code);
      const found = codes.get(key);
      codes.delete(key);
      return found && found.expiresAt > clock.now() ? found.owner : null;
    },
  };
};
