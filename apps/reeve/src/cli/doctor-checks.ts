import { accessSync, constants, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { isHandle } from '@reeve/core';
import type { Config } from '@reeve/protocol';
import type { LoadedConfig } from '../config/index.ts';
import { showBytes } from './terminal.ts';

/** One finding. `next` says how to mend it and is there unless all is well. */
export interface Finding {
  name: string;
  state: 'ok' | 'warn' | 'fail';
  message: string;
  next?: string;
}

export const ok = (name: string, message: string): Finding => ({ name, state: 'ok', message });
export const warn = (name: string, message: string, next: string): Finding => ({
  name,
  state: 'warn',
  message,
  next,
});
export const fail = (name: string, message: string, next: string): Finding => ({
  name,
  state: 'fail',
  message,
  next,
});

export const checkNode = (version: string): Finding => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 16)) return ok('node', `Node ${version}`);
  return fail(
    'node',
    `Node ${version} is too old`,
    'Use Node 24.16 or newer, or start with `npm start`, which brings one.',
  );
};

export const checkHome = (home: string): Finding => {
  let nearest = home;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
    if (nearest !== home) return ok('home', `${home} does not exist yet and can be made`);
    rmSync(mkdtempSync(join(home, '.doctor-')), { recursive: true });
  } catch (error) {
    return fail(
      'home',
      `${home} cannot be written: ${(error as Error).message}`,
      'Give the user write permission, or start with --home DIR.',
    );
  }
  const isOpen = process.platform !== 'win32' && (statSync(home).mode & 0o077) !== 0;
  return isOpen
    ? warn('home', `${home} can be read by other users of this machine`, `Run chmod 700 ${home}`)
    : ok('home', `${home} is writable`);
};

export const checkConfig = (loaded: LoadedConfig): Finding => {
  if (!loaded.ok) return fail('config', loaded.error.message, loaded.error.fault.next ?? 'Correct it.');
  if (loaded.warnings.length > 0) {
    return warn(
      'config',
      loaded.warnings.map(({ message }) => message).join(' '),
      'Correct or remove what is named.',
    );
  }
  return ok(
    'config',
    existsSync(loaded.file) ? `${loaded.file} is valid` : 'no reeve.toml; defaults are used',
  );
};

/** Only for a gateway that is down: can it have its port? */
export const checkPort = ({ host, port }: Config['gateway']): Promise<Finding> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      resolve(
        fail(
          'port',
          isTaken
            ? `Port ${port} is in use by another program`
            : `${host}:${port} cannot be used: ${error.message}`,
          isTaken
            ? 'Stop that program, or start with --port N.'
            : 'Choose another gateway.host or gateway.port.',
        ),
      );
    });
    server.listen({ host, port, exclusive: true }, () =>
      server.close(() => resolve(ok('port', `${host}:${port} is free`))),
    );
  });

const littleBytes = 200 * 2 ** 20;
const scarceBytes = 2 * 2 ** 30;

export const checkDisk = async (home: string): Promise<Finding> => {
  let nearest = home;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  const { bavail, bsize } = await statfs(nearest);
  const free = bavail * bsize;
  if (free < littleBytes)
    return fail(
      'disk',
      `only ${showBytes(free)} free`,
      'Free some space; Reeve refuses messages when it cannot store them.',
    );
  return free < scarceBytes
    ? warn('disk', `${showBytes(free)} free`, 'Free some space soon.')
    : ok('disk', `${showBytes(free)} free`);
};

/** Longest file of the workspace that is used whole, in characters. */
const longestWorkspaceFile = 20_000;

export const checkWorkspace = (home: string): Finding => {
  const soul = join(home, 'workspace', 'SOUL.md');
  if (!existsSync(soul))
    return warn(
      'workspace',
      'workspace/SOUL.md is not there',
      'It is made from a template at the next start.',
    );
  if (statSync(soul).size > longestWorkspaceFile)
    return warn(
      'workspace',
      'workspace/SOUL.md is long; its middle is left out',
      'Shorten it to 20,000 characters.',
    );
  return ok('workspace', 'workspace/SOUL.md is there');
};

/** Before this instant a clock is certainly wrong: Reeve did not exist. */
const earliest = Date.UTC(2025, 0, 1);

export const checkClock = (now: number, timeZone: string): Finding => {
  const shown = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'long' }).format(
    now,
  );
  if (now < earliest)
    return fail('clock', `The clock says ${shown}`, 'Set the clock; reminders and sign-in depend on it.');
  return ok('clock', `${shown} (${timeZone})`);
};

/** For a gateway that is down: does each configured model server answer? */
export const checkProviders = async (
  config: Config,
  env: Record<string, string | undefined>,
  signal: AbortSignal,
): Promise<Finding[]> => {
  const names = Object.keys(config.providers);
  if (names.length === 0)
    return [
      warn(
        'models',
        'no model server is set up; the built-in steward answers',
        'Set OPENAI_API_KEY, or `reeve config set providers.NAME.baseUrl URL`.',
      ),
    ];
  return Promise.all(
    names.map(async (name) => {
      const { baseUrl, apiKey, apiKeyEnv } = config.providers[name]!;
      if (isHandle(apiKey))
        return ok(`models.${name}`, 'not asked: its key is in the vault, which a running Reeve opens');
      const key = apiKey || (apiKeyEnv && env[apiKeyEnv]);
      if (apiKeyEnv && !key)
        return fail(
          `models.${name}`,
          `the variable ${apiKeyEnv} is not set`,
          `Set ${apiKeyEnv} to the key of ${name}.`,
        );
      try {
        const response = await fetch(`${baseUrl.replace(/\/$/, '')}/models`, {
          signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
          headers: key ? { authorization: `Bearer ${key}` } : {},
        });
        await response.body?.cancel();
        if (response.ok) return ok(`models.${name}`, `${new URL(baseUrl).host} answers`);
        const isKey = response.status === 401 || response.status === 403;
        return fail(
          `models.${name}`,
          `${new URL(baseUrl).host} answers ${response.status}`,
          isKey ? 'Check the key.' : `Check providers.${name}.baseUrl.`,
        );
      } catch {
        return fail(
          `models.${name}`,
          `${new URL(baseUrl).host} does not answer`,
          `Start it, or correct providers.${name}.baseUrl.`,
        );
      }
    }),
  );
};
