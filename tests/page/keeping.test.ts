import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { say as sayTo } from '../support/collect.ts';
import { testWith } from '../support/needs.ts';
import { openSection } from './support/faces.ts';
import { grave, useWorld } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();
const secretValue = ['never', 'shown', 'again', '4711'].join('-');

test('F196 a policy is checked beside its text, saved, changed, compared, explained and removed', async () => {
  const { harness } = world;
  const { page, complaints } = await world.signedIn();
  await openSection(page, 'Policies');
  await page.getByRole('list', { name: 'Comes with Reeve' }).getByRole('listitem').first().waitFor();
  await page.getByRole('button', { name: 'New policy' }).click();
  const editor = page.getByRole('form', { name: 'New policy' });
  await editor.getByLabel('Name').fill('no-reminders');
  const text = (tool: string) =>
    `@description("Nobody uses ${tool}")\nforbid (principal, action == Action::"call", resource == Tool::"${tool}");`;
  await editor.getByLabel('Text').fill('forbid (principal');
  await editor.getByText('It cannot be saved like this:').waitFor();
  await editor.getByRole('button', { name: 'Save' }).click();
  await editor.getByRole('alert').waitFor();
  expect(await editor.getByLabel('Text').inputValue()).toBe('forbid (principal');
  await editor.getByLabel('Text').fill(text('set_reminder'));
  await editor.getByText('It can be saved.').waitFor();
  await editor.getByRole('button', { name: 'Save' }).click();
  const entry = page
    .getByRole('list', { name: 'Of this Reeve' })
    .getByRole('listitem')
    .filter({ hasText: 'no-reminders' });
  await entry.getByText('Nobody uses set_reminder').waitFor();

  const explain = page.getByRole('form', { name: 'What would become of a call?' });
  await explain.getByLabel('Tool').selectOption('set_reminder');
  await explain.getByLabel('Arguments, as JSON').fill('{"text":');
  await explain.getByRole('button', { name: 'Explain' }).click();
  await explain.getByText('That is no JSON.').waitFor();
  await explain.getByLabel('Arguments, as JSON').fill('{"text":"x","at":"2030-01-01T10:00"}');
  await explain.getByRole('button', { name: 'Explain' }).click();
  const region = page.getByRole('region', { name: 'What would become of a call?' });
  await region.getByText('Denied').waitFor();
  await region.getByText(/Nobody uses set_reminder/).waitFor();

  await entry.getByRole('button', { name: 'Edit' }).click();
  const edit = page.getByRole('form', { name: 'Edit' });
  await edit.getByLabel('Text').fill(text('recall'));
  await edit.getByText('It can be saved.').waitFor();
  await edit.getByRole('button', { name: 'Save' }).click();
  await entry.getByText('Nobody uses recall').waitFor();
  await entry.getByRole('button', { name: 'History' }).click();
  const diff = entry.getByRole('region', { name: 'Changed from version 1 to 2' });
  await diff.locator('ins').getByText('recall').first().waitFor();
  await diff.locator('del').getByText('set_reminder').first().waitFor();
  await entry.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await entry.waitFor({ state: 'detached' });
  expect((await harness.client.policies.list()).policies.map(({ name }) => name)).not.toContain(
    'no-reminders',
  );
  // Its faults are told on the page, so the browser may complain of nothing but them.
  expect(grave(complaints).filter((one) => !one.includes('400'))).toEqual([]);
  await page.context().close();
});

test('F196 F045 a rule by its fields writes a policy, and takes it back', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await openSection(page, 'Policies');
  await page.getByRole('button', { name: 'New rule' }).click();
  const form = page.getByRole('form', { name: 'New rule' });
  await form.getByLabel('Kind').selectOption('quiet-hours');
  await form.getByRole('button', { name: 'Write the policy' }).click();
  await page.getByText(/^Written as policy quiet-hours/).waitFor();
  const names = async () => (await harness.client.policies.list()).policies.map(({ name }) => name);
  expect((await names()).filter((name) => name.startsWith('quiet-hours'))).toHaveLength(1);
  await form.getByLabel('Take the rule back').check();
  await form.getByRole('button', { name: 'Write the policy' }).click();
  await page.getByText('The rule was taken back.').waitFor();
  expect((await names()).filter((name) => name.startsWith('quiet-hours'))).toHaveLength(0);
  await page.context().close();
});

test('F197 a budget is set, shows what was spent of it, and is removed; usage stands beside it', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await openSection(page, 'Budgets and usage');
  await page.getByRole('button', { name: 'Set a budget' }).click();
  const form = page.getByRole('form', { name: 'Set a budget' });
  await form.getByLabel('Counted in').selectOption('tokens');
  await form.getByLabel('At most').fill('100000');
  await form.getByRole('button', { name: 'Save' }).click();
  const entry = page.getByRole('list', { name: 'Budgets' }).getByRole('listitem').first();
  await entry.getByText('fine').waitFor();
  await sayTo(harness, 'Hello there');
  await expect.poll(async () => (await harness.client.budgets.list()).budgets[0]!.spent).toBeGreaterThan(0);
  await page.reload();
  await entry.getByRole('meter').waitFor();
  expect(Number(await entry.getByRole('meter').getAttribute('aria-valuenow'))).toBeGreaterThan(0);
  const usage = page.getByRole('region', { name: 'Usage' });
  await usage.getByRole('list', { name: 'By model' }).getByText('openai/test-model').waitFor();
  expect(await usage.locator('svg rect[height]:not([height="0"])').count()).toBeGreaterThan(0);
  await entry.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('There is none: spending is not bounded.').waitFor();
  expect((await harness.client.budgets.list()).budgets).toEqual([]);
  await page.context().close();
});

test('F213 F215 F216 the audit is filtered, paged, looked into, saved and verified', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  for (let at = 0; at < 60; at++) await harness.client.secrets.set({ name: 'often', value: `value ${at}` });
  await openSection(page, 'Audit');
  const list = page.getByRole('list', { name: 'Entries' }).getByRole('listitem');
  await list.nth(49).waitFor();
  expect(await list.count()).toBe(50);
  await page.getByRole('button', { name: 'Show more' }).click();
  await list.nth(50).waitFor();
  const filters = page.getByRole('form', { name: 'Filters' });
  await filters.getByLabel('Type').fill('policy');
  await filters.getByRole('button', { name: 'Show' }).click();
  await list
    .first()
    .getByText(/^policy\./)
    .waitFor();
  await list
    .first()
    .getByRole('button', { name: /^Details/ })
    .click();
  expect(await list.first().locator('pre').textContent()).toContain('"hash"');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  expect(readFileSync(await download.path(), 'utf8')).toContain('policy.');
  // People are chosen by name.
  await filters.getByLabel('Person').selectOption({ index: 1 });
  await filters.getByRole('button', { name: 'Show' }).click();
  await list
    .first()
    .getByText(/^policy\./)
    .waitFor();
  await filters.getByLabel('Outcome').fill('no such outcome');
  await filters.getByRole('button', { name: 'Show' }).click();
  await page.getByText('Nothing fits these filters. Take one off.').waitFor();
  await page.getByRole('button', { name: 'Take all filters off' }).click();
  await list.nth(49).waitFor();
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('It is whole: nothing was changed, left out or cut off.').waitFor();
  await page.context().close();
});

test('F218 F222 F224 a secret is kept without ever being shown again, rotated, rolled back, revoked and removed', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await openSection(page, 'Secrets');
  await page.getByRole('button', { name: 'Keep a secret' }).click();
  const form = page.getByRole('form', { name: 'Keep a secret' });
  await form.getByLabel('Name').fill('bakery');
  await form.getByLabel('Value', { exact: true }).fill(secretValue);
  expect(await form.getByLabel('Value', { exact: true }).getAttribute('type')).toBe('password');
  await form.getByRole('button', { name: 'Save' }).click();
  const entry = page.getByRole('listitem').filter({ hasText: 'bakery' });
  await entry.getByText('secret:bakery').waitFor();
  expect(await page.content()).not.toContain(secretValue);
  const dialog = page.getByRole('dialog');
  await entry.getByRole('button', { name: 'New value' }).click();
  await dialog.getByLabel('New value').fill(`${secretValue}-2`);
  await dialog.getByRole('button', { name: 'New value' }).click();
  await entry.getByText('two are valid').waitFor();
  await entry.getByRole('button', { name: 'Back to the one before' }).click();
  await entry.getByText('two are valid').waitFor({ state: 'detached' });
  // To stop all is a choice of its own: without a reason and a tick nothing is stopped.
  await harness.client.secrets.set({ name: 'oven', value: `${secretValue}-3` });
  await page.getByRole('button', { name: 'Emergency: stop all' }).click();
  await dialog.getByText(/^All \d+ secrets here/).waitFor();
  await dialog.getByRole('button', { name: /^Stop \d+ secrets?$/ }).click();
  await dialog.getByLabel('What happened').selectOption('leaked_credential');
  await dialog.getByRole('button', { name: /^Stop \d+ secrets?$/ }).click();
  expect((await harness.client.secrets.list()).secrets.filter(({ revoked }) => revoked)).toEqual([]);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await entry.getByRole('button', { name: 'Emergency' }).click();
  await dialog.getByLabel('What happened').selectOption('leaked_credential');
  await dialog.getByRole('button', { name: 'Stop it' }).click();
  await entry.getByText('revoked', { exact: true }).waitFor();
  expect(
    (await harness.client.secrets.list()).secrets.flatMap(({ name, revoked }) => (revoked ? [name] : [])),
  ).toEqual(['bakery']);
  await entry.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await entry.waitFor({ state: 'detached' });
  const { secrets } = await harness.client.secrets.list();
  expect(secrets.map(({ name }) => name)).not.toContain('bakery');
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await dialog.getByRole('button', { name: 'Lock' }).click();
  await page.getByText('locked', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByText('open', { exact: true }).waitFor();
  await page.context().close();
});
