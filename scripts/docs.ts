// `npm run docs`: writes the generated reference; with --check it only says what is out of date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderConfigReference } from '../apps/reeve/src/config/reference.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const documents: Record<string, () => string> = {
  'docs/reference/config.md': renderConfigReference,
};

const isCheck = process.argv.includes('--check');
for (const [path, render] of Object.entries(documents)) {
  const file = join(root, path);
  const text = render();
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (isCheck) {
    console.error(`${path} is out of date: run npm run docs`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
  }
}
