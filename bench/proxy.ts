import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { complete } from './client.ts';
import { startGateway } from './gateway.ts';
import { runLoad, type Target } from './load.ts';
import { startBareProxy, startModel } from './peers.ts';
import { quantile } from './process-stats.ts';
import { report, say } from './report.ts';

/** `proxy.*`: a chat completion without memory and tools, through the router, against a proxy that does nothing. */
export const benchProxy = async ({ isSmoke }: { isSmoke: boolean }): Promise<void> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  const model = await startModel();
  const bare = await startBareProxy(model.url);
  const gateway = await startGateway({
    home,
    env: { REEVE_OPENAI_BASE_URL: model.url, REEVE_OPENAI_MODEL: 'bench' },
  });
  const ours: Target = {
    pid: gateway.child.pid!,
    say: (text) => complete(gateway.url, gateway.token, { model: 'direct', text }),
  };
  const theirs: Target = { pid: bare.pid, say: (text) => complete(bare.url, null, { text }) };
  try {
    const scale = isSmoke ? 0.1 : 1;
    await runLoad(ours, 8, 300 * scale);
    await runLoad(theirs, 8, 300 * scale);
    const cpu: number[] = [];
    const bareCpu: number[] = [];
    const latencies: number[] = [];
    const bareLatencies: number[] = [];
    for (let round = 0; round < (isSmoke ? 1 : 5); round += 1) {
      latencies.push(...(await runLoad(ours, 1, 150 * scale)).latencies);
      bareLatencies.push(...(await runLoad(theirs, 1, 150 * scale)).latencies);
      cpu.push((await runLoad(ours, 16, 600 * scale)).cpuMs);
      bareCpu.push((await runLoad(theirs, 16, 600 * scale)).cpuMs);
    }
    say(
      `p50 ${quantile(latencies, 0.5).toFixed(2)} ms, bare ${quantile(bareLatencies, 0.5).toFixed(2)} ms; CPU bare ${quantile(bareCpu, 0.5).toFixed(2)} ms, lowest round of ours ${Math.min(...cpu).toFixed(2)} ms`,
    );
    report('proxy.cpuMs', quantile(cpu, 0.5), 'ms');
    report('proxy.addedP50Ms', quantile(latencies, 0.5) - quantile(bareLatencies, 0.5), 'ms');
  } finally {
    await gateway.kill();
    await bare.stop();
    await model.stop();
    rmSync(home, { recursive: true, force: true });
  }
};
