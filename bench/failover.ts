import { runFailoverCampaign } from '@reeve/testkit';
import { report, say } from './report.ts';

/** `failover.*`: a thousand streams whose first model dies at a random byte; what readers saw must be the answer, once. */
export const benchFailover = async ({ isSmoke }: { isSmoke: boolean }): Promise<void> => {
  const { streams, failedOver, lostOrDoubled } = await runFailoverCampaign({
    streams: isSmoke ? 40 : 1_000,
    seed: 1,
  });
  report('failover.streams', streams, 'streams');
  report('failover.failedOver', failedOver, 'streams');
  report('failover.lostOrDoubledTexts', lostOrDoubled.length, 'streams');
  for (const line of lostOrDoubled.slice(0, 5)) say(line);
};
