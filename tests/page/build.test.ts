import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { ask } from '../support/http.ts';
import { builtPage } from './support/page.ts';

const source = fileURLToPath(new URL('../../apps/web/src', import.meta.url));
const sources = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.tsx?$/.test(name),
);

/** Every file that the first view needs: what the document names, and what that imports. */
const firstLoad = (folder: string): string[] => {
  const found = new Set<string>(['/index.html']);
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    if (!path.endsWith('.js')) return;
    for (const [, name] of readFileSync(join(folder, path), 'utf8').matchAll(
      /(?:from|import)\s*"\.\/([\w.-]+\.js)"/g,
    ))
      visit(`/assets/${name}`);
  };
  for (const [, path] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) visit(path!);
  return [...found];
};

test('F304 the first load is at most 115 KB as it travels, and says nothing to any other host', () => {
  const folder = builtPage();
  const files = firstLoad(folder);
  const bytes = files.reduce((sum, path) => sum + statSync(join(folder, `${path}.gz`)).size, 0);
  console.log(JSON.stringify({ 'web.firstLoadGzipKb': Math.round(bytes / 102.4) / 10 }));
  expect(bytes).toBeLessThanOrEqual(115 * 1024);
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
});

test('F304 the page comes compressed under a strict policy; its parts may be kept for ever, itself never', async () => {
  builtPage();
  await using harness = await startHarness({ model: null });
  const headers = { 'accept-encoding': 'gzip' };
  const page = await ask(`${harness.url}/login`, { headers });
  expect(page.headers['content-encoding']).toBe('gzip');
  expect(page.headers['cache-control']).toBe('no-store');
  const policy = page.headers['content-security-policy'];
  expect(policy).toMatch(
    /default-src 'none'; script-src 'self' 'sha256-[^']+'; style-src 'self'; connect-src 'self'/,
  );
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  const plain = await ask(`${harness.url}/login`);
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(plain.body)![1]!;
  const part = await ask(harness.url + script, { headers });
  expect(part.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  expect((await ask(`${harness.url}/manifest.webmanifest`)).status).toBe(200);
  for (const path of ['/assets/..%2ffiles.json', '/assets/none.js', '/files.json', '/index.html'])
    expect((await ask(harness.url + path)).status, path).not.toBe(200);
  // Views need a sign-in, and lead there.
  for (const path of ['/', '/settings/models', '/approvals', '/s/ses_1']) {
    const answer = await ask(harness.url + path);
    expect([answer.status, answer.headers.location], path).toEqual([302, '/login']);
  }
});

test('F304 both languages have every text, with the same values in it, and no text stands outside the catalogue', async () => {
  const [first, more, firstDe, later] = await Promise.all([
    import('../../apps/web/src/texts/en.ts'),
    import('../../apps/web/src/texts/more-en.ts'),
    import('../../apps/web/src/texts/de.ts'),
    import('../../apps/web/src/texts/more-de.ts'),
  ]);
  expect(Object.keys(first.en).filter((key) => key in more.moreEn)).toEqual([]);
  const en = { ...first.en, ...more.moreEn };
  const de = { ...firstDe.de, ...later.moreDe };
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  const valuesIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([value]) => value).sort();
  for (const [key, text] of Object.entries(en)) {
    expect(valuesIn(de[key as keyof typeof de]), key).toEqual(valuesIn(text));
    expect(de[key as keyof typeof de].trim(), key).not.toBe('');
  }
  const used = sources
    .filter((name) => !name.startsWith('texts'))
    .map((name) => readFileSync(join(source, name), 'utf8'))
    .join('\n');
  // A key that is put together (`call.${status}`) is used by its beginning.
  const isUsed = (key: string) =>
    used.includes(`'${key}'`) ||
    used.includes(`'${key.replace(/\.(one|other)$/, '')}'`) ||
    [...key.matchAll(/\./g)].some(({ index }) => used.includes(`\`${key.slice(0, index + 1)}\${`));
  expect(Object.keys(en).filter((key) => !isUsed(key))).toEqual([]);

  const outside = sources
    .filter((name) => name.endsWith('.tsx'))
    .flatMap((name) => {
      const text = readFileSync(join(source, name), 'utf8').replace(
        /\{\/\*[\s\S]*?\*\/\}|\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm,
        '',
      );
      const between = [...text.matchAll(/>\s*([^<>{}()=;]*[A-Za-z]{2}[^<>{}()=;]*)\s*<\//g)].map(
        ([, words]) => words!.trim(),
      );
      const named = [
        ...text.matchAll(/\b(?:aria-label|title|placeholder|alt|label)="([^"]*[A-Za-z]{2}[^"]*)"/g),
      ].map(([, words]) => words!);
      return [...between, ...named].map((words) => `${name}: ${words}`);
    });
  // A command is the same in every language.
  expect(outside).toEqual(['login/sign-in.tsx: npm run -s reeve -- token login-link']);
});
