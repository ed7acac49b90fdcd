// Bundles the program into .cache/build: one file instead of a thousand modules halves the time to ready. Node runs
// the sources as they are, so everything but `start` and `cli` does without. Run by the pinned Node.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Flags of the Node that runs the program. V8 lets its nursery grow to 96 MB in a burst of work and keeps it: 5,000
 * sockets that say hello leave 70 MB behind them. With 16 MB for each half a turn costs the same.
 */
export const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16'];

/** Builds that may still be in use by a running gateway, which loads parts of it late. */
const keep = 3;

/** Files that a build is made of change neither name, size nor time as long as it is up to date. */
export const buildFolder = (root) => {
  const hash = createHash('sha256');
  const add = (file) => {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file}\n${mtimeMs}\n${size}\n`);
  };
  for (const file of ['pnpm-lock.yaml', 'scripts/build.mjs']) add(join(root, file));
  for (const group of ['packages', 'apps']) {
    for (const name of readdirSync(join(root, group)).sort()) {
      const source = join(root, group, name, 'src');
      // The page is built on its own: see build-web.mjs.
      if (name === 'web' || !existsSync(source)) continue;
      for (const entry of readdirSync(source, { recursive: true }).sort())
        if (/\.(ts|html|json)$/.test(entry)) add(join(source, entry));
      const data = join(root, group, name, 'data');
      if (existsSync(data)) for (const entry of readdirSync(data).sort()) add(join(data, entry));
    }
  }
  return join(root, '.cache', 'build', hash.digest('hex').slice(0, 16));
};

/** Native or large packages stay where they are; everything else goes into the bundle. */
const external =
  /^(better-sqlite3|@scalar\/fastify-api-reference|@napi-rs\/keyring|samlify|better-auth(\/.*)?|@better-auth\/.*)$/;

const plugin = {
  name: 'reeve',
  resolveId(source, importer) {
    if (importer && external.test(source))
      return { id: pathToFileURL(createRequire(importer).resolve(source)).href, external: 'absolute' };
  },
  // Files beside a source (the page, templates, docs) are still found beside it.
  transform(code, id) {
    if (!id.includes('node_modules') && code.includes('import.meta.url'))
      return code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href));
  },
};

/** Resolves to the file to run. */
export const build = async (root) => {
  const folder = buildFolder(root);
  const main = join(folder, 'main.mjs');
  if (existsSync(main)) return main;
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: join(root, 'apps/reeve/src/main.ts'),
    platform: 'node',
    plugins: [plugin],
    logLevel: 'warn',
  });
  const temporary = `${folder}.${process.pid}`;
  await bundle.write({
    dir: temporary,
    format: 'esm',
    // V8 keeps the source of a module, and two bytes for each character as soon as one is not ASCII.
    charset: 'ascii',
    comments: false,
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  });
  await bundle.close();
  // Another start may have finished the same build meanwhile.
  if (existsSync(main)) rmSync(temporary, { recursive: true });
  else renameSync(temporary, folder);
  removeOld(join(root, '.cache', 'build'));
  return main;
};

const removeOld = (folder) => {
  const builds = readdirSync(folder)
    .map((name) => join(folder, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of builds.slice(keep)) rmSync(old, { recursive: true, force: true });
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  mkdirSync(join(root, '.cache', 'build'), { recursive: true });
  await build(root);
}
