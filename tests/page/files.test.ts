import { createGate, reply } from '@reeve/testkit';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { fresh, log, message, say, useWorld } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const png = { name: 'pixel.png', mimeType: 'image/png', buffer: pixel };
const notes = { name: 'notes.md', mimeType: 'text/markdown', buffer: Buffer.from('Buy ```milk```') };

test('F097 F309 pictures and texts go along with a message, are seen before, and stay with it', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await fresh(page, harness);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: /^Add files: pictures up to 10 MB, text up to 512 KB/ }).click(),
  ]);
  await chooser.setFiles([png, notes, { ...notes, name: 'other.md' }]);
  await page.getByRole('button', { name: 'Remove other.md' }).click();
  expect(await page.locator('main form li').count()).toBe(2);
  await say(page, 'What is this?');
  await log(page)
    .getByText(/^You said: What is this\?/)
    .waitFor();
  const sent = JSON.stringify(harness.model.requests.at(-1)!.body.messages);
  expect(sent).toContain('Buy ```milk```');
  expect(sent).toContain(pixel.toString('base64'));
  await page.reload();
  const picture = log(page).getByRole('img', { name: 'Picture' });
  await picture.waitFor();
  expect(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
  await page.context().close();
});

test('F097 F309 files come by drop and by paste; what cannot be taken is refused in words before it is sent', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  await fresh(page, harness);
  const give = (kind: 'drop' | 'paste', name: string, type: string, size: number, byte: number) =>
    page.evaluate(
      ({ kind, name, type, size, byte }) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(size).fill(byte)], name, { type }));
        const area = document.querySelector('main form textarea')!;
        area.dispatchEvent(
          kind === 'drop'
            ? new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data })
            : new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }),
        );
      },
      { kind, name, type, size, byte },
    );
  await give('drop', 'dropped.txt', 'text/plain', 20, 97);
  await page.getByRole('button', { name: 'Remove dropped.txt' }).waitFor();
  await give('paste', 'pasted.gif', 'image/gif', 20, 1);
  await page.getByRole('button', { name: 'Remove pasted.gif' }).waitFor();
  await give('drop', 'huge.png', 'image/png', 10_485_761, 1);
  await page.getByText('huge.png is too large: at most 10 MB.').waitFor();
  await give('drop', 'paper.pdf', 'application/pdf', 30, 0);
  await page.getByText(/paper\.pdf is neither a picture .* nor text/).waitFor();
  expect(await page.locator('main form li').count()).toBe(2);
  await page.context().close();
});

test('F305 a draft is kept per conversation, and a second message waits its turn while an answer runs', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  const first = await fresh(page, harness, 'First');
  await message(page).fill('half a thought');
  await fresh(page, harness, 'Second');
  expect(await message(page).inputValue()).toBe('');
  await page.goto(`${harness.url}/s/${first}`);
  await log(page).waitFor();
  expect(await message(page).inputValue()).toBe('half a thought');
  const gate = createGate();
  harness.model.enqueue(reply.text('One').hold(gate).text(' done.'), reply.text('Two done.'));
  await say(page, 'one');
  await log(page).getByText('One', { exact: true }).waitFor();
  await say(page, 'two');
  await page.getByText('· 1 message waits').waitFor();
  gate.open();
  await log(page).getByText('Two done.').waitFor();
  expect(await log(page).locator('.user').allTextContents()).toEqual(['one', 'two']);
  await page.context().close();
});
