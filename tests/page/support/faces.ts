import type { Harness } from '@reeve/testkit';
import type { Page } from 'playwright-core';

export { recorder } from '../../gate/support.ts';
export { goodPassword } from '../../identity/support.ts';

/** Opens a section of the settings the way a person does: by its link. */
export const openSection = async (page: Page, name: string) => {
  await page.getByRole('link', { name: /^(Settings|Einstellungen)$/ }).click();
  await page
    .getByRole('navigation', { name: /^(Settings|Einstellungen)$/ })
    .getByRole('link', { name, exact: true })
    .click();
};

/** A link by which somebody makes an account. */
export const inviteLink = async ({ client }: Pick<Harness, 'client'>, role: string) =>
  (await client.invites.create({ role })).url;

/** What a dialog shows once. */
export const shownOnce = async (page: Page): Promise<string> => {
  const text = await page.getByRole('dialog').locator('pre').textContent();
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  return text ?? '';
};
