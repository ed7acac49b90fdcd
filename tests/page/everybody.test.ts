import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createGate, reply } from '@reeve/testkit';
import { expect } from 'vitest';
import { openPage } from '../support/chromium.ts';
import { testWith } from '../support/needs.ts';
import { goodPassword, inviteLink } from './support/faces.ts';
import { fitsWidth, fresh, log, message, say, search, useWorld, violations } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();
/** For whoever wants to look. */
const shots = process.env['REEVE_SHOTS'];
if (shots) mkdirSync(shots, { recursive: true });
/** Fifteen states, each looked at by axe, beside whatever else this machine does. */
const timeoutMs = 240_000;

const answer = `It is **921600**, and $1280 \\times 720$ too.

| width | height |
|---|---|
| 1280 | 720 |

\`\`\`ts
const area = (w: number, h: number) => w * h; // pixels
\`\`\`

$$\\int_0^1 x^2 dx = \\tfrac13$$

- ${'a long line of an answer '.repeat(12)}
- ${'unbreakable'.repeat(20)}

> A quote with [a link](https://example.com).`;

const looks = [
  ['light', { colorScheme: 'light', viewport: { width: 1280, height: 800 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 1280, height: 800 } }],
  ['phone', { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
  [
    'phone dark German',
    {
      colorScheme: 'dark',
      viewport: { width: 320, height: 640 },
      hasTouch: true,
      isMobile: true,
      locale: 'de-DE',
      reducedMotion: 'reduce',
    },
  ],
] as const;

test.each(looks)(
  'F304 F310 the page in %s can be read and used by everybody in each of its states',
  async (name, options) => {
    const { harness, browser } = world;
    const isPhone = name.startsWith('phone');
    const isGerman = name.endsWith('German');
    const stranger = await openPage(browser, harness.url, { serviceWorkers: 'block', ...options });
    await stranger.page.goto(harness.url);
    await stranger.page.getByRole('heading', { level: 1 }).waitFor();
    expect(await violations(stranger.page), 'signed out').toEqual([]);
    await stranger.page.context().close();

    const { page } = await world.signedIn(options);
    const look = async (state: string) => {
      expect(await violations(page), state).toEqual([]);
      expect(await fitsWidth(page), state).toBe(true);
      if (shots) await page.screenshot({ path: join(shots, `${name} ${state}.png`) });
    };
    await look('new');
    await fresh(page, harness, 'What is 1280 times 720?');
    const gate = createGate();
    harness.model.enqueue(
      reply.toolCall('calculate', { expression: '1280*720' }),
      reply.text('It is').hold(gate).text(answer.slice(5)),
    );
    await say(page, 'What is 1280 times 720?');
    await log(page).getByText('It is', { exact: true }).waitFor();
    await look('streaming');
    gate.open();
    await log(page).locator('.katex').nth(1).waitFor();
    await log(page).locator('.hl-keyword').first().waitFor();
    await log(page).locator('button[aria-expanded=false]').last().click();
    await log(page)
      .getByRole('button', { name: /calculate/ })
      .click();
    await look('answered');
    await message(page).fill('/');
    await page.getByRole('listbox').waitFor();
    await look('commands');
    await message(page).fill('');
    await page.getByRole('button', { name: isGerman ? /^Modell wählen/ : /^Choose the model/ }).click();
    await page.getByRole('menu').waitFor();
    await look('models');
    await page.keyboard.press('Escape');
    if (isPhone) {
      await page.getByRole('button', { name: isGerman ? 'Gespräche' : 'Conversations' }).click();
      await page.getByRole('navigation').first().waitFor();
      await look('menu');
      await page
        .getByRole('button', { name: isGerman ? 'Schließen' : 'Close' })
        .last()
        .click();
    }
    await search(page, '720');
    await page.getByRole('option').nth(1).waitFor();
    await look('palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog').waitFor();
    await look('keys');
    await page.keyboard.press('Escape');
    for (const section of ['general', 'models', 'all', 'data']) {
      await page.goto(`${harness.url}/settings/${section}`);
      await page.getByRole('main').locator('input, select, button:not([aria-label])').nth(1).waitFor();
      await look(section);
    }
    await page.goto(`${harness.url}/s/ses_none`);
    await page
      .getByText(isGerman ? 'Dieses Gespräch gibt es nicht' : 'There is no such conversation')
      .waitFor();
    await look('missing');
    await page.context().close();
  },
  timeoutMs,
);

test('F304 by keyboard alone: find, ask, choose a model, delete, undo, change the theme, leave', async () => {
  const { harness } = world;
  const { page } = await world.signedIn({ reducedMotion: 'reduce' });
  const { id } = await harness.client.sessions.create({ title: 'Needle in the hay' });
  await search(page, 'needle');
  await page.getByRole('option', { name: 'Needle in the hay' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/s/${id}`);
  await message(page).waitFor();
  await page.locator('main form textarea:focus').waitFor();
  await page.keyboard.type('/vers');
  await page.getByRole('option', { name: /version/ }).waitFor();
  await page.keyboard.press('Tab');
  expect(await message(page).inputValue()).toBe('/version ');
  await page.keyboard.press('Enter');
  await log(page)
    .getByText(/^Reeve 0\./)
    .waitFor();
  await page.keyboard.type('first line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await log(page).getByText('You said: first line').waitFor();
  expect(await log(page).locator('.user').textContent()).toBe('first line\nsecond line');

  // From the message backwards to the model's menu, by arrows to another model.
  await page.getByRole('button', { name: /^Choose the model/ }).focus();
  await page.keyboard.press('Enter');
  await page.locator('[role=menuitemradio]:focus').waitFor();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await harness.client.sessions.get({ id })).model).toMatch(/\//);

  await search(page, 'delete this');
  await page.keyboard.press('Enter');
  await page.getByText('Conversation deleted.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Needle in the hay' }).waitFor();

  await search(page, 'switch between');
  await page.keyboard.press('Enter');
  await page.locator('html[data-theme=dark]').waitFor({ state: 'attached' });
  await page.keyboard.press('Control+,');
  await page.getByRole('radio', { name: 'Dark' }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.locator('html[data-theme=light]').waitFor({ state: 'attached' });
  await page.context().close();
});

test('F304 Enter in the palette means the words that stand there, however fast it follows them', async () => {
  const { harness } = world;
  const { page } = await world.signedIn({ reducedMotion: 'reduce' });
  const { id } = await harness.client.sessions.create({ title: 'Zebra of the fast typist' });
  await harness.client.sessions.create({ title: 'Another that comes first' });
  await page.goto(harness.url);
  await page.getByRole('link', { name: 'Zebra of the fast typist' }).waitFor();
  await page.keyboard.press('Control+k');
  const field = page.locator('dialog input:focus');
  await field.waitFor();
  // Both events in one task, before anything that may wait has been drawn.
  await field.evaluate((input: HTMLInputElement) => {
    const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value') ?? {};
    set?.call(input, 'zebra');
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  });
  await page.waitForURL(`**/s/${id}`);

  // And so do words that only the gateway can find.
  await say(page, 'the word quagga stands in this message');
  await log(page).getByText('You said: the word quagga').waitFor();
  await page.goto(harness.url);
  await message(page).waitFor();
  await search(page, 'quagga');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/s/${id}**`);
  await page.context().close();
});

test('F308 F304 whoever comes first is welcomed, in either language, and may leave it at that', async () => {
  await using harness = await (await import('@reeve/testkit')).startHarness({ model: null });
  const open = async () => {
    const watched = await openPage(world.browser, harness.url, {
      serviceWorkers: 'block',
      viewport: { width: 1280, height: 800 },
    });
    await watched.page.goto((await harness.client.auth.loginLink()).url);
    await watched.page.getByRole('dialog', { name: 'Welcome' }).waitFor();
    return watched.page;
  };
  const left = await open();
  expect(await violations(left)).toEqual([]);
  if (shots) await left.screenshot({ path: join(shots, 'welcome.png') });
  await left.getByRole('button', { name: 'Skip' }).click();
  await left.reload();
  await message(left).waitFor();
  expect(await left.getByRole('dialog').count()).toBe(0);

  const page = await open();
  await page.locator('input:focus').waitFor();
  await page.locator('input:focus').fill('Anna');
  await page.getByLabel('E-mail').fill('anna@example.org');
  await page.getByLabel('New password').fill('kurz');
  await page.getByLabel('Language').selectOption('de');
  await page.getByRole('dialog', { name: 'Willkommen' }).waitFor();
  // What was typed before is still there.
  expect(await page.getByLabel('Wie soll er dich nennen?').inputValue()).toBe('Anna');
  expect(await page.getByLabel('E-Mail').inputValue()).toBe('anna@example.org');
  await page.getByRole('button', { name: 'Anfangen' }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page.getByLabel('Neues Passwort').fill(goodPassword);
  await page.getByLabel('Eine erste Frage').fill('Was sind 17 % von 2340?');
  await page.getByRole('button', { name: 'Anfangen' }).click();
  await log(page)
    .getByText(/397[,.]8/)
    .waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  expect(await log(page).locator('.user').allTextContents()).toEqual(['Was sind 17 % von 2340?']);
  // A name is no message: it is kept with the account, and models are told it.
  expect((await harness.client.account.get()).person).toMatchObject({ name: 'Anna', language: 'de' });
  // From now on no link is needed.
  await left.context().clearCookies();
  await left.goto(`${harness.url}/login`);
  await left.getByLabel('E-mail').fill('anna@example.org');
  await left.getByLabel('Password', { exact: true }).fill(goodPassword);
  await left.getByRole('button', { name: 'Sign in', exact: true }).click();
  await message(left).waitFor();
  // Who was invited has told the name, and is not sent to what is not theirs.
  const invited = await openPage(world.browser, harness.url, { serviceWorkers: 'block' });
  await invited.page.goto(await inviteLink(harness, 'user'));
  await invited.page.getByLabel('Name').fill('Berta');
  await invited.page.getByLabel('E-mail').fill('berta@example.org');
  await invited.page.getByLabel('New password').fill(goodPassword);
  await invited.page.getByRole('button', { name: 'Make my account' }).click();
  const welcome = invited.page.getByRole('dialog', { name: 'Welcome' });
  await welcome.getByText('What you tell Reeve stays on the machine it runs on.').waitFor();
  expect(await welcome.getByRole('link').count()).toBe(0);
  expect(await welcome.getByLabel('What should it call you?').count()).toBe(0);
  for (const one of [page, left, invited.page]) await one.context().close();
});
