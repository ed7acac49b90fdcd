import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { fault, faultCatalogue } from '@reeve/protocol';
import { createGate, reply } from '@reeve/testkit';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { fresh, log, message, say, useWorld, violations } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const png = { name: 'pixel.png', mimeType: 'image/png', buffer: pixel };
/** Megabytes through two doors and a browser, beside whatever else this machine does. */
const timeoutMs = 120_000;
/** More than any other request holds: held back beyond this, the rest of a large one waits in the browser. */
const heldBytes = 1_000_000;

/** A second door before the gateway that can take its time over large requests. */
const slowDoor = async (port: number) => {
  let isHeld = false;
  const sockets = new Set<Socket>();
  const server = createServer((browser) => {
    const gateway = connect(port, '127.0.0.1');
    let count = 0;
    browser.on('data', (part) => {
      count += part.length;
      if (isHeld && count > heldBytes) browser.pause();
    });
    for (const socket of [browser, gateway]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    browser.pipe(gateway).pipe(browser);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
      for (const socket of sockets) socket.resume();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

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

test(
  'F097 F309 what is under way shows how far it is; nothing is lost or said twice when it fails',
  async () => {
    const { harness } = world;
    await using slow = await slowDoor(Number(new URL(harness.url).port));
    // Requests that a test looks at go through it whole: not these megabytes.
    const context = await world.browser.newContext({ locale: 'en-GB', serviceWorkers: 'block' });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.addInitScript(() => localStorage.setItem('reeve.welcomed', 'true'));
    await page.goto((await harness.client.auth.loginLink()).url.replace(harness.url, slow.url));
    await message(page).waitFor();
    const id = await fresh(page, { ...harness, url: slow.url });
    const large = { ...png, name: 'large.png', buffer: Buffer.concat([pixel, Buffer.alloc(10_000_000)]) };
    await page.locator('input[type=file]').setInputFiles([large, notes]);
    await page.getByRole('button', { name: 'Remove notes.md' }).waitFor();

    // Held in the middle: the bar stands where it is, and neither is taken back.
    slow.hold();
    await say(page, 'What is this?');
    const bar = page.getByRole('progressbar', { name: 'Sending large.png' });
    const share = () => bar.evaluate((one) => (one as HTMLProgressElement).value);
    await expect.poll(share, { timeout: 15_000 }).toBeGreaterThan(0);
    expect(await share()).toBeLessThan(1);
    expect(await page.getByRole('progressbar', { name: 'Sending notes.md' }).count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Remove large.png' }).isDisabled()).toBe(true);
    expect(await violations(page)).toEqual([]);
    slow.release();
    await log(page)
      .getByText(/^You said: What is this\?/)
      .waitFor();
    await expect.poll(() => page.locator('main form li').count()).toBe(0);

    // It arrived, and the answer to it did not: what is sent again is the same message.
    const keys: string[] = [];
    const gate = createGate();
    await page.route('**/api/chat/send', async (route) => {
      keys.push((route.request().postDataJSON() as { idempotencyKey: string }).idempotencyKey);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      await gate.opened;
      return route.fulfill({
        status: 413,
        json: {
          error: 'PAYLOAD_TOO_LARGE',
          ...fault('PAYLOAD_TOO_LARGE'),
          timestamp: new Date(0).toISOString(),
        },
      });
    });
    await page.locator('input[type=file]').setInputFiles([png]);
    await page.getByRole('button', { name: 'Remove pixel.png' }).waitFor();
    await say(page, 'And this?');
    await page.getByRole('progressbar', { name: 'Sending pixel.png' }).waitFor();
    await message(page).fill('Typed meanwhile');
    gate.open();
    const failed = page.getByRole('alert').filter({ hasText: 'Not sent. Everything is still here.' });
    await failed.waitFor();
    await page.getByText(faultCatalogue.PAYLOAD_TOO_LARGE.message).waitFor();
    expect(await message(page).inputValue()).toBe('And this?\n\nTyped meanwhile');
    expect(await page.getByRole('progressbar').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await message(page).fill('And this?');
    await failed.getByRole('button', { name: 'Send again' }).click();
    await failed.waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('main form li').count()).toBe(0);
    expect(keys).toEqual([keys[0], keys[0]]);
    await log(page)
      .getByText(/^You said: And this\?/)
      .waitFor();
    expect(await log(page).locator('.user').filter({ hasText: 'And this?' }).count()).toBe(1);
    const { events } = await harness.client.sessions.events({ id, limit: 50 });
    expect(events.filter(({ type }) => type === 'message.received')).toHaveLength(2);
    await page.context().close();
  },
  timeoutMs,
);

test('F097 F309 whoever leaves before a message turned out not to be sent is told, and finds it where it was', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  const id = await fresh(page, harness, 'Left behind');
  const other = await harness.client.sessions.create({ title: 'Elsewhere' });
  const [arrived, gate] = [createGate(), createGate()];
  let tries = 0;
  await page.route('**/api/chat/send', async (route) => {
    tries += 1;
    if (tries > 1) return route.continue();
    arrived.open();
    await gate.opened;
    return route.fulfill({
      status: 413,
      json: {
        error: 'PAYLOAD_TOO_LARGE',
        ...fault('PAYLOAD_TOO_LARGE'),
        timestamp: new Date(0).toISOString(),
      },
    });
  });
  await page.locator('input[type=file]').setInputFiles([png]);
  await page.getByRole('button', { name: 'Remove pixel.png' }).waitFor();
  await say(page, 'What is this?');
  await arrived.opened;
  await page.getByRole('link', { name: 'Elsewhere' }).click();
  await page.waitForURL(`**/s/${other.id}`);
  expect(await message(page).inputValue()).toBe('');
  gate.open();
  const told = page.getByRole('status').filter({ hasText: 'A message was not sent.' });
  await told.waitFor();
  expect(await violations(page)).toEqual([]);
  await told.getByRole('button', { name: 'Go there' }).click();
  await page.waitForURL(`**/s/${id}`);
  expect(await message(page).inputValue()).toBe('What is this?');
  await page.getByRole('button', { name: 'Remove pixel.png' }).waitFor();
  await page.getByRole('button', { name: 'Send again' }).click();
  await log(page)
    .getByText(/^You said: What is this\?/)
    .waitFor();
  await log(page).getByRole('img', { name: 'Picture' }).waitFor();
  expect(await page.locator('main form li').count()).toBe(0);
  await page.context().close();
});

test('F305 a page that is left while a message is on its way still has it, if it did not arrive', async () => {
  const { harness } = world;
  const { page } = await world.signedIn();
  const id = await fresh(page, harness, 'On its way');
  const arrived = createGate();
  let tries = 0;
  await page.route('**/api/chat/send', (route) => {
    tries += 1;
    if (tries > 1) return route.continue();
    arrived.open();
  });
  await say(page, 'Do not lose me');
  await arrived.opened;
  expect(await message(page).inputValue()).toBe('');
  await page.goto(`${harness.url}/s/${id}`);
  await log(page).waitFor();
  expect(await message(page).inputValue()).toBe('Do not lose me');
  expect((await harness.client.sessions.history({ id })).messages).toEqual([]);
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
