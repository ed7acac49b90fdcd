import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { clientSecret, type OidcServer, startOidcServer } from '../support/oidc-server.ts';
import { goodPassword, inviteLink, openSection } from './support/faces.ts';
import { message, useWorld } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();
let idp: OidcServer;

beforeAll(async () => {
  const { harness } = world;
  idp = await startOidcServer(() => [`${harness.url}/api/auth/oidc/office/callback`]);
  await harness.client.secrets.set({ name: 'office-sign-in', value: clientSecret });
  const settings = [
    '[identity.oidc.office]',
    `issuer = "${idp.issuer}"`,
    'clientId = "reeve"',
    'clientSecret = "secret:office-sign-in"',
    'label = "Office"',
    'scopes = ["openid", "email", "profile", "groups"]',
    'allowSignUp = true',
  ];
  writeFileSync(join(harness.home, 'reeve.toml'), settings.join('\n'));
  await harness.client.system.reload();
});
afterAll(() => idp?.close());

/** A browser that may go to the other place, too. */
const open = async (path: string): Promise<Page> => {
  const context = await world.browser.newContext({ locale: 'en-GB', serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.setItem('reeve.welcomed', 'true'));
  page.setDefaultTimeout(15_000);
  await page.goto(path);
  return page;
};
const arrives = (sub: string) => {
  idp.user = { sub, email: `${sub}@example.org`, email_verified: true, name: sub, groups: [] };
};
const signOut = async (page: Page) => {
  await openSection(page, 'Data and access');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in with Office' }).waitFor();
};

test('F241 the sign-in page offers the other place, which makes an account and signs in again', async () => {
  arrives('ida');
  const page = await open(`${world.harness.url}/login`);
  await page.getByRole('link', { name: 'Sign in with Office' }).click();
  await message(page).waitFor();
  await openSection(page, 'Account');
  const connections = page.getByRole('region', { name: 'Sign in with', exact: true });
  await connections.getByRole('listitem').filter({ hasText: idp.issuer }).waitFor();
  await signOut(page);
  await page.getByRole('link', { name: 'Sign in with Office' }).click();
  await message(page).waitFor();
  const { people } = await world.harness.client.people.list();
  expect(people.filter(({ email }) => email === 'ida@example.org')).toHaveLength(1);
  await page.context().close();
});

test('F241 somebody with a password connects the other place, signs in by it, and disconnects it', async () => {
  arrives('hugo-at-office');
  const page = await open(await inviteLink(world.harness, 'user'));
  await page.getByLabel('Name').fill('Hugo');
  await page.getByLabel('E-mail').fill('hugo@example.org');
  await page.getByLabel('New password').fill(goodPassword);
  await page.getByRole('button', { name: 'Make my account' }).click();
  await message(page).waitFor();
  await openSection(page, 'Account');
  const connections = page.getByRole('region', { name: 'Sign in with', exact: true });
  await connections.getByText('None is connected.').waitFor();
  await connections.getByRole('button', { name: 'Connect Office' }).click();
  // Back where it began, with the place in the list.
  const entry = connections.getByRole('listitem').filter({ hasText: idp.issuer });
  await entry.waitFor();
  await signOut(page);
  await page.getByRole('link', { name: 'Sign in with Office' }).click();
  await message(page).waitFor();
  await openSection(page, 'Account');
  expect(await page.getByLabel('Name', { exact: true }).first().inputValue()).toBe('Hugo');
  await entry.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await connections.getByText('None is connected.').waitFor();
  const { people } = await world.harness.client.people.list();
  expect(people.filter(({ email }) => email?.startsWith('hugo'))).toHaveLength(1);
  await page.context().close();
});
