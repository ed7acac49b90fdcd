import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGate, reply, spawnGateway, startModelServer } from '@reeve/testkit';
import { expect } from 'vitest';
import { launchChromium, openPage } from '../support/chromium.ts';
import { testWith } from '../support/needs.ts';

testWith('chromium')(
  'F025 F067 kill -9 of the gateway in the middle of an answer loses nothing on the page',
  async () => {
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
      const { page } = await openPage(browser, gateway.url);
      await page.goto((await gateway.client.auth.loginLink()).url);
      await page.getByLabel('Message', { exact: true }).fill('In two halves');
      await page.keyboard.press('Enter');
      const log = page.getByRole('log');
      await log.getByText('First half', { exact: true }).waitFor();
      await gateway.kill();
      gateway = await spawnGateway({ home, env, port: Number(new URL(gateway.url).port) });
      await log.getByText('First half, second half.', { exact: true }).waitFor();
      expect(await log.locator('.user').allTextContents()).toEqual(['In two halves']);
      expect(await log.locator('.assistant').count()).toBe(1);
      // Signed in still, and the conversation goes on.
      await page.getByLabel('Message', { exact: true }).fill('Still there?');
      await page.keyboard.press('Enter');
      await log.getByText('You said: Still there?').waitFor();
      expect(model.requests.length).toBe(3);
    } finally {
      await gateway.stop();
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    }
  },
);
