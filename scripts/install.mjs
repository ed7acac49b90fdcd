// Installs what is missing: Node and pnpm from the npm registry into .toolchain/, then the workspace's packages.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findNode, hasPackages, hasPnpm, isReady, nodePackage, stampPackages, suits } from './toolchain.mjs';

const isWindows = process.platform === 'win32';
const say = (text) => process.stderr.write(`reeve: ${text}\n`);

/** Resolves with the Node to use. `fail(message, next)` ends the process. */
export const install = async (root, wanted, fail) => {
  const folder = join(root, '.toolchain');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    fail(
      `${folder} cannot be written (${error.code})`,
      'Give yourself write permission on this folder, or clone it elsewhere.',
    );
  }
  const release = await lock(join(folder, 'lock'), fail);
  try {
    // Another start may have done it meanwhile.
    const ready = isReady(root, wanted);
    if (ready) return ready;
    const started = Date.now();
    const node = findNode(root, wanted) ?? nodeOnPath();
    const missing = [
      ...(node ? [] : [`${nodePackage()}@${wanted.node}`]),
      ...(hasPnpm(root, wanted) ? [] : [`pnpm@${wanted.pnpm}`]),
    ];
    if (missing.length > 0) await installToolchain(folder, missing, fail);
    const chosen = node ?? findNode(root, wanted);
    if (!chosen)
      fail(
        `Node ${wanted.node} was installed but is not there`,
        'Delete the folder .toolchain and try again.',
      );
    if (!hasPackages(root)) {
      say('installing packages …');
      await installPackages(root, folder, chosen, fail);
      stampPackages(root);
    }
    say(`ready after ${Math.round((Date.now() - started) / 1000)} s`);
    return chosen;
  } finally {
    release();
  }
};

/** A suitable Node further down the PATH than the one that runs this. */
const nodeOnPath = () => {
  const own = realpathSync(process.execPath);
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, isWindows ? 'node.exe' : 'node');
    if (!folder || !existsSync(file) || realpathSync(file) === own) continue;
    const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 5_000 });
    if (stdout && suits(stdout.trim().slice(1))) return file;
  }
  return null;
};

const installToolchain = async (folder, packages, fail) => {
  say(`installing ${packages.join(' and ')} (about 100 MB, once) …`);
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  // npm tells its scripts where it lives; running that file needs no shell on any system.
  const own = process.env.npm_execpath;
  const [file, ...first] = own?.endsWith('npm-cli.js')
    ? [process.execPath, own]
    : [isWindows ? 'npm.cmd' : 'npm'];
  const result = await runQuiet(
    file,
    [
      ...first,
      'install',
      '--prefix',
      folder,
      '--save-exact',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      ...packages,
    ],
    {
      cwd: folder,
      shell: file === 'npm.cmd',
    },
  );
  if (result.code !== 0) explain(result, 'npm', folder, fail);
};

const installPackages = async (root, folder, node, fail) => {
  const bin = join(folder, 'node_modules', '.bin');
  const result = await runQuiet(
    isWindows ? join(bin, 'pnpm.cmd') : join(bin, 'pnpm'),
    ['install', '--frozen-lockfile', '--reporter=append-only', '--config.confirmModulesPurge=false'],
    {
      cwd: root,
      shell: isWindows,
      env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
      onLine: (line) => line.startsWith('Progress') && process.stderr.write(`  ${line}\n`),
    },
  );
  if (result.code !== 0) explain(result, 'pnpm', root, fail);
};

/** Runs a program and keeps what it says. It ends with this process. */
const runQuiet = (file, args, { onLine, ...options }) =>
  new Promise((resolve) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = () => child.kill();
    process.once('exit', end);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (onLine) for (const line of text.split('\n')) onLine(line);
      });
    }
    child.on('error', (error) => resolve({ code: error.code, output: error.message }));
    child.on('close', (code) => {
      process.off('exit', end);
      resolve({ code, output });
    });
  });

/** The causes a newcomer meets, each with its way out. */
const explain = ({ code, output }, program, folder, fail) => {
  process.stderr.write(`${output.trim().split('\n').slice(-12).join('\n')}\n`);
  if (code === 'ENOENT')
    fail(
      `${program} was not found`,
      'Install npm (it comes with Node), or put a Node 24.16 or newer on the PATH.',
    );
  if (/EACCES|EROFS|EPERM/.test(output))
    fail(
      `${folder} cannot be written`,
      'Give yourself write permission on this folder, or clone it elsewhere.',
    );
  if (/ENOSPC/.test(output)) fail('the disk is full', 'Free about 1 GB and try again.');
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|error sending request|dns error/i.test(
      output,
    )
  ) {
    fail(
      'the package registry cannot be reached',
      'Check the network, or a proxy in your npm settings, and try again. Once installed, Reeve starts without a network.',
    );
  }
  if (/ETARGET|E404|NO_MATCHING_VERSION/.test(output))
    fail(
      'the package registry does not have a version that is pinned here',
      'Check which registry npm uses (npm config get registry).',
    );
  if (/OUTDATED_LOCKFILE/.test(output))
    fail(
      'pnpm-lock.yaml does not fit the package.json files',
      `Run ${join('.toolchain', 'node_modules', '.bin', 'pnpm')} install and commit the result.`,
    );
  fail(
    `${program} ended with ${code}`,
    'See the lines above. Deleting .toolchain and node_modules starts anew.',
  );
};

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** A lock without its owner's number is being made this moment, unless it is older than this. */
const freshMs = 10_000;

const isStale = (path) => {
  try {
    return !isAlive(Number(readFileSync(join(path, 'pid'), 'utf8')));
  } catch {
    try {
      return Date.now() - statSync(path).mtimeMs > freshMs;
    } catch {
      return false;
    }
  }
};

/** Long enough for another start that judged the same stale lock to have taken it away. */
const settleMs = 50;

const isOwn = (path) => {
  try {
    return readFileSync(join(path, 'pid'), 'utf8') === String(process.pid);
  } catch {
    return false;
  }
};

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** One installation at a time; a lock whose owner is gone is taken over. Resolves with the way to release it. */
const lock = async (path, fail) => {
  const release = () => isOwn(path) && rmSync(path, { recursive: true, force: true });
  const interrupt = () => process.exit(130);
  let hasSaid = false;
  for (;;) {
    try {
      mkdirSync(path);
      writeFileSync(join(path, 'pid'), String(process.pid));
      await wait(settleMs);
      if (!isOwn(path)) continue;
      process.once('exit', release);
      for (const signal of signals) process.once(signal, interrupt);
      return () => {
        process.off('exit', release);
        for (const signal of signals) process.off(signal, interrupt);
        release();
      };
    } catch (error) {
      if (error.code !== 'EEXIST' && error.code !== 'ENOENT') {
        fail(`${path} cannot be written (${error.code})`, 'Give yourself write permission on this folder.');
      }
    }
    if (isStale(path)) rmSync(path, { recursive: true, force: true });
    else {
      if (!hasSaid) say('another start is installing; waiting for it …');
      hasSaid = true;
      await wait(200);
    }
  }
};
