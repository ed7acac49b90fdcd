import { createRequire } from 'node:module';
import type { Channel, Senders } from '@reeve/core';
import { reply } from '@reeve/testkit';
import { expect } from 'vitest';
import { openPage } from '../support/chromium.ts';
import { ask, json } from '../support/http.ts';
import { testWith } from '../support/needs.ts';
import { goodPassword, inviteLink, openSection, recorder, shownOnce } from './support/faces.ts';
import { grave, log, message, say, useWorld } from './support/page.ts';

const test = testWith('chromium');
/** A chat channel of this test: it says who sends as a real one would. */
const chat: Channel & { senders: Senders } = {
  name: 'test-chat',
  senders: undefined as unknown as Senders,
  start(senders) {
    this.senders = senders;
  },
};
const senderOf = (identifier: string) => ({ tenantId: 'home', channel: 'test-chat', identifier });
const userOf = async (identifier: string) => (await chat.senders.resolve(senderOf(identifier)))?.userId;

const world = useWorld({
  channels: [chat],
  extraTools: [recorder('write_note', { risk: 'medium' }).tool],
});

/** Somebody who made an account by a link, in a browser of their own. */
const joined = async (link: string, email: string, options = {}) => {
  const { page } = await openPage(world.browser, world.harness.url, { serviceWorkers: 'block', ...options });
  await page.addInitScript(() => localStorage.setItem('reeve.welcomed', 'true'));
  page.setDefaultTimeout(15_000);
  await page.goto(link);
  await page.getByLabel('Name').fill(email.split('@')[0]!);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('New password').fill(goodPassword);
  await page.getByRole('button', { name: 'Make my account' }).click();
  await message(page).waitFor();
  return page;
};
const personBy = async (email: string) =>
  (await world.harness.client.people.list()).people.find((one) => one.email === email)!;

/** Where the picture of an `otpauth:` address is dark, as the encoder of the page says it. */
const darkOf = (text: string): string => {
  const { encode } = createRequire(new URL('../../apps/web/package.json', import.meta.url))('uqr') as {
    encode(text: string, options: object): { data: boolean[][] };
  };
  return encode(text, { ecc: 'M', border: 4 })
    .data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])))
    .join('');
};

test('F234 setting up an authenticator app shows its address as a QR code, dark on light also at night', async () => {
  const page = await joined(await inviteLink(world.harness, 'user'), 'quentin@example.org', {
    colorScheme: 'dark',
  });
  await openSection(page, 'Account');
  const totp = page.getByRole('region', { name: 'Authenticator app' });
  await totp.getByRole('button', { name: 'Turn on' }).click();
  await totp.getByLabel('Current password').fill(goodPassword);
  await totp.getByRole('button', { name: 'Continue' }).click();
  const picture = totp.getByRole('img', { name: 'QR code for the authenticator app' });
  await picture.waitFor();
  const address = await totp.getByRole('link', { name: /authenticator app/ }).getAttribute('href');
  const secret = (await totp.locator('pre').textContent()) ?? 'none';
  expect(new URL(address!).searchParams.get('secret')).toBe(secret);
  const [light, dark] = await picture
    .locator('path')
    .evaluateAll((paths) => paths.map((path) => [getComputedStyle(path).fill, path.getAttribute('d')]));
  expect(light![0]).toBe('rgb(255, 255, 255)');
  expect(dark).toEqual(['rgb(0, 0, 0)', darkOf(address!)]);
  await page.context().close();
});

test('F093 F240 a person links a channel by a code and takes it back; an admin does so for them', async () => {
  const { harness } = world;
  const hers = await joined(await inviteLink(harness, 'user'), 'linda@example.org');
  const linda = await personBy('linda@example.org');
  await openSection(hers, 'Account');
  const own = hers.getByRole('region', { name: 'Chat channels' });
  await own.getByRole('button', { name: 'Link a channel' }).click();
  await hers.getByRole('dialog').locator('pre').waitFor();
  const [, code = ''] = /^LINK (\d{6})$/.exec(await shownOnce(hers)) ?? [];
  await chat.senders.confirm(senderOf('4711'), code);
  await hers.reload();
  await own.getByRole('listitem').filter({ hasText: '4711' }).waitFor();
  expect(await userOf('4711')).toBe(linda.id);

  const { page, complaints } = await world.signedIn();
  await openSection(page, 'People');
  const entry = page
    .getByRole('region', { name: 'People', exact: true })
    .getByRole('listitem')
    .filter({ hasText: 'linda@' });
  await entry.getByRole('button', { name: 'Edit' }).click();
  const channels = entry.getByRole('region', { name: 'Chat channels of linda' });
  await channels.getByRole('listitem').filter({ hasText: '4711' }).waitFor();
  await channels.getByLabel('Channel', { exact: true }).fill('test-chat');
  await channels.getByLabel('Known there as').fill('0815');
  await channels.getByRole('button', { name: 'Link a channel' }).click();
  const linked = channels.getByRole('listitem').filter({ hasText: '0815' });
  await linked.waitFor();
  expect(await userOf('0815')).toBe(linda.id);
  await linked.getByRole('button', { name: 'Remove' }).click();
  await linked.waitFor({ state: 'detached' });
  expect(await userOf('0815')).not.toBe(linda.id);
  expect(grave(complaints)).toEqual([]);

  const mine = own.getByRole('listitem').filter({ hasText: '4711' });
  await mine.getByRole('button', { name: 'Remove' }).click();
  await mine.waitFor({ state: 'detached' });
  expect(await userOf('4711')).not.toBe(linda.id);
  for (const one of [page, hers]) await one.context().close();
});

test('F241 a token for a directory is shown once, works, and shuts the directory out when it is revoked', async () => {
  const { harness } = world;
  const { page, complaints } = await world.signedIn();
  await openSection(page, 'People');
  const scim = page.getByRole('region', { name: 'Directory (SCIM)' });
  await scim.getByText(`${harness.url}/scim/v2`).waitFor();
  await scim.getByRole('button', { name: 'New token' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Office');
  await page.getByRole('dialog').getByRole('button', { name: 'New token' }).click();
  await page.getByRole('dialog').locator('pre').waitFor();
  const token = await shownOnce(page);
  expect(await page.content()).not.toContain(token);
  const people = () =>
    ask(`${harness.url}/scim/v2/Users`, { headers: { ...json, authorization: `Bearer ${token}` } });
  expect((await people()).status).toBe(200);
  const entry = scim.getByRole('listitem').filter({ hasText: 'Office' });
  await entry.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await scim.getByText('There is none.').waitFor();
  expect((await people()).status).toBe(401);
  expect(grave(complaints)).toEqual([]);
  await page.context().close();
});

test('F243 the owner makes a tenant; its first admin comes by the link and sees only what is theirs', async () => {
  const { page } = await world.signedIn();
  await openSection(page, 'People');
  const tenants = page.getByRole('region', { name: 'Tenants' });
  await tenants.getByRole('button', { name: 'New tenant' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Next door');
  await page.getByRole('dialog').getByRole('button', { name: 'New tenant' }).click();
  await page.getByRole('dialog').locator('pre').waitFor();
  const theirs = await joined(await shownOnce(page), 'nora@example.org');
  await openSection(theirs, 'Account');
  await theirs.getByText('In Next door, with the role admin.').waitFor();
  await openSection(theirs, 'People');
  const there = theirs.getByRole('region', { name: 'People', exact: true }).getByRole('listitem');
  await there.first().waitFor();
  expect(await there.count()).toBe(1);
  expect(await theirs.getByRole('region', { name: 'Tenants' }).count()).toBe(0);
  await page.reload();
  await tenants.getByRole('listitem').filter({ hasText: 'Next door' }).getByText('1 person').waitFor();
  for (const one of [page, theirs]) await one.context().close();
});

test('F215 the audit says whether everything is kept, since when, by whom and why; only what fits can be done', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await openSection(page, 'Audit');
  const hold = page.getByRole('region', { name: 'Keep everything' });
  await hold.getByText('Nothing is held').waitFor();
  expect(await hold.getByRole('button').allTextContents()).toEqual(['Keep everything']);
  await hold.getByRole('button', { name: 'Keep everything' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('The court asked');
  await page.getByRole('dialog').getByRole('button', { name: 'Keep everything' }).click();
  await hold.getByText('The court asked').waitFor();
  expect(await hold.getByText(/^Since .*, by /).textContent()).toContain(String(new Date().getFullYear()));
  expect(await hold.getByRole('button').allTextContents()).toEqual(['Lift it']);
  expect((await harness.client.audit.stats({})).hold).toMatchObject({
    by: 'owner',
    reason: 'The court asked',
  });
  await hold.getByRole('button', { name: 'Lift it' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('It is over');
  await page.getByRole('dialog').getByRole('button', { name: 'Lift it' }).click();
  await hold.getByText('Nothing is held').waitFor();
  expect((await harness.client.audit.stats({})).hold).toBeNull();
  await page.context().close();
});

test('F199 F243 in another tenant a question says why it cannot be allowed always', async () => {
  const { harness } = world;
  const { url } = await harness.client.tenants.create({ name: 'Across the street' });
  const page = await joined(url, 'clara@example.org');
  // The model is asked for a tool that waits for an answer.
  harness.model.enqueue(reply.toolCall('write_note', { text: 'x' }), reply.text('Done.'));
  await say(page, 'Write it down');
  const card = log(page).getByRole('article').last();
  await card.getByRole('button', { name: 'Yes, in this conversation' }).waitFor();
  await card.getByText('only the owner of this Reeve widens what may be').waitFor();
  expect(await card.getByRole('button', { name: 'Yes, always' }).count()).toBe(0);
  await card.getByRole('button', { name: 'No', exact: true }).click();
  await page.context().close();
});

test('F218 F220 a member keeps a secret of their own on the page, and sees nothing of the place or of others', async () => {
  const { harness } = world;
  const value = ['sues', 'bank', 'value', '4711'].join('-');
  await harness.client.secrets.set({ name: 'house', value: 'everybodys-0815' });
  const page = await joined(await inviteLink(harness, 'user'), 'sue@example.org');
  await openSection(page, 'Secrets');
  await page.getByText('There is none of yours.').waitFor();
  expect(
    await page.getByRole('main').getByRole('region').getByRole('heading', { level: 2 }).allTextContents(),
  ).toEqual(['Secrets']);
  expect(await page.getByRole('button', { name: 'Lock' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Keep a secret' }).click();
  const form = page.getByRole('form', { name: 'Keep a secret' });
  await form.getByLabel('Name').fill('bank');
  await form.getByLabel('Value', { exact: true }).fill(value);
  expect(await form.getByLabel('Only for me').count()).toBe(0);
  await form.getByRole('button', { name: 'Save' }).click();
  const entry = page.getByRole('listitem').filter({ hasText: 'secret:bank' });
  await entry.waitFor();
  expect(await page.getByRole('button', { name: 'Emergency' }).count()).toBe(0);
  expect(await page.content()).not.toContain(value);
  expect((await harness.client.secrets.list()).secrets.map(({ name }) => name)).not.toContain('bank');
  await entry.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('There is none of yours.').waitFor();
  await page.context().close();
});

test('F045 F195 lists of models and of tools are rules by their fields, and are taken back', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await openSection(page, 'Policies');
  await page.getByRole('button', { name: 'New rule' }).click();
  const form = page.getByRole('form', { name: 'New rule' });
  await form.getByLabel('Kind').selectOption('model-list');
  await form.getByLabel('Models that may be used').fill('openai/one\nopenai/two');
  await form.getByLabel('For whom').selectOption('role child');
  await form.getByRole('button', { name: 'Write the policy' }).click();
  await page.getByText('Only openai/one, openai/two may be used for the role child').waitFor();
  await form.getByLabel('Kind').selectOption('tool-list');
  await form.getByLabel('Tools that may be called').fill('');
  await form.getByRole('button', { name: 'Write the policy' }).click();
  await form.getByRole('alert').waitFor();
  await form.getByLabel('Tools that may be called').fill('calculate, recall');
  await form.getByLabel('Channel').fill('openai');
  await form.getByLabel('For whom').selectOption('');
  await form.getByRole('button', { name: 'Write the policy' }).click();
  await page.getByText('Only calculate, recall may be called for everybody on the channel openai').waitFor();
  const own = async () =>
    (await harness.client.policies.list()).policies
      .filter(({ version }) => version > 0)
      .map(({ name }) => name);
  expect((await own()).sort()).toEqual(['only-models-child', 'only-tools-openai']);
  await form.getByLabel('Take the rule back').check();
  await form.getByRole('button', { name: 'Write the policy' }).click();
  await page.getByText('The rule was taken back.').waitFor();
  expect(await own()).toEqual(['only-models-child']);
  await harness.client.policies.remove({ params: { tier: 'admin', name: 'only-models-child' } });
  await page.context().close();
});

test('F304 what somebody was about to say is not there for whoever signs in next', async () => {
  const { page } = await world.signedIn();
  await message(page).fill('Only for my own eyes');
  await page.reload();
  await message(page).waitFor();
  expect(await message(page).inputValue()).toBe('Only for my own eyes');
  await openSection(page, 'Data and access');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Reeve' }).waitFor();
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('my own eyes');
  await page.goto((await world.harness.client.auth.loginLink()).url);
  await message(page).waitFor();
  expect(await message(page).inputValue()).toBe('');
  await page.context().close();
});

test('F197 a budget for each person shows how it stands for every one of them, and is changed for all', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  // More than stand there before the rest is asked for.
  for (const identifier of 'abcdef') await userOf(identifier);
  const budget = await harness.client.budgets.set({
    subject: 'user',
    period: 'day',
    unit: 'tokens',
    amount: 1000,
  });
  await openSection(page, 'Budgets and usage');
  const { people } = await harness.client.people.list();
  const entries = page.getByRole('list', { name: 'Budgets', exact: true }).locator('> li');
  await entries.first().waitFor();
  expect(await entries.count()).toBe(1);
  const each = entries.getByRole('list', { name: 'A person, each on their own, a day' });
  await entries.getByRole('button', { name: /^and \d+ more$/ }).click();
  for (const { name } of people) await each.getByText(name, { exact: true }).waitFor();
  expect(await each.getByRole('meter').count()).toBe(people.length);
  await entries.getByRole('button', { name: 'Edit' }).click();
  const form = page.getByRole('form', { name: 'Set a budget' });
  expect(await form.getByLabel('Person').inputValue()).toBe('*');
  await form.getByLabel('At most').fill('2000');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  const { budgets } = await harness.client.budgets.list();
  expect(budgets.map(({ id, setFor, amount }) => ({ id, setFor, amount }))).toEqual(
    people.map(() => ({ id: budget.id, setFor: '*', amount: 2000 })),
  );
  expect(budgets.map(({ subjectId }) => subjectId).sort()).toEqual(people.map(({ id }) => id).sort());
  await harness.client.budgets.remove({ id: budget.id });
  await page.context().close();
});
