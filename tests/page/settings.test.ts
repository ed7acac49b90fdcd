import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { message, useWorld } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();
const secret = 'a-secret-nobody-may-read';

test('F308 every setting has a form; what is changed is saved, what is refused is said, what is secret stays so', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await page.goto(`${harness.url}/settings/all`);
  const { values } = await harness.client.config.list();
  await page.getByLabel(values[0]!.key, { exact: true }).waitFor();
  for (const { key } of values) expect(await page.getByLabel(key, { exact: true }).count(), key).toBe(1);

  const steps = page.getByLabel('agent.maxSteps', { exact: true });
  await steps.fill('12');
  await steps.press('Enter');
  await page.getByText('Saved.', { exact: true }).first().waitFor();
  const setting = async (key: string) =>
    (await harness.client.config.list()).values.find((one) => one.key === key)?.value;
  expect(await setting('agent.maxSteps')).toBe(12);
  await steps.fill('999');
  await steps.press('Enter');
  await page.locator('[role=status] .text-bad').waitFor();
  expect(await setting('agent.maxSteps')).toBe(12);
  await page.getByLabel('models.discover', { exact: true }).uncheck();
  await expect.poll(() => setting('models.discover')).toBe(false);
  await page.getByLabel('agent.queueMode', { exact: true }).selectOption('steer');
  await expect.poll(() => setting('agent.queueMode')).toBe('steer');
  expect(await page.getByLabel('gateway.port', { exact: true }).isDisabled()).toBe(true);

  await page.goto(`${harness.url}/settings/models`);
  await page.getByRole('button', { name: 'Add a provider' }).click();
  await page.getByLabel('Name', { exact: true }).fill('mine');
  await page.getByLabel('Protocol').selectOption('openai-compatible');
  await page.getByLabel('Address').fill(harness.model.url);
  await page.getByLabel('Key', { exact: true }).fill(secret);
  await page.getByRole('main').getByRole('button', { name: 'Save' }).click();
  const card = page.getByRole('listitem').filter({ hasText: /^mine/ });
  await card.getByRole('button', { name: 'Test' }).click();
  await card.getByText(/^It works and offers/).waitFor();
  await page.goto(`${harness.url}/settings/all`);
  await page.getByLabel('providers.mine.apiKey', { exact: true }).waitFor();
  expect(await page.content()).not.toContain(secret);
  const file = readFileSync(`${harness.home}/reeve.toml`, 'utf8');
  expect([file.includes(secret), file.includes('secret:mine')]).toEqual([false, true]);
  await page.context().close();
});

test('F308 theme and language are kept, all conversations can be taken along, and one can leave', async () => {
  const { harness } = world;
  await harness.client.chat.ask({ message: 'To be taken along' });
  const { page } = await world.signedIn();
  await page.goto(`${harness.url}/settings`);
  await page.getByText('Dark', { exact: true }).click();
  await page.getByLabel('Language', { exact: true }).selectOption('de');
  await page.getByText('Aussehen').waitFor();
  await page.reload();
  await page.getByText('Aussehen').waitFor();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await page.getByRole('link', { name: 'Daten und Zugang' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Herunterladen' }).click(),
  ]);
  expect(readFileSync(await download.path(), 'utf8')).toContain('To be taken along');
  await page.getByRole('button', { name: 'Abmelden' }).click();
  await page.getByRole('heading', { name: 'Bei Reeve anmelden' }).waitFor();
  await page.goto(harness.url);
  await page.getByRole('heading', { name: 'Bei Reeve anmelden' }).waitFor();
  expect(await message(page).count()).toBe(0);
  await page.context().close();
});
