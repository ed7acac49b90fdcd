import { createGate, type Harness, reply } from '@reeve/testkit';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { fresh, log, message, useWorld } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();

test('F307 F311 another tab sees what this one does, marks what is unread, and shows it running', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  const id = await fresh(page, harness, 'Shared');
  const other = await page.context().newPage();
  await other.goto(harness.url);
  await message(other).waitFor();
  const entry = other.getByRole('link', { name: /Shared/ });
  await entry.waitFor();
  const gate = createGate();
  harness.model.enqueue(reply.text('Half').hold(gate).text(' and whole.'));
  // Two windows side by side: both are looked at.
  await harness.client.chat.send({ sessionId: id, text: 'Both of you' });
  await log(page).getByText('Half', { exact: true }).waitFor();
  await other.getByRole('link', { name: /Shared.*Writing/ }).waitFor();
  gate.open();
  await log(page).getByText('Half and whole.').waitFor();
  await entry.click();
  await log(other).getByText('Half and whole.').waitFor();
  // A phone that looks at something else marks it as unread, until it is opened: there, and nowhere before.
  await page.context().close();
  const phone = await world.signedIn({ viewport: { width: 390, height: 844 } });
  await phone.page.getByRole('button', { name: 'Conversations' }).click();
  await phone.page.getByRole('link', { name: /Shared/ }).waitFor();
  await harness.client.chat.send({ sessionId: id, text: 'And once more' });
  const unread = phone.page.getByRole('link', { name: /Shared.*Unread/ });
  await unread.click();
  await log(phone.page).getByText('You said: And once more').waitFor();
  await phone.page.getByRole('button', { name: 'Conversations' }).click();
  await unread.waitFor({ state: 'hidden' });
  await phone.page.context().close();
});

/** Has Reeve say something that nobody waits for. */
const sayUnheard = async ({ client }: Harness, sessionId: string, text: string) => {
  const { seq } = await client.chat.send({ sessionId, text });
  await expect
    .poll(async () => {
      const session = await client.sessions.get({ id: sessionId });
      return !session.isRunning && session.newsSeq > seq;
    })
    .toBe(true);
};

test('F307 F311 what is read on one device is read on all of them, at once and for good', async () => {
  const { harness } = world;
  const [desk, phone] = [await world.signedIn(), await world.signedIn()].map(({ page }) => page) as [
    Page,
    Page,
  ];
  const { id } = await harness.client.sessions.create({ title: 'News' });
  const entry = (page: Page) => page.getByRole('link', { name: /^News/ });
  const unread = (page: Page) => page.getByRole('link', { name: /^News.*Unread/ });
  for (const page of [desk, phone]) await entry(page).waitFor();
  await sayUnheard(harness, id, 'One');
  for (const page of [desk, phone]) await unread(page).waitFor();

  await entry(desk).click();
  await log(desk).getByText('You said: One').waitFor();
  await unread(phone).waitFor({ state: 'detached' });
  await phone.reload();
  await entry(phone).waitFor();
  expect(await unread(phone).count()).toBe(0);

  // What comes while it is open is read as it comes; a new name is no news.
  await sayUnheard(harness, id, 'Two');
  await log(desk).getByText('You said: Two').waitFor();
  await expect
    .poll(async () => (await harness.client.sessions.list({})).readSeqs[id])
    .toBe((await harness.client.sessions.get({ id })).lastSeq);
  await harness.client.sessions.update({ id, title: 'News of today' });
  await phone.getByRole('link', { name: 'News of today' }).waitFor();
  expect(await unread(phone).count()).toBe(0);

  // Nobody looks at it now: both are told, the one that was away meanwhile too.
  await desk.goto(harness.url);
  await message(desk).waitFor();
  await phone.goto('about:blank');
  await sayUnheard(harness, id, 'Three');
  await unread(desk).waitFor();
  await phone.goto(harness.url);
  await unread(phone).waitFor();
  for (const page of [desk, phone]) await page.context().close();
});

test('F311 a session that is written elsewhere shows what it does, in words too', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  const { id } = await harness.client.sessions.create({ title: 'Elsewhere' });
  const [tool, words] = [createGate(), createGate()];
  harness.model.enqueue(
    reply.reasoning('Let me see.').hold(tool).toolCall('calculate', { expression: '6*7' }),
    reply.text('It is').hold(words).text(' 42.'),
  );
  await harness.client.chat.send({ sessionId: id, text: 'Six times seven?' });
  await page.getByRole('link', { name: /Elsewhere.*Thinking/ }).waitFor();
  tool.open();
  await page.getByRole('link', { name: /Elsewhere.*Writing/ }).waitFor();
  words.open();
  await page.getByRole('link', { name: /Elsewhere.*Unread/ }).waitFor();
  await page.context().close();
});
