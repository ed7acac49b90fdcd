import type { Json } from '@reeve/protocol';
import { reply } from '@reeve/testkit';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { fresh, log, say, search, useWorld } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();

/** Ways in which text became a program elsewhere: HTML, Markdown, links, entities, SVG, LaTeX. */
const corpus = [
  '<script>hacked()</script>',
  '<img src=x onerror=hacked()>',
  '<svg onload=hacked()><animate onbegin=hacked() attributeName=x dur=1s>',
  '<svg><script>hacked()</script></svg>',
  '<iframe srcdoc="<script>parent.hacked()</script>"></iframe>',
  '<details open ontoggle=hacked()>',
  '<math><mtext><table><mglyph><style><img src=x onerror=hacked()>',
  '<form><button formaction=javascript:hacked()>x</button></form>',
  '<a href="javascript:hacked()">x</a>',
  '<style>@import url(https://evil.example/x.css)</style>',
  '<base href="https://evil.example/">',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '[x](javascript:hacked())',
  '[x](JaVaScRiPt:hacked())',
  '[x](java\tscript:hacked())',
  '[x](&#106;avascript:hacked())',
  '[x](&#x6A;avascript&colon;hacked())',
  '[x](data:text/html,<script>hacked()</script>)',
  '[x](vbscript:hacked())',
  '[x](blob:https://evil.example/1)',
  '<javascript:hacked()>',
  '![x](javascript:hacked())',
  '![x](https://evil.example/pixel.png)',
  '![x](x" onerror="hacked())',
  '[x]: javascript:hacked()\n\n[x]',
  '`<img src=x onerror=hacked()>`',
  '```html\n<script>hacked()</script>\n```',
  '```"><img src=x onerror=hacked()>\nx\n```',
  '| <img src=x onerror=hacked()> | b |\n|---|---|\n| <script>hacked()</script> | [x](javascript:hacked()) |',
  '$\\href{javascript:hacked()}{x}$',
  '$\\url{javascript:hacked()}$',
  '$\\includegraphics{https://evil.example/x.png}$',
  '$\\htmlStyle{background:url(https://evil.example/)}{x}$',
  '$\\htmlData{x="><img src=x onerror=hacked()>}{y}$',
  '$$\\def\\x{\\x\\x}\\x$$',
  '$<img src=x onerror=hacked()>$',
  '- [ ] <img src=x onerror=hacked()>\n- [x] [y](javascript:hacked())',
  '&lt;img src=x onerror=hacked()&gt;',
  '\u202e<img src=x onerror=hacked()>',
  '"><img src=x onerror=hacked()>',
  "'-hacked()-'",
  '{{constructor.constructor("hacked()")()}}',
  '# <img src=x onerror=hacked()>',
  '> <script>hacked()</script>',
  '<!--><img src=x onerror=hacked()>-->',
  '<![CDATA[<script>hacked()</script>]]>',
  '<noscript><p title="</noscript><img src=x onerror=hacked()>">',
  '<template><script>hacked()</script></template>',
  '<a href="https://example.com" onclick=hacked()>x</a>',
  '[x](https://example.com "\\" onmouseover=\\"hacked()")',
];

test('F306 nothing that anybody says, is named or gives runs, fetches or leads anywhere it must not', async () => {
  const { harness } = world;
  const { page, foreign } = await world.signedIn();
  await page.addInitScript(() =>
    Object.assign(globalThis, { hacked: () => Object.assign(globalThis, { wasHacked: true }) }),
  );
  const all = corpus.join('\n\n');
  const id = await fresh(page, harness, corpus.join(' ').slice(0, 199));
  harness.model.enqueue(
    reply.text(all).toolCall('calculate', { expression: all, [corpus[1]!]: corpus[0]! }),
    ...corpus.map((text, at) => reply.text(`${text}\n\nnext ${at}`)),
  );
  await say(page, all);
  await log(page)
    .getByRole('button', { name: /calculate/ })
    .first()
    .click();
  for (const [at, text] of corpus.entries()) {
    if (at > 0) await say(page, text);
    await log(page).getByText(`next ${at}`, { exact: true }).waitFor();
  }
  // Every block as it would be read after a reload, and in the palette.
  await page.reload();
  await log(page)
    .getByText(`next ${corpus.length - 1}`, { exact: true })
    .waitFor();
  await search(page, 'hacked');
  await page.getByRole('option').first().waitFor();
  expect(await page.evaluate(() => 'wasHacked' in globalThis)).toBe(false);
  expect(foreign).toEqual([]);
  expect(
    await log(page)
      .locator('script, img, iframe, style, base, meta, form, object, embed, svg [onload]')
      .count(),
  ).toBe(0);
  const addresses = await log(page)
    .locator('a')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).protocol));
  expect(addresses.filter((one) => !/^(https?|mailto|tel):$/.test(one))).toEqual([]);
  const handlers = await page.evaluate(
    () =>
      [...document.querySelectorAll('*')]
        .flatMap((one) => [...one.attributes])
        .filter(({ name }) => name.startsWith('on')).length,
  );
  expect(handlers).toBe(0);
  expect((await harness.client.sessions.get({ id })).messageCount).toBeGreaterThan(corpus.length);
  // And if ever markup got in, the page's policy would not run it.
  await page.evaluate(() =>
    document.body.insertAdjacentHTML(
      'beforeend',
      '<img src=x onerror="hacked()"><a href="javascript:hacked()" id=bait>x</a>',
    ),
  );
  await page.evaluate(() => document.getElementById('bait')!.click());
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  expect(await page.evaluate(() => 'wasHacked' in globalThis)).toBe(false);
  await page.context().close();
}, 180_000);

test('F306 names of files and of models, pictures that hold programs and errors of servers are text, too', async () => {
  const { harness } = world;
  const { page, foreign } = await world.signedIn();
  await page.addInitScript(() =>
    Object.assign(globalThis, { hacked: () => Object.assign(globalThis, { wasHacked: true }) }),
  );
  const evil = ['<img src=x onerror=hacked()>', '"><svg onload=hacked()>', '[x](javascript:hacked())'];
  const set = (key: string, value: Json) =>
    harness.client.config.set({ key: `providers.evil.${key}`, value });
  await set('baseUrl', harness.model.url);
  await set('models', evil);
  await fresh(page, harness);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="hacked()"><script>hacked()</script></svg>';
  await page.locator('input[type=file]').setInputFiles([
    ...evil.map((name) => ({
      name: name.replaceAll('/', ''),
      mimeType: 'text/plain',
      buffer: Buffer.from(name),
    })),
    { name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) },
    { name: 'script.png', mimeType: 'image/png', buffer: Buffer.from(svg) },
  ]);
  await page.locator('main form li').nth(4).waitFor();
  harness.model.enqueue(reply.status(400, { message: evil.join(' ') }));
  await say(page, 'Have a look');
  await log(page).locator('.user').getByText('drawing.svg').waitFor();
  await log(page)
    .getByRole('button', { name: 'Try again' })
    .or(log(page).locator('.assistant'))
    .first()
    .waitFor();
  await page.getByRole('button', { name: /^Choose the model/ }).click();
  await page.getByRole('menuitemradio', { name: evil[0]! }).waitFor();
  await page.keyboard.press('Escape');
  await page.goto(`${harness.url}/settings/models`);
  const card = page.getByRole('listitem').filter({ hasText: /^evil/ });
  harness.model.enqueue(reply.status(400, { message: evil.join(' ') }));
  await card.getByRole('button', { name: 'Test' }).click();
  await card.getByText('onerror').first().waitFor();
  expect(await page.evaluate(() => 'wasHacked' in globalThis)).toBe(false);
  expect(await page.locator('main :is(script, svg [onload], img[src=x])').count()).toBe(0);
  expect(foreign).toEqual([]);
  await page.context().close();
});

test('F306 F305 Markdown, code and formulas look like what they are', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await fresh(page, harness);
  harness.model.enqueue(
    reply.text(
      '# Title\n\nIt costs $5, not $10; **bold**, *slanted*, ~~gone~~, `code`, a &amp; b.\n\n1. one\n2. two\n   - nested\n\n- [x] done\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\ndef f():\n    return 1\n```\n\nInline $x^2$ and \\(y\\).\n\n\\[ z \\]\n\n<https://example.com>',
    ),
  );
  await say(page, 'Show all');
  const prose = log(page).locator('.prose');
  await prose.locator('.hl-keyword').first().waitFor();
  await prose.locator('.katex').nth(2).waitFor();
  expect(await prose.locator('p').first().textContent()).toBe(
    'It costs $5, not $10; bold, slanted, gone, code, a & b.',
  );
  expect(await prose.locator('.katex').count()).toBe(3);
  expect(await prose.locator('ol > li').count()).toBe(2);
  expect(await prose.locator('ol ul > li').textContent()).toBe('nested');
  expect(await prose.locator('td').allTextContents()).toEqual(['1', '2']);
  expect(await prose.locator('pre').textContent()).toBe('def f():\n    return 1');
  const link = prose.getByRole('link');
  expect(await link.getAttribute('href')).toBe('https://example.com/');
  expect(await link.getAttribute('rel')).toContain('noopener');
  await page.context().close();
});
