import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { reply } from '@reeve/testkit';
import { expect } from 'vitest';
import { openPage } from '../support/chromium.ts';
import { testWith } from '../support/needs.ts';
import { inviteLink, recorder } from './support/faces.ts';
import { fitsWidth, fresh, log, say, useWorld, violations } from './support/page.ts';

const test = testWith('chromium');
const edit = recorder('edit_list', {
  risk: 'medium',
  preview: async () => '--- list.txt\n+++ list.txt\n@@ -1,2 +1,2 @@\n milk\n-bread\n+rye bread\n',
});
const world = useWorld({ extraTools: [edit.tool] });
/** For whoever wants to look. */
const shots = process.env['REEVE_SHOTS'];
if (shots) mkdirSync(shots, { recursive: true });
/** Sixteen states, each looked at by axe, beside whatever else this machine does. */
const timeoutMs = 240_000;

const looks = [
  ['light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
  ['dark German', { colorScheme: 'dark', viewport: { width: 1280, height: 900 }, locale: 'de-DE' }],
  ['phone', { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
  [
    'phone dark German',
    {
      colorScheme: 'dark',
      viewport: { width: 320, height: 640 },
      hasTouch: true,
      isMobile: true,
      locale: 'de-DE',
    },
  ],
] as const;

const sections = ['account', 'people', 'policies', 'budgets', 'secrets', 'audit'];

test.each(looks)(
  'F304 F310 signing in, approvals and all that admins do can be read and used by everybody, in %s',
  async (name, options) => {
    const { harness, browser } = world;
    const { client } = harness;
    const look = async (page: Parameters<typeof violations>[0], state: string) => {
      expect(await violations(page), state).toEqual([]);
      expect(await fitsWidth(page), state).toBe(true);
      if (shots) await page.screenshot({ path: join(shots, `${name} ${state}.png`), fullPage: true });
    };
    const stranger = await openPage(browser, harness.url, { serviceWorkers: 'block', ...options });
    await stranger.page.goto(`${harness.url}/login`);
    await stranger.page.locator('input[type=password]').waitFor();
    await look(stranger.page, 'sign-in');
    await stranger.page.goto(await inviteLink(harness, 'user'));
    await stranger.page.locator('input[autocomplete=new-password]').waitFor();
    await look(stranger.page, 'invited');
    await stranger.page.goto(`${harness.url}/login#reset=none`);
    await stranger.page.locator('form input[type=password]:only-of-type').waitFor();
    await look(stranger.page, 'reset');
    await stranger.page.context().close();

    await client.budgets.set({ subject: 'user', period: 'day', unit: 'tokens', amount: 30_000 });
    await client.secrets.set({ name: 'bakery', value: 'a value that nobody sees' });
    const policy = (tool: string) =>
      client.policies.save({
        tier: 'admin',
        name: 'quiet',
        text: `@description("Nobody forgets by ${tool}")\nforbid (principal, action == Action::"call", resource == Tool::"${tool}");`,
      });
    await policy('forget_fact');
    await policy('cancel_reminder');

    const { page } = await world.signedIn(options);
    await fresh(page, harness, 'The list');
    harness.model.enqueue(reply.toolCall('edit_list', { path: 'list.txt' }), reply.text('Done.'));
    await say(page, 'Better bread');
    await log(page).locator('ins').waitFor();
    await look(page, 'asked');
    await log(page).getByRole('article').last().getByRole('button').nth(1).click();
    await look(page, 'asked instead');
    await page.goto(`${harness.url}/approvals`);
    await page.getByRole('main').locator('ins').waitFor();
    await look(page, 'approvals');
    await page.getByRole('main').getByRole('article').getByRole('button').nth(2).click();
    await page.getByRole('main').getByRole('listitem').first().waitFor();
    await page.getByRole('main').locator('article').waitFor({ state: 'detached' });
    await look(page, 'approved');
    for (const section of sections) {
      await page.goto(`${harness.url}/settings/${section}`);
      await page.getByRole('main').locator('section h2').first().waitFor();
      await page.getByRole('main').locator('.skeleton').first().waitFor({ state: 'detached' });
      await look(page, section);
      // The first thing that opens, opened.
      const opener = page.getByRole('main').locator('section button[aria-expanded=false]');
      const shown = opener.and(page.locator(':visible'));
      if ((await shown.count()) === 0) continue;
      await shown.first().click();
      await look(page, `${section} opened`);
    }
    await page.context().close();
  },
  timeoutMs,
);
