import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Harness } from '@reeve/testkit';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { openPage, type Watched } from '../../support/chromium.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Where the page lies that the gateway serves; built when its sources changed. */
export const builtPage = (): string => {
  const { status, stderr } = spawnSync(process.execPath, [`${root}scripts/build-web.mjs`], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return `${root}.cache/page/${readFileSync(`${root}.cache/page/current`, 'utf8')}`;
};

export const signIn = async (
  browser: Browser,
  { url, client }: Pick<Harness, 'url' | 'client'>,
  options: BrowserContextOptions = {},
  prepare: (page: Page) => Promise<unknown> = async () => {},
): Promise<Watched> => {
  const watched = await openPage(browser, url, { serviceWorkers: 'block', ...options });
  watched.page.setDefaultTimeout(15_000);
  await watched.page.addInitScript(() => localStorage.setItem('reeve.welcomed', 'true'));
  await prepare(watched.page);
  await watched.page.goto((await client.auth.loginLink()).url);
  await message(watched.page).waitFor();
  return watched;
};

/** What it may say besides: this browser is told to keep no service worker. */
export const grave = (complaints: readonly string[]) =>
  complaints.filter((one) => !one.startsWith('Service Worker registration blocked'));

/** Where a message is written, in either language. */
export const message = (page: Page): Locator => page.locator('main form textarea');
export const say = async (page: Page, text: string) => {
  await message(page).fill(text);
  await message(page).press('Enter');
};
export const log = (page: Page): Locator => page.getByRole('log');

/** Opens the palette and types into it. */
export const search = async (page: Page, words: string) => {
  await page.keyboard.press('Control+k');
  await page.locator('dialog input:focus').waitFor();
  await page.keyboard.type(words);
};

/** A session of its own, open on the page. */
export const fresh = async (page: Page, harness: Harness, title = 'A session') => {
  const { id } = await harness.client.sessions.create({ title });
  await page.goto(`${harness.url}/s/${id}`);
  await log(page).waitFor();
  return id;
};

/** Violations as axe sees them; by its own API, so that no inline script has to be allowed. */
export const violations = async (page: Page): Promise<string[]> => {
  // What is on its way in or out has no colours of its own.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((one) => one.effect?.getTiming().iterations !== Number.POSITIVE_INFINITY)
        .map((one) => one.finished.catch(() => {})),
    ),
  );
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() =>
    (
      globalThis as unknown as {
        axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run({ resultTypes: ['violations'] }),
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
};

export const fitsWidth = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
