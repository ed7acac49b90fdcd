import { createFakeClock, reply, startHarness } from '@reeve/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';

let clock: ReturnType<typeof createFakeClock>;
let harness: Awaited<ReturnType<typeof startHarness>>;
beforeEach(async () => {
  clock = createFakeClock();
  harness = await startHarness({ clock });
});
afterEach(() => harness[Symbol.asyncDispose]());

/** As the package asks: the header counts how often it tried before. */
const ask = async (content: string, retries = 0) => {
  const response = await harness.fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-stainless-retry-count': String(retries) },
    body: JSON.stringify({ model: 'reeve', messages: [{ role: 'user', content }] }),
  });
  const body = JSON.parse(await response.text());
  return { status: response.status, text: body.choices?.[0].message.content as string | undefined };
};

test('F011 a retry gets the answer of the try before it, and not one that was given to the same words long ago', async () => {
  harness.model.enqueue(reply.text('It is nine.'), reply.text('It is ten.'));
  expect((await ask('What time is it?')).text).toBe('It is nine.');
  await clock.advance(9 * 60_000);
  expect((await ask('What time is it?', 1)).text).toBe('It is nine.');
  await clock.advance(60 * 60_000);
  expect((await ask('What time is it?', 1)).text).toBe('It is ten.');
});

test('F011 a retry of what failed tries again', async () => {
  harness.model.setScript(() => reply.toolCall('calculate', { wrong: true }));
  expect((await ask('hello')).status).toBeGreaterThanOrEqual(500);
  harness.model.setScript(() => reply.text('Well again.'));
  expect(await ask('hello', 1)).toEqual({ status: 200, text: 'Well again.' });
});
