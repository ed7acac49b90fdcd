import { expect } from 'vitest';
import { follow } from '../support/collect.ts';
import { testWith } from '../support/needs.ts';
import { importSession, streamUntil } from './support/load.ts';
import { log, message, useWorld } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();

/**
 * What moved since the last call, as the browser scores it. Asked for around stretches in which nobody scrolls: the
 * browser's own mark of what a key caused depends on how fast the machine is. Source: Layout Instability API.
 */
const takeShift = () =>
  (globalThis as unknown as { shifts: { value: number }[] }).shifts
    .splice(0)
    .reduce((sum, { value }) => sum + value, 0);

test('F305 ten thousand messages open at the newest, by search and keyboard one comes to any of them, and nothing jumps while another session is written', async () => {
  const { harness } = world;
  const id = await importSession(harness, 10_000);
  expect((await harness.client.sessions.get({ id })).messageCount).toBe(10_000);
  const other = await harness.client.sessions.create({ title: 'Being written' });
  const stop = await streamUntil(harness, harness.model, other.id);
  const { page } = await world.signedIn();
  await page.addInitScript(() => {
    const shifts: PerformanceEntry[] = [];
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => shifts.push(...list.getEntries())).observe({
      type: 'layout-shift',
      buffered: true,
    });
  });
  await page.goto(`${harness.url}/s/${id}`);
  await log(page).getByText('You said: Question 9998').waitFor();
  const isSeen = (text: string) =>
    log(page)
      .getByText(text, { exact: true })
      .evaluate((one) => {
        const { top, bottom } = one.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      });
  expect(await isSeen('You said: Question 9998')).toBe(true);
  const nodes = () => page.evaluate(() => document.querySelectorAll('*').length);
  const drawn = () => log(page).locator('[data-item]').count();
  expect(await drawn()).toBeLessThan(150);

  // Colours come later than their code, and take no other place.
  await log(page).locator('.hl-keyword').first().waitFor();
  expect(await page.evaluate(takeShift)).toBeLessThan(0.02);

  const history = log(page).locator('..');
  // By search to the middle of what is not loaded: everything in between is there, and is not drawn.
  const [hit] = (await harness.client.search.messages({ query: 'question 4000' })).hits;
  await page.goto(`${harness.url}/s/${id}#${hit!.message!.id}`);
  await log(page).getByText('Question 4000', { exact: true }).waitFor();
  await expect.poll(() => isSeen('Question 4000'), { timeout: 10_000 }).toBe(true);
  expect(await drawn()).toBeLessThan(200);
  // An answer that comes in at the end meanwhile moves nothing, and is announced.
  const place = () =>
    log(page)
      .getByText('Question 4000', { exact: true })
      .evaluate((one) => Math.round(one.getBoundingClientRect().top));
  const before = await place();
  await follow(harness, await harness.client.chat.send({ sessionId: id, text: 'Meanwhile' }));
  await page.getByRole('button', { name: 'New messages' }).waitFor();
  expect(await place()).toBe(before);
  await page.getByRole('button', { name: 'New messages' }).click();
  await expect.poll(() => isSeen('You said: Meanwhile'), { timeout: 10_000 }).toBe(true);

  await history.focus();
  let most = 0;
  // Home goes to the top of what is known; what is older comes then.
  await expect
    .poll(
      async () => {
        await page.keyboard.press('Home');
        most = Math.max(most, await drawn());
        return log(page).getByText('Question 0', { exact: true }).count();
      },
      { timeout: 50_000 },
    )
    .toBe(1);
  await page.keyboard.press('Home');
  await expect.poll(() => isSeen('Question 0'), { timeout: 10_000 }).toBe(true);
  // All of them are known now, and few are drawn. Without boxes for the rest it would be a hundred thousand nodes.
  expect(most).toBeLessThan(250);
  expect(await drawn()).toBeLessThan(250);
  expect(await nodes()).toBeLessThan(8_000);

  await page.keyboard.press('End');
  await expect.poll(() => isSeen('You said: Meanwhile'), { timeout: 10_000 }).toBe(true);
  // The other one was written all the while, and this one takes what is typed.
  expect((await harness.client.sessions.get({ id: other.id })).isRunning).toBe(true);
  await page.evaluate(takeShift);
  await message(page).fill('Still here');
  expect(await message(page).inputValue()).toBe('Still here');
  await stop();
  await page
    .locator(`nav a[title="Being written"] .sr-only`)
    .filter({ hasText: 'Writing' })
    .waitFor({ state: 'detached' });
  expect(await page.evaluate(takeShift)).toBeLessThan(0.02);
  await page.context().close();
});
