import { type Harness, startHarness } from '@reeve/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { codeOf } from '../support/http.ts';
import { testWith } from '../support/needs.ts';
import { as, setUpOwner } from './support.ts';

const test = testWith('chromium');
let harness: Harness;
let browser: Browser;
beforeAll(async () => {
  harness = await startHarness({ model: null });
  if (hasChromium) browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await harness[Symbol.asyncDispose]();
});

/** A page under a name, for browsers keep no passkeys for addresses, with an authenticator that says yes. */
const openAtName = async (isVerifying = true): Promise<Page> => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: isVerifying ? 'internal' : 'usb',
      hasResidentKey: true,
      hasUserVerification: isVerifying,
      isUserVerified: isVerifying,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto(`${harness.url.replace('127.0.0.1', 'localhost')}/login`);
  return page;
};

interface Result {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer that is looked at, not typed.
  json: any;
}

const post = (page: Page, path: string, body: unknown): Promise<Result> =>
  page.evaluate(
    async ([path, body]) => {
      const answer = await fetch(path as string, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, json: await answer.json() };
    },
    [path, body] as const,
  );

/** What the browser does with the options of a ceremony: null when its authenticator refuses. */
const perform = (page: Page, kind: 'create' | 'get', options: unknown): Promise<unknown> =>
  page.evaluate(
    async ([kind, options]) => {
      const parse = PublicKeyCredential as unknown as Record<string, (json: unknown) => never>;
      try {
        const credential =
          kind === 'create'
            ? await navigator.credentials.create({
                publicKey: parse['parseCreationOptionsFromJSON']!(options),
              })
            : await navigator.credentials.get({ publicKey: parse['parseRequestOptionsFromJSON']!(options) });
        return (credential as unknown as { toJSON(): unknown }).toJSON();
      } catch {
        return null;
      }
    },
    [kind, options] as const,
  );

const loginAsOwner = async (page: Page) => {
  const { url } = await harness.client.auth.loginLink();
  expect((await post(page, '/api/auth/login', { code: codeOf(url) })).status).toBe(200);
};
const addPasskey = async (page: Page) => {
  const { ticket, options } = (await post(page, '/api/account/passkeys/options', {})).json;
  const answer = await perform(page, 'create', options);
  return {
    ticket,
    answer,
    added: await post(page, '/api/account/passkeys', { ticket, answer, name: 'laptop' }),
  };
};

test('F234 a passkey is added, signs in without a password, once per ceremony, and signs in no more when removed', async () => {
  await setUpOwner(harness);
  const page = await openAtName();
  await loginAsOwner(page);
  const { ticket: used, answer: made, added } = await addPasskey(page);
  expect([added.status, added.json.name]).toEqual([201, 'laptop']);
  expect(
    (await post(page, '/api/account/passkeys', { ticket: used, answer: made, name: 'again' })).status,
  ).toBe(401);
  expect((await harness.client.account.get()).passkeys).toHaveLength(1);

  await page.context().clearCookies();
  const begin = async () => (await post(page, '/api/auth/passkey/options', {})).json;
  const { ticket, options } = await begin();
  const answer = await perform(page, 'get', options);
  expect((await post(page, '/api/auth/passkey', { ticket, answer })).json).toEqual({ status: 'ok' });
  const account = await page.evaluate(async () => (await fetch('/api/account')).json());
  expect(account.person.id).toBe('owner');
  expect((await post(page, '/api/auth/passkey', { ticket, answer })).status).toBe(401);
  const other = await begin();
  expect((await post(page, '/api/auth/passkey', { ticket: other.ticket, answer })).status).toBe(401);

  const { passkeys } = await harness.client.account.get();
  await harness.client.account.removePasskey({ id: passkeys[0]!.id });
  const last = await begin();
  const late = await perform(page, 'get', last.options);
  expect((await post(page, '/api/auth/passkey', { ticket: last.ticket, answer: late })).status).toBe(401);
});

test('F234 a passkey counts only when the person was verified, by a finger or a PIN', async () => {
  const page = await openAtName(false);
  await loginAsOwner(page);
  const before = (await harness.client.account.get()).passkeys.length;
  const { ticket, options } = (await post(page, '/api/account/passkeys/options', {})).json;
  // A page that was tampered with does not ask for it; the gateway still does.
  options.authenticatorSelection = { userVerification: 'discouraged', residentKey: 'discouraged' };
  const answer = await perform(page, 'create', options);
  expect(answer).not.toBeNull();
  expect((await post(page, '/api/account/passkeys', { ticket, answer, name: 'no finger' })).status).toBe(401);
  expect((await harness.client.account.get()).passkeys.length).toBe(before);
});

test('F234 the ceremony of one person adds no passkey to another', async () => {
  const page = await openAtName();
  await loginAsOwner(page);
  const { ticket, options } = (await post(page, '/api/account/passkeys/options', {})).json;
  const answer = await perform(page, 'create', options);
  const made = await as(harness, { bearer: harness.token }, 'POST', '/api/invites', {});
  const registered = await as(harness, null, 'POST', '/api/auth/register', {
    code: new URL(made.json.url).hash.slice('#invite='.length),
    name: 'Eve',
    email: 'eve@example.org',
    password: 'plum walrus thicket 58',
    asTokens: true,
  });
  const eve = { bearer: registered.json.tokens.accessToken as string };
  const named = { url: harness.url.replace('127.0.0.1', 'localhost') };
  const stolen = await as(named, eve, 'POST', '/api/account/passkeys', { ticket, answer, name: 'stolen' });
  expect(stolen.status).toBe(401);
  expect((await as(harness, eve, 'GET', '/api/account')).json.passkeys).toEqual([]);
});
