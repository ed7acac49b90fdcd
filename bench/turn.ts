import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { complete } from './client.ts';
import { startGateway } from './gateway.ts';
import { runLoad, type Target } from './load.ts';
import { startBareProxy, startModel } from './peers.ts';
import { quantile } from './process-stats.ts';
import { report, say } from './report.ts';
import { connectSocket } from './socket-client.ts';

const loads = [
  [1, 150],
  [16, 600],
  [64, 800],
] as const;

/** A way to the gateway, and the yardstick measured in turn with it. */
const measure = async (name: string, reeve: Target, bare: Target, isSmoke: boolean) => {
  const rounds = isSmoke ? 1 : 5;
  const scale = isSmoke ? 0.1 : 1;
  await runLoad(reeve, 8, 300 * scale);
  await runLoad(bare, 8, 300 * scale);
  const cpu: number[] = [];
  const bareCpu: number[] = [];
  for (const [concurrency, turns] of loads) {
    const ours = { rate: [] as number[], latencies: [] as number[] };
    const theirs = { rate: [] as number[], latencies: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const one = await runLoad(reeve, concurrency, turns * scale);
      const other = await runLoad(bare, concurrency, turns * scale);
      ours.rate.push(one.rate);
      ours.latencies.push(...one.latencies);
      theirs.rate.push(other.rate);
      theirs.latencies.push(...other.latencies);
      if (concurrency > 1) {
        cpu.push(one.cpuMs);
        bareCpu.push(other.cpuMs);
      }
    }
    const added = (q: number) => quantile(ours.latencies, q) - quantile(theirs.latencies, q);
    report(`turn.${name}.rate${concurrency}`, quantile(ours.rate, 0.5), 'turns/s');
    say(
      `${name} at ${concurrency}: bare proxy ${quantile(theirs.rate, 0.5).toFixed(0)} turns/s; p50 ${quantile(ours.latencies, 0.5).toFixed(2)} ms, p95 ${quantile(ours.latencies, 0.95).toFixed(2)} ms, bare p50 ${quantile(theirs.latencies, 0.5).toFixed(2)} ms`,
    );
    if (concurrency === 1) {
      report(`turn.${name}.addedP50Ms`, added(0.5), 'ms');
      report(`turn.${name}.addedP95Ms`, added(0.95), 'ms');
    }
  }
  report(`turn.${name}.cpuMs`, quantile(cpu, 0.5), 'ms');
  say(
    `${name}: lowest round ${Math.min(...cpu).toFixed(2)} ms of CPU a turn; bare proxy ${quantile(bareCpu, 0.5).toFixed(2)} ms`,
  );
};

/** `turn.http.*` and `turn.ws.*`: the durable turn against a proxy that does nothing, interleaved in rounds on the same model. */
export const benchTurn = async ({ isSmoke }: { isSmoke: boolean }): Promise<void> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  const model = await startModel();
  const proxy = await startBareProxy(model.url);
  const gateway = await startGateway({
    home,
    env: { REEVE_OPENAI_BASE_URL: model.url, REEVE_OPENAI_MODEL: 'bench' },
  });
  const pid = gateway.child.pid!;
  const bare: Target = { pid: proxy.pid, say: (text) => complete(proxy.url, null, { text }) };
  const http: Target = { pid, say: (text, user) => complete(gateway.url, gateway.token, { text, user }) };
  // Every conversation of the load has a socket of its own to choose from: clients keep theirs open. One after the
  // other, since only so many may greet at once.
  const sockets: Awaited<ReturnType<typeof connectSocket>>[] = [];
  while (sockets.length < 64) sockets.push(await connectSocket(gateway.url, gateway.token));
  let next = 0;
  const bySession = new Map<string, (typeof sockets)[number]>();
  const ws: Target = {
    pid,
    say(text, user) {
      let socket = bySession.get(user);
      if (!socket) {
        socket = sockets[next++ % sockets.length]!;
        bySession.set(user, socket);
      }
      return socket.say(text, `agent:main:${user}`);
    },
  };
  try {
    await measure('http', http, bare, isSmoke);
    await measure('ws', ws, bare, isSmoke);
  } finally {
    for (const socket of sockets) socket.close();
    await gateway.kill();
    await proxy.stop();
    await model.stop();
    rmSync(home, { recursive: true, force: true });
  }
};
