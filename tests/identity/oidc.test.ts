import { writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { type Harness, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createBrowser } from '../support/browser.ts';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { clientSecret, type OidcServer, startOidcServer } from '../support/oidc-server.ts';
import {
  accept,
  as,
  cookieOf,
  goodPassword,
  join,
  local,
  type Member,
  otherPassword,
  ownerBrowser,
  setUpOwner,
  signIn,
} from './support.ts';

let harness: Harness;
let idp: OidcServer;

const person = (sub: string, more: Partial<OidcServer['user']> = {}) => ({
  sub,
  email: `${sub}@example.org`,
  email_verified: true,
  name: sub,
  groups: ['staff'],
  ...more,
});
const configure = async (more: string[] = []) => {
  writeFileSync(
    joinPath(harness.home, 'reeve.toml'),
    [
      '[identity.oidc.office]',
      `issuer = "${idp.issuer}"`,
      'clientId = "reeve"',
      'clientSecret = "secret:office-sign-in"',
      'label = "Office"',
      'scopes = ["openid", "email", "profile", "groups"]',
      ...more,
    ].join('\n'),
  );
  const answer = await as(harness, local(harness), 'POST', '/api/system/reload');
  expect(answer.status).toBe(200);
};
const start = (returnTo = '/settings') =>
  `${harness.url}/api/auth/oidc/office/start?returnTo=${encodeURIComponent(returnTo)}`;
const me = async (browser: ReturnType<typeof createBrowser>) =>
  as(harness, { cookie: browser.cookies(harness.url) }, 'GET', '/api/account');
/** An entry rides with the next write. */
const audited = async (type: string) => {
  await as(harness, local(harness), 'POST', '/api/chat/conversations', {});
  return (await as(harness, local(harness), 'GET', `/api/audit?type=${type}&limit=50`)).body;
};

beforeAll(async () => {
  harness = await startHarness();
  idp = await startOidcServer(() => [`${harness.url}/api/auth/oidc/office/callback`]);
  const kept = await as(harness, local(harness), 'POST', '/api/secrets', {
    name: 'office-sign-in',
    value: clientSecret,
  });
  expect(kept.status).toBe(200);
});
afterAll(async () => {
  await idp?.close();
  await harness?.[Symbol.asyncDispose]();
});
beforeEach(() => configure(['allowSignUp = true', 'roleMap = ["heads=admin", "kids=child"]']));

test('F241 a person signs in at another place, gets an account and the role of their group', async () => {
  idp.user = person('ida', { groups: ['kids', 'staff'] });
  const methods = await as(harness, null, 'GET', '/api/auth/methods');
  expect(methods.json.providers).toEqual([
    { kind: 'oidc', name: 'office', label: 'Office', url: '/api/auth/oidc/office/start' },
  ]);
  const browser = createBrowser();
  const page = await browser.open(start('/settings?tab=1'));
  expect(page.url).toBe(`${harness.url}/settings?tab=1`);
  expect((await me(browser)).json.person).toMatchObject({
    email: 'ida@example.org',
    name: 'ida',
    role: 'child',
  });
  expect(await audited('auth.login')).toContain('oidc office');
  expect(await audited('person.joined')).toContain(idp.issuer);
});

test('F241 the role follows the groups at every sign-in, and the sign-in before it ends nothing it should not', async () => {
  idp.user = person('max', { groups: ['heads'] });
  const first = createBrowser();
  await first.open(start());
  expect((await me(first)).json.person.role).toBe('admin');
  idp.user = person('max', { groups: [] });
  const second = createBrowser();
  await second.open(start());
  expect((await me(second)).json.person.role).toBe('user');
  expect((await me(first)).json.person.id).toBe((await me(second)).json.person.id);
  expect((await as(harness, { cookie: first.cookies(harness.url) }, 'GET', '/api/people')).status).toBe(403);
});

test('F241 without sign-up only those come in who have an account, by a verified address on both sides', async () => {
  await configure();
  idp.user = person('stranger');
  const refused = await createBrowser().open(start());
  expect(refused.status).toBe(403);
  expect(refused.body).toContain('invite');

  // Invited by address: that one is verified.
  const invite = await as(harness, local(harness), 'POST', '/api/invites', {
    role: 'user',
    email: 'gus@example.org',
  });
  const code = new URL(invite.json.url).hash.replace('#invite=', '');
  await as(harness, null, 'POST', '/api/auth/register', {
    code,
    name: 'Gus',
    email: 'gus@example.org',
    password: goodPassword,
  });
  idp.user = person('gus', { email_verified: false });
  expect((await createBrowser().open(start())).status).toBe(403);
  idp.user = person('gus');
  const gus = createBrowser();
  await gus.open(start());
  expect((await me(gus)).json.person).toMatchObject({ name: 'Gus', email: 'gus@example.org' });
});

test('F241 an account whose own address nobody verified is not taken over, nor prepared for somebody', async () => {
  await join(harness, { email: 'target@example.org' });
  idp.user = person('target');
  const answer = await createBrowser().open(start());
  expect(answer.status).toBe(403);
  expect(String(answer.headers['set-cookie'])).not.toContain('reeve_session');
  expect(await audited('auth.failed')).toContain('oidc office');
});

test('F241 an address that was changed is verified no more: nobody prepares an account for somebody else', async () => {
  const invite = async (email: string) => {
    const made = await as(harness, local(harness), 'POST', '/api/invites', { role: 'user', email });
    return accept(harness, made.json.url, email);
  };
  const mallory = await invite('mallory@example.org');
  const kept = await invite('kept@example.org');
  const change = (who: Member, email: string) =>
    as(harness, who, 'POST', '/api/account/password', {
      current: goodPassword,
      password: otherPassword,
      email,
    });
  expect((await change(mallory, 'boss@example.org')).status).toBe(200);
  idp.user = person('boss', { groups: ['heads'] });
  expect((await createBrowser().open(start())).status).toBe(403);
  expect((await as(harness, mallory, 'GET', '/api/people')).status).toBe(403);
  expect((await as(harness, mallory, 'GET', '/api/account/connections')).json.connections).toEqual([]);
  // The same address again is no other one.
  expect((await change(kept, 'Kept@example.org')).status).toBe(200);
  idp.user = person('kept');
  const browser = createBrowser();
  await browser.open(start());
  expect((await me(browser)).json.person.id).toBe(kept.id);
});

test('F241 a connection that was begun ends with the session that began it, and with the person', async () => {
  const vera = await join(harness, { email: 'vera@example.org' });
  const begin = async (who: { cookie: string }) => {
    const browser = createBrowser();
    const begun = await browser.request(
      'POST',
      `${harness.url}/api/account/connections`,
      JSON.stringify({ kind: 'oidc', name: 'office', returnTo: '/settings' }),
      { 'content-type': 'application/json', cookie: who.cookie, origin: harness.url },
    );
    expect(begun.status).toBe(200);
    return async () => (await browser.open(begun.json.url)).status;
  };
  idp.user = person('thief', { email: 'thief@example.net', email_verified: false });
  const leaving = cookieOf(await signIn(harness, vera.email, goodPassword));
  const byOne = await begin(leaving);
  await as(harness, leaving, 'POST', '/api/auth/logout');
  expect(await byOne()).toBe(401);
  const byAll = await begin(cookieOf(await signIn(harness, vera.email, goodPassword)));
  const body = { current: goodPassword, password: otherPassword };
  expect((await as(harness, vera, 'POST', '/api/account/password', body)).status).toBe(200);
  expect(await byAll()).toBe(401);
  expect((await as(harness, vera, 'GET', '/api/account/connections')).json.connections).toEqual([]);
  const byNobody = await begin(vera);
  await as(harness, local(harness), 'DELETE', `/api/people/${vera.id}`);
  expect(await byNobody()).toBe(401);
});

test('F241 somebody signed in connects their account, signs in by it, and disconnects it again', async () => {
  const owner = await setUpOwner(harness);
  idp.user = person('olga-at-office', { email: 'elsewhere@example.net', email_verified: false });
  const browser = createBrowser();
  const begun = await browser.request(
    'POST',
    `${harness.url}/api/account/connections`,
    JSON.stringify({ kind: 'oidc', name: 'office', returnTo: '/settings' }),
    { 'content-type': 'application/json', cookie: owner.cookie, origin: harness.url },
  );
  expect(begun.status).toBe(200);
  await browser.open(begun.json.url);
  const again = createBrowser();
  await again.open(start());
  // No group of theirs gives a role, and yet the only admin stays one.
  expect((await me(again)).json.person).toMatchObject({ id: 'owner' });
  const { connections } = (await as(harness, owner, 'GET', '/api/account/connections')).json;
  expect(connections).toMatchObject([{ kind: 'oidc', issuer: idp.issuer }]);
  const gone = await as(harness, owner, 'DELETE', `/api/account/connections/${connections[0].id}`);
  expect(gone.status).toBe(200);
  expect((await createBrowser().open(start())).status).toBe(403);
});

test('F241 an answer is good once, in the browser that began, and only with its state', async () => {
  idp.user = person('rita');
  const browser = createBrowser();
  const begun = await browser.request('GET', start());
  // Follows the other place up to its answer, without giving it to us.
  let next = begun.headers.location!;
  while (!next.startsWith(`${harness.url}/`))
    next = new URL((await browser.request('GET', next)).headers.location!, next).href;
  const elsewhere = await createBrowser().request('GET', next);
  expect(elsewhere.status).toBe(401);
  const forged = new URL(next);
  forged.searchParams.set('state', 'another');
  const cookie = browser.cookies(harness.url);
  const wrong = await createBrowser().request('GET', forged.href, undefined, { cookie });
  expect(wrong.status).toBe(401);
  // The attempt is used up, by whatever came first.
  expect((await browser.request('GET', next)).status).toBe(401);
  const fresh = createBrowser();
  const page = await fresh.open(start());
  const callback = page.steps.find((step) => step.includes('/callback?'))!;
  expect((await fresh.request('GET', callback)).status).toBe(401);
});

test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/a\nb'])(
  'F241 the way back leads nowhere else: %s',
  async (returnTo) => {
    idp.user = person('ria');
    const page = await createBrowser().open(start(returnTo));
    expect(new URL(page.url).origin).toBe(harness.url);
    expect(new URL(page.url).pathname).toBe('/');
  },
);

test('F241 who is disabled stays out', async () => {
  idp.user = person('dora');
  const browser = createBrowser();
  await browser.open(start());
  const { id } = (await me(browser)).json.person;
  await as(harness, local(harness), 'PATCH', `/api/people/${id}`, { isDisabled: true });
  expect((await createBrowser().open(start())).status).toBe(403);
  expect((await me(browser)).status).toBe(401);
});

test('F241 an unknown provider, and a mapped role that does not exist, are told plainly', async () => {
  expect((await ask404()).status).toBe(404);
  await configure(['allowSignUp = true', 'roleMap = ["staff=captain"]']);
  idp.user = person('nils');
  const answer = await createBrowser().open(start());
  expect(answer.status).toBe(403);
  expect(answer.body).toContain('captain');
});
const ask404 = () => createBrowser().request('GET', `${harness.url}/api/auth/oidc/nowhere/start`);

test('F241 what is kept of it names no secret', async () => {
  const values = await as(harness, await ownerBrowser(harness), 'GET', '/api/config');
  expect(values.body).not.toContain(clientSecret);
  expect(values.body).toContain('identity.oidc.office.clientSecret');
});

test.runIf(hasChromium)(
  'F241 the whole round in a browser: the strict cookie is there at the end',
  async () => {
    idp.user = person('chris');
    const chromium = await launchChromium();
    try {
      const page = await (await chromium.newContext()).newPage();
      await page.goto(start('/settings'));
      await page.waitForURL(`${harness.url}/settings**`);
      const account = await page.evaluate(async () => (await fetch('/api/account')).json());
      expect(account).toMatchObject({ person: { email: 'chris@example.org' } });
    } finally {
      await chromium.close();
    }
  },
);
