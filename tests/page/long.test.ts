import { createGate, reply } from '@reeve/testkit';
import { expect } from 'vitest';
import { bearer, json } from '../support/http.ts';
import { testWith } from '../support/needs.ts';
import { log, message, useWorld } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();
/** With the last question and its answer a little more than ten thousand. */
const count = 9_998;

test('F305 ten thousand messages: few are drawn, the reader stays in place, and finds the first one', async () => {
  const { harness } = world;
  const messages = Array.from({ length: count }, (_, at) => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    content:
      at % 2 === 0 ? `Question ${at}` : `Answer **${at}**\n\n${'with some more to read '.repeat(at % 7)}`,
  }));
  const answer = await fetch(`${harness.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...json, ...bearer(harness) },
    body: JSON.stringify({
      model: 'openai/test-model',
      messages: [...messages, { role: 'user', content: 'The last question' }],
    }),
  });
  expect(answer.status).toBe(200);
  const id = answer.headers.get('x-reeve-session')!;
  const { page } = await world.signedIn();
  await page.goto(`${harness.url}/s/${id}`);
  await log(page).getByText('The last question', { exact: true }).waitFor();
  const drawn = () => log(page).locator('[data-item]').count();
  expect(await drawn()).toBeLessThan(150);

  // The very first one, by search: everything in between is there, and is not drawn.
  const first = (await harness.client.search.messages({ query: 'Question 0' })).hits.at(-1);
  const { events } = await harness.client.sessions.events({ id, before: 20 });
  const imported = events.find((event) => event.type === 'message.imported')!;
  const messageId = imported.type === 'message.imported' ? imported.data.messageId : '';
  expect(first === undefined || first.sessionId === id).toBe(true);
  await page.goto(`${harness.url}/s/${id}#${messageId}`);
  const target = log(page).getByText('Question 0', { exact: true });
  await target.waitFor();
  await expect
    .poll(() =>
      target.evaluate((one) => {
        const { top, bottom } = one.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      }),
    )
    .toBe(true);
  expect(await drawn()).toBeLessThan(200);

  // An answer that comes in at the end meanwhile moves nothing, and is announced.
  const top = () => target.evaluate((one) => Math.round(one.getBoundingClientRect().top));
  const place = await top();
  const gate = createGate();
  harness.model.enqueue(reply.text('A new').hold(gate).text(' answer.'));
  const sent = await harness.client.chat.send({ sessionId: id, text: 'Meanwhile' });
  expect(sent.sessionId).toBe(id);
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  gate.open();
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' });
  expect(await top()).toBe(place);
  await page.getByRole('button', { name: 'New messages' }).click();
  await log(page).getByText('A new answer.').waitFor();

  // Typing among them is quick: the page is never busy for long.
  const longest = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const area = document.querySelector<HTMLTextAreaElement>('main form textarea')!;
        const times: number[] = [];
        const observer = new PerformanceObserver((list) =>
          times.push(...list.getEntries().map(({ duration }) => duration)),
        );
        observer.observe({ type: 'longtask' });
        let steps = 0;
        const step = () => {
          area.dispatchEvent(new Event('input', { bubbles: true }));
          document.querySelector('[role=log]')!.parentElement!.scrollTop -= 400;
          if (++steps < 60) requestAnimationFrame(step);
          else setTimeout(() => resolve(Math.max(0, ...times)), 100);
        };
        requestAnimationFrame(step);
      }),
  );
  console.log(JSON.stringify({ 'web.longestTaskMs': longest }));
  await message(page).fill('still quick');
  expect(await message(page).inputValue()).toBe('still quick');
  await page.context().close();
}, 180_000);
