// What is there: which Node to use, and whether the installed packages are those that the repository asks for.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reeve runs on 24.16 and later 24.x, and on later even majors; odd ones have no prebuilt binaries. */
export const suits = (version) => {
  const [major, minor] = version.split('.').map(Number);
  return major === 24 ? minor >= 16 : major > 24 && major % 2 === 0;
};

export const nodePackage = () =>
  `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

const versionOf = (root, name) => {
  try {
    return JSON.parse(readFileSync(join(root, '.toolchain', 'node_modules', name, 'package.json'), 'utf8'))
      .version;
  } catch {
    return null;
  }
};

/** Path of the Node to use: the running one when it suits, else the one in `.toolchain`; null when neither is there. */
export const findNode = (root, wanted) => {
  if (suits(process.versions.node)) return process.execPath;
  if (versionOf(root, nodePackage()) !== wanted.node) return null;
  return join(
    root,
    '.toolchain',
    'node_modules',
    nodePackage(),
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
};

export const hasPnpm = (root, wanted) => versionOf(root, 'pnpm') === wanted.pnpm;

const stampFile = (root) => join(root, '.toolchain', 'packages.stamp');

/** A hash over everything that decides what is installed. */
const fingerprint = (root) => {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const globs = [...workspace.matchAll(/^ {2}- ["']?([\w./-]+(?:\/\*)?)["']?\s*$/gm)].map(
    (match) => match[1],
  );
  const folders = globs.flatMap((glob) => {
    if (!glob.endsWith('/*')) return [glob];
    const parent = glob.slice(0, -2);
    return existsSync(join(root, parent))
      ? readdirSync(join(root, parent))
          .sort()
          .map((name) => `${parent}/${name}`)
      : [];
  });
  hash.update(workspace);
  for (const file of [
    'package.json',
    'pnpm-lock.yaml',
    ...folders.map((folder) => `${folder}/package.json`),
  ]) {
    try {
      hash.update(file).update(readFileSync(join(root, file)));
    } catch (error) {
      // A folder without package.json is no package.
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    }
  }
  return hash.digest('hex');
};

export const hasPackages = (root) => {
  try {
    return (
      readFileSync(stampFile(root), 'utf8') === fingerprint(root) &&
      existsSync(join(root, 'node_modules', '.modules.yaml'))
    );
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
};

export const stampPackages = (root) => writeFileSync(stampFile(root), fingerprint(root));

/** The Node to use when nothing is left to install; otherwise null. */
export const isReady = (root, wanted) => {
  const node = findNode(root, wanted);
  return node && hasPackages(root) ? node : null;
};
