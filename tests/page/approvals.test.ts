import { reply } from '@reeve/testkit';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { recorder } from './support/faces.ts';
import { fresh, grave, log, say, useWorld } from './support/page.ts';

const test = testWith('chromium');
const mail = recorder('send_email');
const shred = recorder('shred', { risk: 'critical' });
const note = recorder('file_note', { risk: 'medium' });
const edit = recorder('edit_list', {
  preview: async () => '--- list.txt\n+++ list.txt\n@@ -1,2 +1,2 @@\n milk\n-bread\n+rye bread\n',
});
const world = useWorld({ extraTools: [mail.tool, shred.tool, note.tool, edit.tool] });

test('F199 F205 a call waits in the conversation: shown exactly, with the focus on no, and made once it is allowed', async () => {
  const { harness } = world;
  const { page, complaints } = await world.signedIn();
  await fresh(page, harness, 'Mail');
  const args = { to: 'bob@example.org', text: 'Hello <b>Bob</b>' };
  harness.model.enqueue(reply.toolCall('send_email', args), reply.text('It is sent.'));
  await say(page, 'Write to Bob');
  const card = log(page).getByRole('article', { name: 'May send_email be used?' });
  await card.getByRole('button', { name: 'No', exact: true }).waitFor();
  expect(JSON.parse((await card.locator('pre').first().textContent()) ?? '')).toEqual(args);
  expect(await card.textContent()).toContain('high risk');
  await card.getByRole('timer').waitFor();
  await card.locator('button:focus').getByText('No', { exact: true }).waitFor();
  // It is told where one looks from elsewhere, too.
  const side = page.getByRole('navigation', { name: 'Conversations' });
  await side.getByRole('region', { name: 'Waits for you' }).getByText('send_email').waitFor();
  await side.getByRole('link', { name: /Approvals 1/ }).waitFor();
  expect(mail.done).toEqual([]);
  await card.getByRole('button', { name: 'Yes, once' }).click();
  await log(page).getByText('It is sent.').waitFor();
  expect(mail.done).toEqual([args]);
  await card.getByText('Allowed').waitFor();
  await side.getByRole('region', { name: 'Waits for you' }).waitFor({ state: 'detached' });
  // After a reload the question stands there as it was answered.
  await page.reload();
  await card.getByText('Allowed').waitFor();
  expect(await card.getByRole('button').count()).toBe(0);
  expect(grave(complaints)).toEqual([]);
  await page.context().close();
});

test('F199 by keyboard: no, and what to do instead; the model is told it and nothing was done', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await fresh(page, harness, 'Instead');
  harness.model.enqueue(reply.toolCall('send_email', { to: 'x' }), reply.text('A draft, then.'));
  mail.done.length = 0;
  await say(page, 'Send it');
  const card = log(page).getByRole('article', { name: 'May send_email be used?' });
  await card.locator('button:focus').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await card.getByLabel('What should be done instead?').waitFor();
  await page.keyboard.type('Write a draft instead.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await log(page).getByText('A draft, then.').waitFor();
  await card.getByText('“Write a draft instead.”').waitFor();
  expect(mail.done).toEqual([]);
  expect(JSON.stringify(harness.model.requests.at(-1))).toContain('Write a draft instead.');
  await page.context().close();
});

test('F201 F205 a critical call is allowed with a reason only; an edit shows what it would change', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await fresh(page, harness, 'Critical');
  harness.model.enqueue(reply.toolCall('shred', { path: 'a' }), reply.text('Gone.'));
  await say(page, 'Shred it');
  const card = log(page).getByRole('article', { name: 'May shred be used?' });
  await card.getByRole('button', { name: 'Yes, once' }).click();
  await card.getByRole('button', { name: 'Yes, once' }).click();
  expect(shred.done).toEqual([]);
  await card.getByLabel('Reason').fill('It is a copy.');
  await card.getByRole('button', { name: 'Yes, once' }).click();
  await log(page).getByText('Gone.').waitFor();
  expect(shred.done).toEqual([{ path: 'a' }]);

  await fresh(page, harness, 'Edit');
  harness.model.enqueue(reply.toolCall('edit_list', {}), reply.text('Left alone.'));
  await say(page, 'Better bread');
  const change = log(page).getByRole('region', { name: 'What would change' });
  expect(await change.locator('del').textContent()).toContain('bread');
  expect(await change.locator('ins').textContent()).toContain('rye bread');
  await log(page).getByRole('button', { name: 'No', exact: true }).click();
  await log(page).getByText('Left alone.').waitFor();
  expect(edit.done).toEqual([]);
  await page.context().close();
});

test('F199 always shows the policy that it writes, and the next call passes without a question', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await fresh(page, harness, 'Always');
  harness.model.enqueue(
    reply.toolCall('file_note', { text: 'one' }),
    reply.text('First done.'),
    reply.toolCall('file_note', { text: 'two' }),
    reply.text('Second done.'),
  );
  await say(page, 'Note one');
  const card = log(page).getByRole('article', { name: 'May file_note be used?' });
  await card.getByRole('button', { name: 'Yes, always' }).click();
  await card.getByText('resource == Tool::"file_note"').waitFor();
  expect(note.done).toEqual([]);
  await card.getByRole('button', { name: 'Yes, always' }).click();
  await log(page).getByText('First done.').waitFor();
  await say(page, 'Note two');
  await log(page).getByText('Second done.').waitFor();
  expect(await card.count()).toBe(1);
  expect(note.done).toEqual([{ text: 'one' }, { text: 'two' }]);
  await page.context().close();
});

test('F199 F203 what somebody else answers is seen at once: in the conversation, in the list, and by the badge', async () => {
  const { harness } = world;
  const first = await world.signedIn();
  const second = await world.signedIn();
  await fresh(first.page, harness, 'Two lookers');
  harness.model.enqueue(reply.toolCall('send_email', { to: 'both' }), reply.text('All right.'));
  await say(first.page, 'Send it');
  const card = log(first.page).getByRole('article', { name: 'May send_email be used?' });
  await card.getByRole('button', { name: 'Yes, once' }).waitFor();
  await second.page.getByRole('link', { name: /^Approvals/ }).click();
  const waiting = second.page.getByRole('region', { name: 'Waiting' });
  const there = waiting.getByRole('article', { name: 'May send_email be used?' });
  await there.getByText('both').first().waitFor();
  const { approvals } = await harness.client.approvals.list({ status: 'pending' });
  await harness.client.approvals.answer({ id: approvals[0]!.id, decision: 'deny' });
  await card.getByText('Denied').waitFor();
  await waiting.getByText('Nothing waits for an answer.').waitFor();
  await second.page
    .getByRole('region', { name: 'Answered' })
    .getByRole('listitem')
    .filter({ hasText: 'send_email' })
    .first()
    .getByText('Denied')
    .waitFor();
  expect(await second.page.getByRole('link', { name: /Approvals \d/ }).count()).toBe(0);
  for (const { page } of [first, second]) await page.context().close();
});
