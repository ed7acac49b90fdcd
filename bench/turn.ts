import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { complete } from './client.ts';
import { startGateway } from './gateway.ts';
import { startBareProxy, startModel } from './peers.ts';
import { cpuMs, quantile } from './process-stats.ts';
import { report, say } from './report.ts';

interface Target {
  url: string;
  token: string | null;
  pid: number;
}

/** Turns before a session is left for a new one, so that the history stays that of a short conversation. */
const turnsPerSession = 5;
let sessions = 0;

const run = async (target: Target, concurrency: number, turns: number) => {
  const latencies: number[] = [];
  const cpuBefore = cpuMs(target.pid);
  const startedAt = performance.now();
  let left = turns;
  const worker = async () => {
    let user = '';
    for (let turn = 0; left > 0; turn += 1) {
      left -= 1;
      if (turn % turnsPerSession === 0) {
        sessions += 1;
        user = `bench-${process.pid}-${sessions}`;
      }
      const sentAt = performance.now();
      await complete(target.url, target.token, user, `Message ${turn} of a short conversation.`);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const elapsed = performance.now() - startedAt;
  return { rate: (turns * 1000) / elapsed, cpuMs: (cpuMs(target.pid) - cpuBefore) / turns, latencies };
};

/** `turn.http.*`: the durable turn against a proxy that does nothing, interleaved in rounds on the same model. */
export const benchTurn = async ({ isSmoke }: { isSmoke: boolean }): Promise<void> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  const model = await startModel();
  const proxy = await startBareProxy(model.url);
  const gateway = await startGateway({
    home,
    env: { REEVE_OPENAI_BASE_URL: model.url, REEVE_OPENAI_MODEL: 'bench' },
  });
  const reeve: Target = { url: gateway.url, token: gateway.token, pid: gateway.child.pid! };
  const bare: Target = { url: proxy.url, token: null, pid: proxy.pid };
  try {
    const rounds = isSmoke ? 1 : 5;
    const scale = isSmoke ? 0.1 : 1;
    await run(reeve, 8, 300 * scale);
    await run(bare, 8, 300 * scale);
    const cpu: number[] = [];
    const bareCpu: number[] = [];
    for (const [concurrency, turns] of [
      [1, 150],
      [16, 600],
      [64, 800],
    ] as const) {
      const ours = { rate: [] as number[], latencies: [] as number[] };
      const theirs = { rate: [] as number[], latencies: [] as number[] };
      for (let round = 0; round < rounds; round += 1) {
        const one = await run(reeve, concurrency, Math.ceil(turns * scale));
        const other = await run(bare, concurrency, Math.ceil(turns * scale));
        ours.rate.push(one.rate);
        ours.latencies.push(...one.latencies);
        theirs.rate.push(other.rate);
        theirs.latencies.push(...other.latencies);
        if (concurrency > 1) {
          cpu.push(one.cpuMs);
          bareCpu.push(other.cpuMs);
        }
      }
      const median = quantile(ours.rate, 0.5);
      report(`turn.http.rate${concurrency}`, median, 'turns/s');
      say(
        `at ${concurrency}: ${median.toFixed(0)} turns/s, bare proxy ${quantile(theirs.rate, 0.5).toFixed(0)}; p50 ${quantile(ours.latencies, 0.5).toFixed(2)} ms, p95 ${quantile(ours.latencies, 0.95).toFixed(2)} ms, bare p50 ${quantile(theirs.latencies, 0.5).toFixed(2)} ms`,
      );
      if (concurrency === 1) {
        report('turn.http.addedP50Ms', quantile(ours.latencies, 0.5) - quantile(theirs.latencies, 0.5), 'ms');
        report(
          'turn.http.addedP95Ms',
          quantile(ours.latencies, 0.95) - quantile(theirs.latencies, 0.95),
          'ms',
        );
      }
    }
    report('turn.http.cpuMs', quantile(cpu, 0.5), 'ms');
    say(
      `CPU per turn: ${quantile(cpu, 0.5).toFixed(2)} ms (lowest round ${Math.min(...cpu).toFixed(2)}); bare proxy ${quantile(bareCpu, 0.5).toFixed(2)} ms`,
    );
  } finally {
    await gateway.kill();
    await proxy.stop();
    await model.stop();
    rmSync(home, { recursive: true, force: true });
  }
};
