import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnGateway } from '@reeve/testkit';
import { expect } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { testWith } from '../support/needs.ts';
import { builtPage, log, message, say, signIn } from './support/page.ts';

testWith('chromium')(
  'F304 the page can be installed: it opens without the gateway, says so, and goes on when it is back',
  async () => {
    builtPage();
    const home = mkdtempSync(join(tmpdir(), 'reeve-page-'));
    const browser = await launchChromium();
    let gateway = await spawnGateway({ home });
    try {
      const { page } = await signIn(browser, gateway, { serviceWorkers: 'allow' });
      await page.evaluate(async () => {
        await navigator.serviceWorker.ready;
      });
      // With the worker in between, everything still comes: the page itself and its late parts.
      await page.reload();
      await message(page).waitFor();
      expect(await page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
      await say(page, 'What is 17 % of 2340?');
      await log(page)
        .getByText(/397[.,]8/)
        .waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.reload();
      await log(page)
        .getByText(/397[.,]8/)
        .waitFor();
      await gateway.stop();
      await page.goto(gateway.url);
      await message(page).waitFor();
      await page.getByText('No connection to Reeve.').waitFor();
      gateway = await spawnGateway({ home, port: Number(new URL(gateway.url).port) });
      await page.getByText('No connection to Reeve.').waitFor({ state: 'hidden' });
      await page.getByRole('link', { name: 'What is 17 % of 2340?' }).click();
      await log(page)
        .getByText(/397[.,]8/)
        .waitFor();
      // What was said is kept by the gateway alone.
      const kept = await page.evaluate(async () => {
        const cache = await caches.open('reeve-page-1');
        return (await cache.keys()).map(({ url }) => new URL(url).pathname);
      });
      expect(kept.filter((path) => path.startsWith('/api') || path.startsWith('/s/'))).toEqual([]);
    } finally {
      await gateway.stop();
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    }
  },
  120_000,
);
