// `npm run check`: every check the project has besides its tests, one line each. Names as arguments run only those.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (path) => join(root, 'node_modules', path);

const checks = [
  ['types', bin('typescript/bin/tsc'), ['-p', '.']],
  ['lint', bin('@biomejs/biome/bin/biome'), ['check', '.']],
  [
    'arrows',
    bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
    ['--config', '.dependency-cruiser.cjs', 'packages', 'apps'],
  ],
  ['unused', bin('knip/bin/knip.js'), ['--no-progress']],
  // What a package's index.ts promises and nobody takes. Types stand there for whoever reads, so only values count.
  ['doors', bin('knip/bin/knip.js'), ['--no-progress', '--include-entry-exports', '--include', 'exports']],
  ['docs', join(root, 'scripts', 'docs.ts'), ['--check']],
  ['hygiene', join(root, 'scripts', 'check-hygiene.mjs'), []],
];

const run = ([name, file, args]) =>
  new Promise((resolve) => {
    const started = performance.now();
    const done = (isGood, output) =>
      resolve({ name, isGood, output, seconds: (performance.now() - started) / 1000 });
    if (!existsSync(file)) return done(false, `${file} is not there`);
    const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    child.on('close', (code) => done(code === 0, output));
  });

const asked = process.argv.slice(2);
const wrong = asked.filter((name) => !checks.some(([known]) => known === name));
if (wrong.length > 0) {
  console.error(`There is no check ${wrong.join(', ')}; use ${checks.map(([name]) => name).join(', ')}.`);
  process.exit(1);
}
let isGood = true;
for (const check of checks.filter(([name]) => asked.length === 0 || asked.includes(name))) {
  const result = await run(check);
  console.log(`${result.isGood ? 'ok  ' : 'FAIL'}  ${result.name.padEnd(7)} ${result.seconds.toFixed(1)} s`);
  if (!result.isGood) {
    isGood = false;
    console.log(result.output.trim());
  }
}
process.exitCode = isGood ? 0 : 1;
