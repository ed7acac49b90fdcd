import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createReeveClient, type ReeveClient } from '@reeve/client';
import { noRateLimits } from './no-limits.ts';

const sourceMain = fileURLToPath(new URL('../../../../apps/reeve/src/main.ts', import.meta.url));
const crashMain = fileURLToPath(new URL('../crash/gateway-main.ts', import.meta.url));

export interface GatewayProcess {
  child: ChildProcess;
  url: string;
  token: string;
  client: ReeveClient;
  /** Milliseconds from spawn to the first answer of /health. */
  readyMs: number;
  /** Resolves with exit code and signal when it has ended. */
  exited: Promise<[number | null, NodeJS.Signals | null]>;
  /** kill -9 of the whole process group; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number | null>;
  stderr(): string;
}

export interface GatewayProcessOptions {
  home: string;
  env?: Record<string, string>;
  port?: number;
  /** The file to run; the sources when absent. */
  main?: string;
  /** A command that runs the gateway as its argument, such as strace with its options. */
  wrapper?: string[];
  /** Flags of its Node. */
  nodeFlags?: readonly string[];
}

/** A gateway as a process of its own, started as a user starts it. */
export const spawnGateway = ({
  home,
  env = {},
  port = 0,
  wrapper = [],
  main = sourceMain,
  nodeFlags = [],
}: GatewayProcessOptions): Promise<GatewayProcess> =>
  start(
    [
      ...wrapper,
      process.execPath,
      ...nodeFlags,
      main,
      'up',
      '--home',
      home,
      '--port',
      String(port),
      '--no-open',
      '--json',
    ],
    home,
    env,
  );

/** A gateway whose tools leave marks in the file `effects`. */
export const spawnCrashGateway = ({
  home,
  env = {},
  port = 0,
  wrapper = [],
  effects,
}: GatewayProcessOptions & { effects: string }): Promise<GatewayProcess> =>
  start([...wrapper, process.execPath, crashMain, home, String(port), effects], home, env);

/** A test that fails midway must not leave its gateways behind. */
const running = new Set<number>();
process.on('exit', () => {
  for (const pid of running) signalGroup(pid, 'SIGKILL');
});

const signalGroup = (pid: number, name: NodeJS.Signals) => {
  try {
    // The group: a wrapper such as strace must not survive its gateway.
    process.kill(-pid, name);
  } catch {
    // Gone already.
  }
};

const start = async (
  [command, ...args]: string[],
  home: string,
  env: Record<string, string>,
): Promise<GatewayProcess> => {
  const startedAt = performance.now();
  const child = spawn(command!, args, {
    env: {
      PATH: process.env['PATH'],
      NODE_OPTIONS: process.env['NODE_OPTIONS'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      HOME: home,
      TZ: 'UTC',
      REEVE_AGENT_TIME_ZONE: 'Europe/Berlin',
      // Whatever else runs on this machine is no part of a test.
      REEVE_LOCAL_SERVERS: 'none',
      ...noRateLimits,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid!;
  running.add(pid);
  child.once('exit', () => running.delete(pid));
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => text as string),
    exited.then(([code, signal]) => {
      throw new GatewayExit(code, signal, stderr);
    }),
  ]);
  const { url } = JSON.parse(line) as { url?: string };
  if (url === undefined) throw new GatewayExit((await exited)[0], null, `${line} ${stderr}`);
  const { token } = JSON.parse(readFileSync(join(home, 'run', 'gateway.json'), 'utf8')) as { token: string };
  return {
    child,
    url,
    token,
    client: createReeveClient({ url, token }),
    readyMs: performance.now() - startedAt,
    exited,
    stderr: () => stderr,
    async kill() {
      signalGroup(pid, 'SIGKILL');
      await exited;
    },
    async stop() {
      signalGroup(pid, 'SIGTERM');
      return (await exited)[0];
    },
  };
};

/** The gateway ended before it was ready. */
export class GatewayExit extends Error {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  constructor(code: number | null, signal: NodeJS.Signals | null, stderr: string) {
    super(`the gateway ended with ${signal ?? code}: ${stderr}`);
    this.code = code;
    this.signal = signal;
    this.stderr = stderr;
  }
}
