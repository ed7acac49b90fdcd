import { expect } from 'vitest';
import { hashOf } from '../identity/support.ts';
import { openPage } from '../support/chromium.ts';
import { testWith } from '../support/needs.ts';
import { goodPassword, inviteLink, openSection, shownOnce } from './support/faces.ts';
import { grave, message, useWorld } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();
const open = async (path: string) => {
  const watched = await openPage(world.browser, world.harness.url, { serviceWorkers: 'block' });
  await watched.page.addInitScript(() => localStorage.setItem('reeve.welcomed', 'true'));
  watched.page.setDefaultTimeout(15_000);
  await watched.page.goto(path);
  return watched;
};

test('F236 F237 F238 an admin invites; the guest makes an account, has what a user may, and leaves when told to', async () => {
  const { harness } = world;
  const { page, complaints } = await world.signedIn();
  await openSection(page, 'People');
  const invites = page.getByRole('region', { name: 'Invitations' });
  await invites.getByRole('button', { name: 'Invite' }).click();
  await invites.getByLabel('Name').fill('Berta');
  await invites.getByRole('button', { name: 'Invite' }).click();
  const link = await shownOnce(page);
  await invites.getByRole('listitem').filter({ hasText: 'Berta' }).waitFor();

  const { page: hers } = await open(link);
  await hers.getByRole('heading', { name: 'You are invited' }).waitFor();
  expect(await hers.getByLabel('Name').inputValue()).toBe('Berta');
  await hers.getByLabel('E-mail').fill('berta@example.org');
  await hers.getByLabel('New password').fill('short');
  await hers.getByRole('button', { name: 'Make my account' }).click();
  await hers.getByRole('alert').waitFor();
  // What was typed is still there.
  expect(await hers.getByLabel('E-mail').inputValue()).toBe('berta@example.org');
  await hers.getByLabel('New password').fill(goodPassword);
  await hers.getByRole('button', { name: 'Make my account' }).click();
  await message(hers).waitFor();
  await openSection(hers, 'Account');
  await hers.getByText('with the role user').waitFor();
  // What she may not do is not offered, and says so when its address is typed.
  const tabs = hers.getByRole('navigation', { name: 'Settings' });
  expect(await tabs.getByRole('link').allTextContents()).not.toContain('People');
  await hers.goto(`${harness.url}/settings/people`);
  await hers.getByRole('heading', { name: 'Not for this account' }).waitFor();

  await page.reload();
  const berta = page
    .getByRole('region', { name: 'People' })
    .getByRole('listitem')
    .filter({ hasText: 'berta@' });
  await berta.getByRole('button', { name: 'Edit' }).click();
  await berta.getByLabel('Role').selectOption('child');
  await berta.getByLabel('Filter on answers').selectOption('strict');
  await berta.getByLabel('An admin is asked about every act').check();
  await berta.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').first().waitFor();
  const person = async () =>
    (await harness.client.people.list()).people.find(({ email }) => email === 'berta@example.org');
  expect(await person()).toMatchObject({
    role: 'child',
    flags: { contentFilter: 'strict', requiresAdminApproval: true },
  });
  // Who may see no questions never asks for them, and is told so once.
  await hers.goto('about:blank');
  const { id } = (await person())!;
  await harness.client.people.update({ id, role: 'guest' });
  await hers.goto(`${harness.url}/approvals`);
  await hers.getByRole('heading', { name: 'Not for this account' }).waitFor();
  expect(await hers.getByText('Nothing waits for an answer.').count()).toBe(0);
  const denied = await harness.client.audit.list({ type: 'api.denied', actor: id });
  expect(denied.entries.filter(({ target }) => target?.startsWith('approvals'))).toEqual([]);
  await berta.getByRole('button', { name: 'Disable' }).click();
  await berta.getByText('disabled').waitFor();
  await hers.reload();
  await hers.getByRole('heading', { name: 'Sign in to Reeve' }).waitFor();
  expect(grave(complaints)).toEqual([]);
  for (const one of [page, hers]) await one.context().close();
});

test('F234 by password and a second factor; a wrong one keeps what was typed; a reset link sets a new password', async () => {
  const { harness } = world;
  const { page } = await open(await inviteLink(harness, 'user'));
  await page.getByLabel('Name').fill('Carl');
  await page.getByLabel('E-mail').fill('carl@example.org');
  await page.getByLabel('New password').fill(goodPassword);
  await page.getByRole('button', { name: 'Make my account' }).click();
  await message(page).waitFor();

  await openSection(page, 'Account');
  const totp = page.getByRole('region', { name: 'Authenticator app' });
  // The focus goes along: at each step whoever has no mouse can type on.
  const isFocused = async (name: string) =>
    expect(await totp.getByLabel(name).evaluate((field) => field === document.activeElement)).toBe(true);
  await totp.getByRole('button', { name: 'Turn on' }).click();
  await isFocused('Current password');
  await page.keyboard.type(goodPassword);
  await page.keyboard.press('Enter');
  const secret = (await totp.locator('pre').textContent()) ?? '';
  await isFocused('Code of the app');
  const code = await totpOf(secret);
  await page.keyboard.type(code === '000000' ? '111111' : '000000');
  await page.keyboard.press('Enter');
  await totp.getByRole('alert').getByText('This code is wrong or over.').waitFor();
  await totp.getByLabel('Code of the app').fill(await totpOf(secret));
  await totp.getByRole('button', { name: 'Turn on' }).click();
  const codes = (await shownOnce(page)).split('\n');
  expect(codes.length).toBeGreaterThanOrEqual(8);
  await totp.getByText(/recovery codes are left/).waitFor();
  await page.locator('button:focus', { hasText: 'New recovery codes' }).waitFor();
  await page.getByRole('region', { name: 'Password' }).getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Current password').and(page.locator(':focus')).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('button:focus', { hasText: 'Change' }).waitFor();

  await openSection(page, 'Data and access');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('E-mail').fill('carl@example.org');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('E-mail').inputValue()).toBe('carl@example.org');
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByLabel('Code', { exact: true }).fill(codes[0]!);
  await page.getByRole('button', { name: 'Continue' }).click();
  await message(page).waitFor();

  const { people } = await harness.client.people.list();
  const carl = people.find(({ email }) => email === 'carl@example.org')!;
  const { url } = await harness.client.people.resetLink({ id: carl.id });
  expect(hashOf(url, 'reset')).not.toBe('');
  const { page: other } = await open(url);
  await other.getByLabel('New password').fill('plum walrus thicket 58');
  await other.getByRole('button', { name: 'Set the password' }).click();
  await other.getByText('The password is set, and every session was ended.').waitFor();
  for (const one of [page, other]) await one.context().close();
});

test('F234 a passkey is added under a name that browsers keep passkeys for, and signs in without a password', async () => {
  const { harness, browser } = world;
  const url = harness.url.replace('127.0.0.1', 'localhost');
  const { page } = await openPage(browser, url, { serviceWorkers: 'block' });
  page.setDefaultTimeout(15_000);
  await page.addInitScript(() => localStorage.setItem('reeve.welcomed', 'true'));
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const link = (await harness.client.auth.loginLink()).url;
  await page.goto(link.replace('127.0.0.1', 'localhost'));
  await message(page).waitFor();
  await openSection(page, 'Account');
  const passkeys = page.getByRole('region', { name: 'Passkeys' });
  await passkeys.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Laptop');
  await page.getByRole('dialog').getByRole('button', { name: 'Add a passkey' }).click();
  await passkeys.getByRole('listitem').filter({ hasText: 'Laptop' }).waitFor();
  await openSection(page, 'Data and access');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await message(page).waitFor();
  await page.context().close();
});

test('F235 F237 an API key with scopes and an end is shown once, works for those, and is revoked', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await openSection(page, 'Account');
  const keys = page.getByRole('region', { name: 'API keys' });
  await keys.getByRole('button', { name: 'Create a key' }).click();
  await keys.getByLabel('Name').fill('Backup');
  await keys.getByLabel('All that you may').uncheck();
  await keys.getByRole('button', { name: 'Create a key' }).click();
  await keys.getByRole('alert').getByText('Choose at least one, or all.').waitFor();
  await keys.getByLabel(/^Read own conversations/).check();
  await keys.getByRole('button', { name: 'Create a key' }).click();
  const token = await shownOnce(page);
  expect(await page.content()).not.toContain(token);
  const ask = (path: string) =>
    fetch(harness.url + path, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);
  expect(await ask('/api/chat/conversations')).toBe(200);
  expect(await ask('/api/people')).toBe(403);
  const entry = keys.getByRole('listitem').filter({ hasText: 'Backup' });
  await entry.getByText('chat:read').waitFor();
  await entry.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').locator('button:focus').getByText('Cancel').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await entry.waitFor({ state: 'detached' });
  expect(await ask('/api/chat/conversations')).toBe(401);
  await page.context().close();
});

/** The code that an authenticator app shows for a secret (RFC 6238, as every app does it). */
const totpOf = async (secret: string): Promise<string> => {
  const bits = [...secret.replace(/=+$/, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const bytes = Uint8Array.from(bits.match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(Date.now() / 30_000)));
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer));
  const at = mac.getUint8(19) & 0xf;
  return String((mac.getUint32(at) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
};
