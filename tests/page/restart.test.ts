import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGate, reply, spawnGateway, startModelServer } from '@reeve/testkit';
import { expect } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { testWith } from '../support/needs.ts';
import { builtPage, log, message, say, signIn } from './support/page.ts';

testWith('chromium')(
  'F025 F067 F311 kill -9 of the gateway in the middle of an answer loses nothing on the page',
  async () => {
    builtPage();
    const home = mkdtempSync(join(tmpdir(), 'reeve-page-'));
    const browser = await launchChromium();
    await using model = await startModelServer();
    const env = {
      REEVE_OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: 'sk-test',
      REEVE_OPENAI_MODEL: 'test-model',
    };
    const gate = createGate();
    model.enqueue(reply.text('First half').hold(gate), reply.text('First half, second half.'));
    let gateway = await spawnGateway({ home, env });
    try {
      const { page } = await signIn(browser, gateway);
      await say(page, 'In two halves');
      await log(page).getByText('First half', { exact: true }).waitFor();
      // A draft belongs to the reader, whatever happens to the gateway.
      await message(page).fill('Not sent yet');
      await gateway.kill();
      await page.getByText('No connection to Reeve.').waitFor();
      gateway = await spawnGateway({ home, env, port: Number(new URL(gateway.url).port) });
      await log(page).getByText('First half, second half.', { exact: true }).waitFor();
      await page.getByText('No connection to Reeve.').waitFor({ state: 'hidden' });
      expect(await log(page).locator('.user').allTextContents()).toEqual(['In two halves']);
      expect(await log(page).locator('.assistant').count()).toBe(1);
      expect(await message(page).inputValue()).toBe('Not sent yet');
      // Signed in still, and the conversation goes on.
      await say(page, 'Still there?');
      await log(page).getByText('You said: Still there?').waitFor();
      expect(model.requests.length).toBe(3);
    } finally {
      await gateway.stop();
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    }
  },
  120_000,
);
