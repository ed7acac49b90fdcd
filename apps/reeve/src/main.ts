#!/usr/bin/env node
import { runCli } from './cli/run-cli.ts';

/** npm passes Ctrl-C on although the terminal has told us already: a second signal sooner than this is the same one. */
const echoMs = 1_000;

const abort = new AbortController();
let firstAt = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!abort.signal.aborted) firstAt = performance.now();
    else if (performance.now() - firstAt > echoMs) process.exit(130);
    abort.abort();
  });
}
// A reader such as `head` that has seen enough is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { env, stdin, stdout, stderr } = process;
process.exitCode = await runCli(process.argv.slice(2), { env, stdin, stdout, stderr, signal: abort.signal });
