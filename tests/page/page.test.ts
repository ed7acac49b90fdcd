import { readFileSync } from 'node:fs';
import { createGate, reply } from '@reeve/testkit';
import { expect } from 'vitest';
import { openPage } from '../support/chromium.ts';
import { testWith } from '../support/needs.ts';
import { fresh, grave, log, message, say, useWorld } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();

test('F010 F305 by the login link a person gets in, says something, sees it stream, and finds it after a reload', async () => {
  const { harness } = world;
  const { page, foreign, complaints } = await world.signedIn();
  expect(new URL(page.url()).hash).toBe('');
  const gate = createGate();
  harness.model.enqueue(reply.text('Once upon').hold(gate).text(' a time.'));
  await say(page, 'Tell me a story');
  await log(page).getByText('Once upon', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  gate.open();
  await log(page).getByText('Once upon a time.', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' });
  await page.reload();
  await log(page).getByText('Once upon a time.', { exact: true }).waitFor();
  expect(await log(page).locator('.user').allTextContents()).toEqual(['Tell me a story']);
  const entry = page.getByRole('link', { name: 'Tell me a story' });
  expect(await entry.getAttribute('aria-current')).toBe('page');
  expect(foreign).toEqual([]);
  expect(grave(complaints)).toEqual([]);
  await page.context().close();
});

test('F010 F014 Stop ends a running answer, what was written stays, and it can be tried again', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await fresh(page, harness);
  const gate = createGate();
  harness.model.enqueue(reply.text('For ever').hold(gate).text(' and ever'), reply.text('A second time.'));
  await say(page, 'Never end');
  await log(page).getByText('For ever', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await log(page).getByText('Stopped.').waitFor();
  gate.open();
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' });
  await log(page).getByRole('button', { name: 'Try again' }).click();
  await log(page).getByText('A second time.').waitFor();
  await page.context().close();
});

test('F010 a login link works once: who comes second is told what to do, a stranger too', async () => {
  const { harness, browser } = world;
  const { url } = await harness.client.auth.loginLink();
  const options = { serviceWorkers: 'block' } as const;
  const first = await openPage(browser, harness.url, options);
  await first.page.goto(url);
  await message(first.page).waitFor();
  const second = await openPage(browser, harness.url, options);
  await second.page.goto(url);
  await second.page.getByText('This login link was used already or is too old.').waitFor();
  await second.page.getByText('npm run -s reeve -- token login-link').waitFor();
  expect(await message(second.page).count()).toBe(0);
  const stranger = await openPage(browser, harness.url, options);
  await stranger.page.goto(`${harness.url}/settings`);
  await stranger.page.getByRole('heading', { name: 'Sign in to Reeve' }).waitFor();
  for (const { page } of [first, second, stranger]) await page.context().close();
});

test('F307 a conversation is renamed, and one that was deleted comes back by undo, or goes', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  const id = await fresh(page, harness, 'Old name');
  await page
    .getByRole('navigation', { name: 'Conversations' })
    .getByRole('link', { name: 'Old name' })
    .dblclick();
  await page.getByRole('textbox', { name: 'Rename' }).fill('New name');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'New name' }).waitFor();
  expect((await harness.client.sessions.get({ id })).title).toBe('New name');

  const remove = async () => {
    await page.getByRole('main').getByRole('button', { name: 'Actions for New name' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('link', { name: 'New name' }).waitFor({ state: 'hidden' });
  };
  await remove();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('link', { name: 'New name' }).click();
  await log(page).waitFor();
  await remove();
  // Whoever leaves the page has not undone it.
  await page.goto('about:blank');
  await expect
    .poll(() =>
      harness.client.sessions.get({ id }).then(
        () => 'there',
        () => 'gone',
      ),
    )
    .toBe('gone');
  await page.context().close();
});

test('F305 what a tool was asked and gave, what a model thought, and why it answered stand behind a click', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await fresh(page, harness);
  harness.model.enqueue(reply.toolCall('calculate', { expression: '1280*720' }), reply.text('It is 921600.'));
  await say(page, 'What is 1280 times 720?');
  await log(page).getByText('It is 921600.').waitFor();
  const card = log(page).getByRole('button', { name: /calculate/ });
  expect(await card.textContent()).toContain('done');
  expect(await card.getAttribute('aria-expanded')).toBe('false');
  await card.click();
  await log(page).getByText('"expression": "1280*720"').first().waitFor();
  expect(await log(page).locator('pre').last().textContent()).toContain('921600');
  await log(page).getByTitle('Which model answered, and why').click();
  await log(page).getByText('Tokens out').waitFor();
  await log(page).getByText('openai/test-model', { exact: true }).last().waitFor();
  // After a reload too: it is all in the journal.
  await page.reload();
  await log(page)
    .getByRole('button', { name: /calculate.*done/ })
    .waitFor();
  await page.context().close();
});

test('F010 an edited message goes on in a branch; the old conversation stays, and the branch leads back', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  const id = await fresh(page, harness, 'Trunk');
  harness.model.enqueue(reply.text('Paris.'), reply.text('Rome.'), reply.text('Rome, again.'));
  await say(page, 'Capital of France?');
  await log(page).getByText('Paris.').waitFor();
  await log(page).locator('.user').hover();
  await log(page).getByRole('button', { name: 'Edit message' }).click();
  await log(page).getByRole('textbox', { name: 'Edit message' }).fill('Capital of Italy?');
  await log(page).getByRole('button', { name: 'Send in a branch' }).click();
  await log(page).getByText('Rome.').waitFor();
  expect(page.url()).not.toContain(id);
  expect(await log(page).locator('.user').allTextContents()).toEqual(['Capital of Italy?']);
  await log(page).getByRole('button', { name: 'Answer anew, in a branch' }).click();
  await log(page).getByText('Rome, again.').waitFor();
  await page.goto(`${harness.url}/s/${id}`);
  await log(page).getByText('Paris.').waitFor();
  expect(await log(page).locator('.user').allTextContents()).toEqual(['Capital of France?']);
  await page.context().close();
});

test('F307 a conversation is saved to be shared, as a page, as Markdown and as data', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await fresh(page, harness, 'To be shared');
  harness.model.enqueue(reply.text('It is **42**, <b>surely</b>.'));
  await say(page, 'What is it?');
  await log(page).getByText('surely').waitFor();
  const save = async (name: string) => {
    await page.getByRole('main').getByRole('button', { name: 'Actions for To be shared' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name }).click(),
    ]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
  };
  const html = await save('Save as HTML');
  expect(html.name).toMatch(/\.html$/);
  expect(html.text).toContain('What is it?');
  expect(html.text).not.toContain('<b>surely');
  const markdown = await save('Save as Markdown');
  expect(markdown.name).toMatch(/\.md$/);
  expect(markdown.text).toContain('It is **42**');
  const data = await save('Save as JSON');
  expect(JSON.stringify(JSON.parse(data.text))).toContain('What is it?');
  await page.context().close();
});
