import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { message, useWorld } from '../page/support/page.ts';
import { openPage } from '../support/chromium.ts';
import { ask, bearer, codeOf, json } from '../support/http.ts';
import { testWith } from '../support/needs.ts';
import { connectParams, openSocket } from '../support/wire.ts';

const world = useWorld();
/** Where an attacker would like the page to go. */
let decoy: Server;
let decoyUrl: string;
let visits = 0;
beforeAll(async () => {
  decoy = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => decoy.listen(0, '127.0.0.1', resolve));
  decoyUrl = `ws://127.0.0.1:${(decoy.address() as { port: number }).port}`;
});
afterAll(() => void decoy.close());

test('F234 F005 codes and tokens travel in fragment, header and body, never in the query of an address', async () => {
  const { harness } = world;
  const { url } = await harness.client.auth.loginLink();
  expect(new URL(url).search).toBe('');
  expect(new URL(url).pathname).toBe('/login');
  const code = codeOf(url);
  for (const query of [
    `token=${harness.token}`,
    `access_token=${harness.token}`,
    `authorization=Bearer%20${harness.token}`,
    `code=${code}`,
  ]) {
    expect((await ask(`${harness.url}/api/chat/conversations?${query}`)).status).toBe(401);
    const socket = await openSocket(harness, { path: `/ws?${query}` });
    const answer = await socket.ask('connect', connectParams('', { auth: {} }));
    expect(answer.error.details.code).toBe('AUTH_TOKEN_MISSING');
    await socket.closed;
  }
  await ask(`${harness.url}/login?code=${code}`);
  const body = JSON.stringify({ code });
  const answer = await ask(`${harness.url}/api/auth/login`, { method: 'POST', headers: json, body });
  expect(answer.status).toBe(200);
});

test('F023 no page tells where it was opened from, and none of ours is kept by a cache', async () => {
  for (const path of ['/', '/login', '/api/account', '/api/auth/oidc/office/start']) {
    const { headers } = await ask(world.harness.url + path, { headers: bearer(world.harness) });
    expect([path, headers['referrer-policy']]).toEqual([path, 'no-referrer']);
    expect(headers['cache-control']).toMatch(/no-(store|cache)/);
  }
});

testWith('chromium')(
  'F023 F243 a link with another gateway in it sends the page nowhere else, and leaves no credential behind',
  async () => {
    const { harness, browser } = world;
    const { page, foreign } = await openPage(browser, harness.url, { serviceWorkers: 'block' });
    await page.addInitScript(() => localStorage.setItem('reeve.welcomed', 'true'));
    const words = ['gatewayUrl', 'gateway', 'url', 'ws', 'server', 'apiUrl', 'api', 'baseUrl'];
    const query = new URLSearchParams(words.map((word) => [word, decoyUrl])).toString();
    const { url } = await harness.client.auth.loginLink();
    const { hash } = new URL(url);
    await page.goto(`${harness.url}/login?${query}${hash}`);
    await page.waitForURL((at) => at.pathname !== '/login' && at.hash === '');
    await page.goto(`${harness.url}/?${query}#${query}`);
    await message(page).waitFor();
    expect([visits, foreign]).toEqual([0, []]);

    const kept = await page.evaluate(() => [
      document.cookie,
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      location.href,
    ]);
    const [cookie] = (await page.context().cookies()).filter(({ name }) => name === 'reeve_session');
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    for (const secret of [cookie!.value, hash.replace('#code=', ''), harness.token])
      expect(kept.join('\n')).not.toContain(secret);
  },
);
