import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { complete } from './client.ts';
import { startGateway } from './gateway.ts';
import { startModel } from './peers.ts';
import { quantile, rssMb } from './process-stats.ts';
import { report, say } from './report.ts';

/** `idle.*`: from process start to the first answer on a data folder that exists; memory after a quiet while. */
export const benchIdle = async ({ isSmoke }: { isSmoke: boolean }): Promise<void> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  try {
    const ready: number[] = [];
    const rss: number[] = [];
    for (let start = 0; start <= (isSmoke ? 1 : 5); start += 1) {
      const gateway = await startGateway({ home });
      if (start > 0) ready.push(gateway.readyMs);
      await pause(isSmoke ? 500 : 2_000);
      rss.push(rssMb(gateway.child.pid!));
      await gateway.stop();
    }
    say(`ready after ${ready.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    report('idle.readyMs', quantile(ready, 0.5), 'ms');
    report('idle.rssMb', quantile(rss, 0.5), 'MB');
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
};

/** `sessions1000.rssMb`: memory after a thousand sessions of one turn each. */
export const benchSessions = async ({ isSmoke }: { isSmoke: boolean }): Promise<void> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  const model = await startModel();
  const gateway = await startGateway({
    home,
    env: { REEVE_OPENAI_BASE_URL: model.url, REEVE_OPENAI_MODEL: 'bench' },
  });
  try {
    let left = isSmoke ? 100 : 1_000;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        await complete(gateway.url, gateway.token, {
          user: `session-${left}`,
          text: 'Hello, this is one of a thousand sessions.',
        });
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    await pause(2_000);
    report('sessions1000.rssMb', rssMb(gateway.child.pid!), 'MB');
  } finally {
    await gateway.kill();
    await model.stop();
    rmSync(home, { recursive: true, force: true });
  }
};
