/**
 * A gateway with the tools of a crash test: `node gateway-main.ts HOME PORT EFFECTS_FILE`. Prints
 * `{"url":…}` when ready and runs until it is killed.
 */
import { startServer } from 'reeve/server';
import { effectTools } from './effects.ts';

const [home, port, effects] = process.argv.slice(2) as [string, string, string];
const server = await startServer({
  home,
  env: process.env,
  flags: { port },
  extraTools: effectTools(effects),
});
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
