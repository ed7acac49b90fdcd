import { benchCache } from './cache.ts';
import { benchCrash } from './crash.ts';
import { benchFailover } from './failover.ts';
import { benchGate } from './gate.ts';
import { benchIdle, benchSessions } from './idle.ts';
import { benchInstall } from './install.ts';
import { benchPrompt } from './prompt.ts';
import { benchProxy } from './proxy.ts';
import { say } from './report.ts';
import { benchSignIn } from './sign-in.ts';
import { benchSockets } from './sockets.ts';
import { benchTurn } from './turn.ts';
import { benchWeb } from './web.ts';

/** `npm run bench [-- NAME] [--smoke]`: one JSON line per figure on stdout. */
const benches = {
  turn: benchTurn,
  proxy: benchProxy,
  sockets: benchSockets,
  failover: benchFailover,
  cache: benchCache,
  gate: benchGate,
  'sign-in': benchSignIn,
  idle: benchIdle,
  sessions: benchSessions,
  prompt: benchPrompt,
  install: benchInstall,
  crash: benchCrash,
  web: benchWeb,
};

const args = process.argv.slice(2);
const isSmoke = args.includes('--smoke');
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  say(`There is no benchmark ${unknown}; there are: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (names.length > 0 && !names.includes(name)) continue;
  say(`— ${name}`);
  await bench({ isSmoke });
}
process.exit(0);
