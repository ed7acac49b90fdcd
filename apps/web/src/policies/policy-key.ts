import type { Policy } from '@reeve/protocol';
import type { QueryClient } from '@tanstack/react-query';

/** What names a policy that can be changed. */
export interface PolicyKey {
  tier: 'admin' | 'tenant' | 'user';
  name: string;
  userId?: string;
}

/** Null for what comes with Reeve, in whichever tier it stands. */
export const keyOf = ({ tier, name, userId, version }: Policy): PolicyKey | null =>
  tier === 'built-in' || version === 0 ? null : { tier, name, ...(userId !== null && { userId }) };

/** Everything that is said about policies is asked anew. */
export const policiesChanged = (queries: QueryClient) =>
  Promise.all([
    queries.invalidateQueries({ queryKey: ['policies'] }),
    queries.invalidateQueries({ queryKey: ['policy-history'] }),
  ]);
