import type { Readable } from 'node:stream';
import type { ReeveClient, Wait } from '@reeve/client';
import type { Env } from '../config/env.ts';
import { resolveHome } from '../config/home.ts';
import { createTerminal, type Output, type Terminal } from './terminal.ts';

/** What the process gives to the command line; tests give their own. */
export interface CliIo {
  env: Env;
  stdin: Readable & { isTTY?: boolean };
  stdout: Output;
  stderr: Output;
  /** Aborts when the process is asked to end. Commands that treat Ctrl-C themselves do not take part. */
  signal: AbortSignal;
  /** How to wait before a new try to reach the gateway; the real clock when absent. */
  wait?: Wait;
}

export interface GlobalOptions {
  home?: string;
  url?: string;
  token?: string;
  json?: boolean;
}

export interface CliContext {
  io: CliIo;
  home: string;
  given: { url?: string; token?: string };
  isJson: boolean;
  out: Terminal;
  err: Terminal;
  /** A client of the running gateway that finds it anew at each request. */
  client(): Promise<ReeveClient>;
  /** The value as JSON with `--json`, otherwise what `human` says of it. */
  print(value: unknown, human: () => string): void;
}

export const createContext = (io: CliIo, options: GlobalOptions): CliContext => {
  const home = resolveHome(options.home, io.env);
  const url = options.url ?? io.env['REEVE_URL'];
  const token = options.token ?? io.env['REEVE_TOKEN'];
  const given = { ...(url && { url }), ...(token && { token }) };
  const out = createTerminal(io.stdout, io.env);
  const isJson = options.json === true;
  return {
    io,
    home,
    given,
    isJson,
    out,
    err: createTerminal(io.stderr, io.env),
    client: async () => {
      const [{ createReeveClient }, { findGateway }] = await Promise.all([
        import('@reeve/client'),
        import('./gateway-file.ts'),
      ]);
      findGateway(home, given);
      return createReeveClient({
        url: () => findGateway(home, given).url,
        token: () => findGateway(home, given).token,
      });
    },
    print: (value, human) => {
      if (isJson) out.json(value);
      else out.line(human());
    },
  };
};

/** What a command's module exports. The result is the exit code; none means 0. */
export type CommandRun<Args extends unknown[] = never[]> = (
  context: CliContext,
  ...args: Args
) => Promise<number | undefined>;
