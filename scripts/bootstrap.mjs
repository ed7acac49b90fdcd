#!/usr/bin/env node
// Plain JavaScript for Node >= 20 and no dependency: brings the pinned Node, pnpm and the packages when they are
// missing or have changed, then becomes the command that was asked for. `cli` prints nothing of its own on stdout.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command = '', ...args] = process.argv.slice(2);

/** What each command runs, and with which arguments before those given. */
const commands = {
  start: ['apps/reeve/src/main.ts', 'up'],
  cli: ['apps/reeve/src/main.ts'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
  check: ['scripts/check.mjs'],
  bench: ['bench/main.ts'],
  docs: ['scripts/docs.ts'],
};

const fail = (message, next) => {
  const isJson = command === 'cli' && args.includes('--json');
  if (isJson) process.stdout.write(`${JSON.stringify({ code: 'INTERNAL_ERROR', message, next })}\n`);
  else process.stderr.write(`reeve: ${message}\n  -> ${next}\n`);
  process.exit(1);
};

/** Replaces this process where the system can; otherwise waits for a child, passing signals and the exit code on. */
const become = (node, argv, env) => {
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    // execve is marked experimental; that is no news for the user.
    process.emitWarning = () => {};
    process.execve(node, [node, ...argv], env);
  }
  const child = spawn(node, argv, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) =>
    fail(`${node} cannot be run: ${error.message}`, 'Delete the folder .toolchain and try again.'),
  );
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
};

/** The bundled program, made anew when its sources changed; null when it cannot be made: then the sources run. */
const built = async (node) => {
  const { buildFolder } = await import('./build.mjs');
  const file = join(buildFolder(root), 'main.mjs');
  if (existsSync(file)) return file;
  process.stderr.write('reeve: building …\n');
  const { status, stderr } = spawnSync(node, [join(root, 'scripts/build.mjs')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status === 0 && existsSync(file)) return file;
  process.stderr.write(
    `reeve: the build failed, so the sources run as they are (slower to start)\n${stderr ?? ''}`,
  );
  return null;
};

/** Builds the page when its sources changed. Without it Reeve works by the command line, and the page says what to do. */
const buildPage = async (node) => {
  const { isPageBuilt } = await import('./build-web.mjs');
  if (isPageBuilt(root)) return;
  process.stderr.write('reeve: building the page …\n');
  const { status, stderr } = spawnSync(node, [join(root, 'scripts/build-web.mjs')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) process.stderr.write(`reeve: the page could not be built\n${stderr ?? ''}`);
};

const main = async () => {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    fail(
      `Node ${process.versions.node} is too old to start Reeve`,
      'Install Node 20 or newer; Reeve brings the exact version it needs itself.',
    );
  }
  const script = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!script)
    fail(`there is no command ${JSON.stringify(command)}`, `Use one of ${Object.keys(commands).join(', ')}.`);

  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).reeve;
  const { isReady } = await import('./toolchain.mjs');
  let node = isReady(root, wanted);
  if (!node) {
    const { install } = await import('./install.mjs');
    node = await install(root, wanted, fail);
  }
  const isProgram = command === 'start' || command === 'cli';
  if (command === 'start' || command === 'test' || args[0] === 'up') await buildPage(node);
  const { nodeFlags } = await import('./build.mjs');
  const file = (isProgram && (await built(node))) || join(root, script[0]);
  become(node, [...nodeFlags, file, ...script.slice(1), ...args], {
    ...process.env,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, '.cache', 'node'),
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
  });
};

await main();
