import { runCrashCampaign } from '@reeve/testkit';
import { quantile } from './process-stats.ts';
import { report, say } from './report.ts';

/** `crash.*`: a thousand kills at random moments while it works; what was acknowledged must be there and done once. */
export const benchCrash = async ({ isSmoke }: { isSmoke: boolean }): Promise<void> => {
  const kills = Number(process.env['REEVE_BENCH_KILLS'] ?? (isSmoke ? 3 : 1_000));
  const result = await runCrashCampaign({
    kills,
    seed: 1,
    onKill: (done) => done % 50 === 0 && say(`${done} kills`),
  });
  report('crash.kills', result.kills, 'kills');
  report('crash.lost', result.lost, 'messages');
  report('crash.repeated', result.repeated, 'steps');
  report('crash.stuck', result.stuck, 'runs');
  report('crash.recoveryP99Ms', quantile(result.recoveryMs, 0.99), 'ms');
  say(`${result.acknowledged} messages acknowledged; violations: ${result.violations.length}`);
};
