import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Env = Record<string, string | undefined>;

/** The data folder: the flag, else `REEVE_HOME`, else `~/.reeve`. */
export const resolveHome = (flag: string | undefined, env: Env): string => {
  const wanted = flag || env['REEVE_HOME'];
  if (!wanted) return join(homedir(), '.reeve');
  return resolve(wanted.replace(/^~(?=$|[\\/])/, homedir()));
};

export const configFile = (home: string): string => join(home, 'reeve.toml');
