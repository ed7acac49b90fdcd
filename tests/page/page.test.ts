import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGate, type Harness, reply, startHarness } from '@reeve/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { hasChromium, launchChromium, openPage, type Watched } from '../support/chromium.ts';
import { testWith } from '../support/needs.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = mkdtempSync(join(tmpdir(), 'reeve-page-'));
const test = testWith('chromium');

let harness: Harness;
let browser: Browser | undefined;
beforeAll(async () => {
  harness = await startHarness();
  if (hasChromium) browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await harness[Symbol.asyncDispose]();
});

/** The page has shown what there was once a message can be typed. */
const loaded = (page: Page) => page.locator('#text:focus').waitFor();

const signedIn = async (options: Parameters<typeof openPage>[2] = {}): Promise<Watched> => {
  const watched = await openPage(browser!, harness.url, options);
  const { url } = await harness.client.auth.loginLink();
  await watched.page.goto(url);
  await loaded(watched.page);
  return watched;
};

const type = async (page: Page, text: string) => {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.keyboard.press('Enter');
};
const log = (page: Page) => page.getByRole('log');
const fresh = async (page: Page) => {
  await page.getByRole('button', { name: 'New conversation' }).click();
  await log(page).getByText('Say something to begin.').waitFor();
};

/** Violations as axe sees them; by its own API, so that no inline script has to be allowed. */
const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() =>
    (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run(),
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
};

test('F010 by the login link a person gets in, says something, sees it stream, and finds it after a reload', async () => {
  const { page, foreign, complaints } = await signedIn();
  expect(new URL(page.url()).hash).toBe('');
  await fresh(page);
  const gate = createGate();
  harness.model.enqueue(reply.text('Once upon').hold(gate).text(' a time.'));
  await type(page, 'Tell me a story');
  await log(page).getByText('Once upon', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  gate.open();
  await log(page).getByText('Once upon a time.', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' });
  await page.reload();
  await log(page).getByText('Once upon a time.', { exact: true }).waitFor();
  expect(await log(page).locator('.user').allTextContents()).toEqual(['Tell me a story']);
  expect(
    await page.getByRole('button', { name: 'Tell me a story', exact: true }).getAttribute('aria-current'),
  ).toBe('true');
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('F010 F014 a new conversation is a new session, and Stop ends a running answer', async () => {
  const { page } = await signedIn();
  await fresh(page);
  const before = (await harness.client.sessions.list({})).sessions.length;
  const gate = createGate();
  harness.model.enqueue(reply.text('For ever').hold(gate).text(' and ever'));
  await type(page, 'Never end');
  await log(page).getByText('For ever', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await log(page).getByText('Stopped.').waitFor();
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' });
  expect((await harness.client.sessions.list({})).sessions.length).toBe(before + 1);
  await type(page, '/version');
  await log(page).getByText('Reeve 0.').waitFor();
  await page.context().close();
});

test('a login link works once: who comes second is told what to do', async () => {
  const { url } = await harness.client.auth.loginLink();
  const first = await openPage(browser!, harness.url);
  await first.page.goto(url);
  await first.page.getByLabel('Message', { exact: true }).waitFor();
  const second = await openPage(browser!, harness.url);
  await second.page.goto(url);
  await second.page.getByText('This login link was used already or is too old.').waitFor();
  expect(await log(second.page).textContent()).toContain('reeve token login-link');
  expect(await second.page.getByLabel('Message', { exact: true }).isVisible()).toBe(false);
  const stranger = await openPage(browser!, harness.url);
  await stranger.page.goto(harness.url);
  await stranger.page.getByText('You are not signed in.').waitFor();
  for (const { page } of [first, second, stranger]) await page.context().close();
});

const script =
  '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script><a href="javascript:globalThis.hacked=1">x</a>';

test('markup in a message, a title, an answer or a tool call is text and runs nothing', async () => {
  harness.model.enqueue(
    reply.text(script).toolCall('calculate', { expression: script }),
    reply.text(`${script} done`),
  );
  const { url } = await harness.client.auth.loginLink();
  const { page, foreign } = await openPage(browser!, harness.url);
  await page.goto(url);
  await loaded(page);
  await fresh(page);
  await type(page, script);
  await log(page).getByText('done').waitFor();
  const { sessions } = await harness.client.sessions.list({ limit: 1 });
  await harness.client.sessions.update({ id: sessions[0]!.id, title: script });
  await page.reload();
  await log(page).getByText('done').waitFor();
  expect(await log(page).locator('.user').textContent()).toBe(script);
  expect(await page.locator('#log :is(img,script,a), #sessions :is(img,script,a)').count()).toBe(0);
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  expect(foreign).toEqual([]);
  // And if ever markup got in, the page's policy would not run it.
  await page.evaluate((html) => document.body.insertAdjacentHTML('beforeend', html), script);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(null))));
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  await page.context().close();
});

test.each([
  ['light', { colorScheme: 'light', viewport: { width: 1280, height: 800 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 1280, height: 800 } }],
  ['phone', { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true }],
  [
    'phone dark German',
    { colorScheme: 'dark', viewport: { width: 320, height: 640 }, hasTouch: true, locale: 'de-DE' },
  ],
] as const)(
  'the page in %s can be read and used by everybody: no violation, nothing cut off',
  async (name, options) => {
    const { url } = await harness.client.auth.loginLink();
    const stranger = await openPage(browser!, harness.url, options);
    await stranger.page.goto(harness.url);
    await stranger.page.locator('#log .tool').waitFor();
    expect(await violations(stranger.page)).toEqual([]);
    await stranger.page.goto(url);
    const { page } = stranger;
    await loaded(page);
    if (name.startsWith('phone')) await page.locator('#menu').click();
    await page.locator('#new').click();
    harness.model.enqueue(
      reply.text('The sum is below.').toolCall('calculate', { expression: '1280*720' }),
      reply.text(
        `It is 921600.\n\n- ${'a long line of an answer '.repeat(12)}\n- ${'unbreakable'.repeat(20)}`,
      ),
    );
    await page.locator('#text').fill('What is 1280 times 720?');
    await page.keyboard.press('Enter');
    await log(page).getByText('It is 921600.').waitFor();
    await page.locator('#stop').waitFor({ state: 'hidden' });
    await page.screenshot({ path: join(screenshots, `${name}.png`) });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    if (name.startsWith('phone')) {
      await page.locator('#menu').click();
      await page.locator('#sessions button').first().waitFor();
      await page.screenshot({ path: join(screenshots, `${name} menu.png`) });
      expect(await violations(page)).toEqual([]);
    }
    await page.context().close();
  },
);
