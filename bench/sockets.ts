import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startGateway } from './gateway.ts';
import { rssMb } from './process-stats.ts';
import { report, say } from './report.ts';
import { connectSocket, type SocketClient } from './socket-client.ts';

/** Sockets that say hello at the same time: fewer than may be unauthenticated from one address. */
const atOnce = 24;

/** `sockets5000.rssMb`: memory with five thousand idle clients signed in. */
export const benchSockets = async ({ isSmoke }: { isSmoke: boolean }): Promise<void> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  const gateway = await startGateway({ home });
  const open: SocketClient[] = [];
  try {
    const before = rssMb(gateway.child.pid!);
    let left = isSmoke ? 200 : 5_000;
    const count = left;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        open.push(await connectSocket(gateway.url, gateway.token));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    await pause(isSmoke ? 500 : 3_000);
    const after = rssMb(gateway.child.pid!);
    say(
      `${count} sockets: ${before.toFixed(0)} MB before, ${(((after - before) * 1024) / count).toFixed(1)} KiB each`,
    );
    report('sockets5000.rssMb', after, 'MB');
  } finally {
    for (const socket of open) socket.close();
    await gateway.kill();
    rmSync(home, { recursive: true, force: true });
  }
};
