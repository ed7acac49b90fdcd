import { createGate, reply } from '@reeve/testkit';
import { log, message, say as saySomething, signIn, violations } from '../../tests/page/support/steps.ts';
import { openPage, type Watched } from '../../tests/support/chromium.ts';
import { report, say } from '../report.ts';
import type { Stage } from './stage.ts';

const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1280, 390].map((width) => ({ colorScheme, viewport: { width, height: 844 } })),
);
const sections = [
  'general',
  'account',
  'people',
  'policies',
  'budgets',
  'secrets',
  'audit',
  'models',
  'all',
  'data',
];

type Look = (state: string, page: Watched['page']) => Promise<void>;

/** What somebody sees who is not signed in, and who comes first. */
const arrive = async (
  { gateway, browser }: Stage,
  options: (typeof looks)[number],
  look: Look,
): Promise<void> => {
  const stranger = await openPage(browser, gateway.url, { serviceWorkers: 'block', ...options });
  await stranger.page.goto(gateway.url);
  await stranger.page.getByRole('heading', { level: 1 }).waitFor();
  await look('login', stranger.page);
  await stranger.page.goto((await gateway.client.auth.loginLink()).url);
  await stranger.page.getByRole('dialog').waitFor();
  await look('welcome', stranger.page);
  await stranger.page.context().close();
};

/** Everything a page shows, one state after another: `look` is called in each with its name. */
const walk = async (
  { gateway, model, browser }: Stage,
  options: (typeof looks)[number],
  look: Look,
): Promise<void> => {
  const { page } = await signIn(browser, gateway, options);
  await look('empty', page);
  const { id } = await gateway.client.sessions.create({ title: 'A session' });
  await page.goto(`${gateway.url}/s/${id}`);
  await log(page).waitFor();
  const gate = createGate();
  model.enqueue(
    reply.reasoning('Let me see.').toolCall('calculate', { expression: '6*7' }),
    reply
      .text('It is')
      .hold(gate)
      .text(' **42**.\n\n```ts\nconst answer = 42;\n```\n\n$x^2$\n\n| a |\n|---|\n| 1 |'),
  );
  await saySomething(page, 'Six times seven?');
  await log(page).getByText('It is', { exact: true }).waitFor();
  await look('streaming', page);
  gate.open();
  await log(page).locator('.katex').waitFor();
  await log(page).locator('.hl-keyword').waitFor();
  await look('session', page);
  await log(page)
    .getByRole('button', { name: /calculate/ })
    .click();
  await log(page).getByTitle('Which model answered, and why').last().click();
  await look('tool card', page);
  await message(page).fill('/');
  await page.getByRole('listbox').waitFor();
  await look('commands', page);
  await message(page).fill('');
  for (const name of [/^Choose the model/, /^Actions for/]) {
    await page.getByRole('main').getByRole('button', { name }).first().click();
    await page.getByRole('menu').waitFor();
    await look(`menu ${name.source}`, page);
    await page.keyboard.press('Escape');
  }
  for (const [keys, state] of [
    ['Control+k', 'palette'],
    ['Control+/', 'keys'],
  ] as const) {
    await page.keyboard.press(keys);
    await page.getByRole('dialog').waitFor();
    await look(state, page);
    await page.keyboard.press('Escape');
  }
  for (const section of sections) {
    await page.goto(`${gateway.url}/settings/${section}`);
    await page.getByRole('main').locator('input, select, button:not([aria-label])').nth(1).waitFor();
    await look(`settings ${section}`, page);
  }
  await page.goto(`${gateway.url}/approvals`);
  await page.getByRole('main').locator('section h2').nth(1).waitFor();
  await look('approvals', page);
  await page.goto(`${gateway.url}/s/ses_none`);
  await page.getByText('There is no such conversation').waitFor();
  await look('missing', page);
  await page.context().close();
};

/** `web.axeViolations`: rules of axe that any state breaks, in light and dark, on a desktop and a phone. */
export const measureStates = async (stage: Stage, { isSmoke }: { isSmoke: boolean }): Promise<void> => {
  let sum = 0;
  let states = 0;
  const shown = isSmoke ? looks.slice(-1) : looks;
  // Who comes first is welcomed only as long as nothing was said.
  for (const part of [arrive, walk])
    for (const options of shown)
      await part(stage, options, async (state, page) => {
        const found = await violations(page);
        for (const one of found) say(`${options.colorScheme} ${options.viewport.width} ${state}: ${one}`);
        sum += found.length;
        states += 1;
      });
  say(`axe looked at ${states} states`);
  report('web.axeViolations', sum, 'violations');
};
