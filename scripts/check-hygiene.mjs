// What must never be in the repository: secrets, paths of one machine, package hosts, credits to whoever wrote a line.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** `allow` says which finds are fine: keys that are obviously made up, for example. */
const rules = [
  {
    name: 'a key of a model provider',
    pattern: /\bsk-[A-Za-z0-9_-]{12,}/g,
    allow: (find) => /secret|example|0123456789abcdef/.test(find),
  },
  {
    name: 'a credential of a service',
    pattern:
      /\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAIza[\w-]{30,}/g,
  },
  { name: 'a token of a Reeve', pattern: /\brv[ls]?_[A-Za-z0-9_-]{43}\b/g },
  { name: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/g },
  { name: 'a JSON web token', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g },
  { name: 'a login at a package registry', pattern: /:_(?:authToken|auth|password)\s*=/g },
  { name: 'a path of one machine', pattern: /(?<![\w.~-])\/(?:work|root|Users)\/[\w.-]+/g },
  { name: 'a package registry', pattern: /\bregistry\.[a-z0-9-]+\.[a-z]{2,}|^\s*registry\s*=/gm },
  {
    name: 'a credit',
    pattern:
      /\bco-author(?:ed)?-by:|\b(?:generated|written) (?:by|with) (?:an? )?(?:AI|LLM|assistant)\b|@(?:author)\b/gi,
  },
  {
    name: 'a package host',
    pattern: /^(?!\s*deprecated:).*https?:\/\/[\w.-]+/gm,
    only: (file) => file === 'pnpm-lock.yaml',
  },
];

// A checkout may belong to another user than the one who checks it.
const listed = spawnSync(
  'git',
  ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 },
);
if (listed.status !== 0) throw new Error(`git cannot list the files: ${listed.stderr}`);

const read = (file) => {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch (error) {
    // Deleted, and not yet committed so.
    if (error.code === 'ENOENT') return '';
    throw error;
  }
};

/** Where, and never what: a report must not repeat a secret. */
const finds = [...new Set(listed.stdout.split('\0').filter(Boolean))].flatMap((file) => {
  const text = read(file);
  // A NUL byte means that it is no text.
  if (text.includes('\0')) return [];
  return rules
    .filter(({ only }) => only === undefined || only(file))
    .flatMap(({ name, pattern, allow }) =>
      [...text.matchAll(pattern)]
        .filter(([find]) => allow === undefined || !allow(find))
        .map(({ index }) => `${file}:${text.slice(0, index).split('\n').length}: ${name}`),
    );
});
for (const find of finds) console.error(find);
process.exitCode = finds.length > 0 ? 1 : 0;
