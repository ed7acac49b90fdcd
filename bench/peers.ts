import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Peer {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

const start = async (script: string, args: string[]): Promise<Peer> => {
  const child: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL(script, import.meta.url)), ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return {
    ...(JSON.parse(line) as { url: string }),
    pid: child.pid!,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
};

/** The scripted model in a process of its own, so that its work is not counted as ours. */
export const startModel = (chunks = 16): Promise<Peer> =>
  start('../packages/testkit/src/model/model-server-main.ts', [
    '--port',
    '0',
    '--chunks',
    String(chunks),
    '--writes',
    'each',
  ]);

/** The yardstick: passes each request on to the model and its stream back, and does nothing else. */
export const startBareProxy = (target: string): Promise<Peer> => start('./bare-proxy.ts', [target]);
