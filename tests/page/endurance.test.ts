import { expect } from 'vitest';
import { follow } from '../support/collect.ts';
import { testWith } from '../support/needs.ts';
import { longReply } from './support/load.ts';
import { fresh, log, useWorld } from './support/page.ts';

const test = testWith('chromium');
const world = useWorld();

/** Fragments of an answer, and answers: at 30 fragments a second an hour of writing has about a hundred thousand. */
const fragments = 2_500;
const answers = 40;
/** Where the last paragraph ends that is whole. */
const lastWord = `word ${fragments - 1 - (fragments % 60)}.`;
/** What the page may keep: 120 bytes a fragment. The texts are 10; a listener or an element for each would be more. */
const boundMb = 12;

test('F305 an hour of streaming leaves nothing in the page but what was said', async () => {
  const { harness } = world;
  // Also what the session is asked now and then to be summed up from.
  harness.model.setScript(() => longReply(fragments, 0));
  const { page } = await world.signedIn();
  const id = await fresh(page, harness, 'A long evening');
  const devtools = await page.context().newCDPSession(page);
  const measure = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
    return { heapMb: usedSize / 2 ** 20, nodes, jsEventListeners };
  };
  const listen = async (count: number) => {
    for (let answer = 0; answer < count; answer += 1) {
      await follow(harness, await harness.client.chat.send({ sessionId: id, text: `Go on ${answer}` }));
    }
    await log(page).locator('.assistant').last().getByText(lastWord).waitFor();
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' });
  };
  // What is loaded on first use, and as much as is ever drawn at once.
  await listen(4);
  const before = await measure();
  await listen(answers);
  const after = await measure();
  expect(after.heapMb - before.heapMb).toBeLessThan(boundMb);
  // What is far from the screen is not drawn any more.
  expect(after.nodes).toBeLessThan(before.nodes * 2 + 2_000);
  expect(after.jsEventListeners).toBeLessThan(before.jsEventListeners * 2 + 200);
  await page.context().close();
});
