import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { Harness } from '@reeve/testkit';
import { runCli } from '../../apps/reeve/src/cli/run-cli.ts';

/** Looks like a key of a provider and is found in no other text. */
export const plantedKey = ['sk', 'planted', 'Q7wE9rT1yU3iO5pA7sD9fG1h'].join('-');

/** The files under a folder that hold a text, in whatever encoding a careless writer would have used. */
export const filesWith = (folder: string, text: string): string[] => {
  const forms = [text, Buffer.from(text).toString('base64').slice(0, -4), Buffer.from(text).toString('hex')];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return forms.some((form) => bytes.includes(form));
    })
    .map((file) => relative(folder, file));
};

/** A command line against a running gateway; `input` is its standard input. */
export const run = async (
  { url, token, home }: Pick<Harness, 'url' | 'token' | 'home'>,
  argv: string[],
  { input, isTty = false }: { input?: string; isTty?: boolean } = {},
): Promise<{ code: number; out: string; err: string }> => {
  const written = { out: '', err: '' };
  const stdin = Object.assign(input === undefined ? new PassThrough() : Readable.from([input]), {
    isTTY: isTty,
  });
  const code = await runCli([...argv, '--url', url, '--token', token, '--home', home], {
    env: {},
    stdin,
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
    signal: new AbortController().signal,
  });
  return { code, ...written };
};

export const keep = (harness: Harness, name: string, value: string) =>
  harness.client.secrets.set({ name, value });

/** The keys that the model server was given, one for each request. */
export const keysSeen = (harness: Harness): string[] =>
  harness.model.requests.map(({ headers }) => String(headers['authorization']).replace('Bearer ', ''));
