// Builds the page into .cache/page/<hash of its sources>, each file compressed beforehand, and names that folder in
// .cache/page/current, where the gateway looks. Run by the pinned Node; does nothing when the sources are the same.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const sources = ['apps/web', 'packages/protocol/src', 'packages/client/src'];
const skipped = new Set(['node_modules', 'dist', 'README.md']);
/** Older builds stay a while: a tab that is open may still ask for their parts. */
const keep = 3;

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !skipped.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });

/** Changes with every source of the page. */
export const pageHash = (root) => {
  const hash = createHash('sha256');
  const files = sources.flatMap((folder) => filesBelow(join(root, folder)));
  for (const file of [...files, join(root, 'pnpm-lock.yaml'), fileURLToPath(import.meta.url)])
    hash.update(`${relative(root, file)}\n`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
};

const pagesFolder = (root) => join(root, '.cache', 'page');

export const isPageBuilt = (root) => {
  const current = join(pagesFolder(root), 'current');
  return existsSync(current) && readFileSync(current, 'utf8') === pageHash(root);
};

const compressible = /\.(html|js|css|svg|webmanifest|json)$/;

const compress = (folder) => {
  for (const file of filesBelow(folder)) {
    if (!compressible.test(file)) continue;
    const bytes = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    );
  }
};

/** Throws when Vite fails, with what it said. */
export const buildPage = (root) => {
  if (isPageBuilt(root)) return;
  const hash = pageHash(root);
  const pages = pagesFolder(root);
  const folder = join(pages, hash);
  if (!existsSync(folder)) {
    const temporary = `${folder}.${process.pid}`;
    mkdirSync(pages, { recursive: true });
    const vite = join(root, 'apps/web/node_modules/vite/bin/vite.js');
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [vite, 'build', '--outDir', temporary, '--emptyOutDir', '--logLevel', 'warn'],
      // Whoever runs this, a test say, may have set another mode: React would be three times as large.
      { cwd: join(root, 'apps/web'), encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
    );
    if (status !== 0) throw new Error(`the page cannot be built:\n${stdout}${stderr}`);
    compress(temporary);
    writeFileSync(
      join(temporary, 'files.json'),
      JSON.stringify(
        filesBelow(temporary).map((file) => `/${relative(temporary, file).split(sep).join('/')}`),
      ),
    );
    // Another start may have finished the same build meanwhile.
    if (existsSync(folder)) rmSync(temporary, { recursive: true });
    else renameSync(temporary, folder);
  }
  const current = join(pages, `current.${process.pid}`);
  writeFileSync(current, hash);
  renameSync(current, join(pages, 'current'));
  removeOld(pages, hash);
};

const removeOld = (pages, current) => {
  const builds = readdirSync(pages)
    .filter((name) => /^[0-9a-f]{16}$/.test(name) && name !== current)
    .map((name) => join(pages, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of builds.slice(keep - 1)) rmSync(old, { recursive: true, force: true });
};

if (process.argv[1] === fileURLToPath(import.meta.url))
  buildPage(dirname(dirname(fileURLToPath(import.meta.url))));
