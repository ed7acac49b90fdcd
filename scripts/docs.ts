// `npm run docs`: writes the generated pages; with --check it only says what is out of date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderConfigReference } from '../apps/reeve/src/config/reference.ts';
import { renderApi } from './docs/api.ts';
import { renderCli } from './docs/cli.ts';
import { renderCommands } from './docs/commands.ts';
import { renderErrors } from './docs/errors.ts';
import { renderEvents } from './docs/events.ts';
import { renderShippedPolicies } from './docs/policies.ts';
import { renderTools } from './docs/tools.ts';
import { renderFeatures } from './features.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const documents: Record<string, () => string | Promise<string>> = {
  'docs/reference/api.md': renderApi,
  'docs/reference/cli.md': renderCli,
  'docs/reference/commands.md': renderCommands,
  'docs/reference/config.md': renderConfigReference,
  'docs/reference/errors.md': renderErrors,
  'docs/reference/events.md': renderEvents,
  'docs/reference/tools.md': renderTools,
  'packages/policy/src/policies/shipped.json': renderShippedPolicies,
  'docs/features.md': () => renderFeatures(root),
};

const isCheck = process.argv.includes('--check');
for (const [path, render] of Object.entries(documents)) {
  const file = join(root, path);
  const text = await render();
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
