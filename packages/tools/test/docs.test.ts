import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDocs } from '../src/index.ts';
import { bench } from './fakes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reeve-docs-'));
  await mkdir(join(folder, 'reference'));
  await writeFile(join(folder, 'reference', 'zebra.md'), '# Zebra\n\nA table about a zebra.\n');
  await writeFile(join(folder, 'generated.md'), '# Rows\n\nRow about a zebra.\n');
  await writeFile(
    join(folder, 'models.md'),
    '# Models\n\nIntro.\n\n## Add a model\n\nSet `OPENAI_API_KEY`.\n\n```sh\n# not a heading\nnpm start\n```\n\n## Fallback\n\nSlots are tried in order.\n',
  );
  await writeFile(
    join(folder, 'backup.md'),
    `# Backups\n\n${'Copy the data folder. '.repeat(60)}\n\n${'Restore it later. '.repeat(60)}`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

test('the best passage comes first, named by page and heading', async () => {
  const found = await createDocs(folder).search('how do I add a model', 3);
  expect(found[0]).toEqual({
    title: 'Models › Add a model',
    path: 'models.md',
    text: 'Set `OPENAI_API_KEY`.\n\n```sh\n# not a heading\nnpm start\n```',
  });
});

test('long pages come in passages', async () => {
  const found = await createDocs(folder).search('restore', 3);
  expect(found).toHaveLength(1);
  expect(found[0]!.text.length).toBeLessThan(1500);
});

test('nothing fits, and a folder that is not there', async () => {
  expect(await createDocs(folder, ['generated.md']).search('zebra', 3)).toEqual([]);
  expect(await createDocs(join(folder, 'none')).search('model', 3)).toEqual([]);
});

test('search_docs hands the passages on', async () => {
  const { run } = bench({}, createDocs(folder));
  expect((await run('search_docs', { query: 'fallback slots' })).json.passages[0]).toMatchObject({
    path: 'models.md',
  });
});
