import { runCachingTrace } from '@reeve/testkit';
import { report, say } from './report.ts';

/** `cache.staticPrefixReadShare`: how much of tools and static prompt a provider with explicit caching need not read again. */
export const benchCache = async ({ isSmoke }: { isSmoke: boolean }): Promise<void> => {
  const { requests, figures } = await runCachingTrace(
    isSmoke ? { people: 4, turns: 3 } : { people: 20, turns: 6 },
  );
  say(`${requests} requests, ${Math.round(figures.staticSentTokens / requests)} static tokens each`);
  report('cache.staticPrefixReadShare', figures.staticPrefixReadShare, 'share');
};
