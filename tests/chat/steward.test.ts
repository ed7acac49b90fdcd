import { isDurable } from '@reeve/protocol';
import { createFakeClock, startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { answerOf, eventually, say } from '../support/collect.ts';

/** Saturday, 21 November 2026, 10:00 in Berlin. */
const saturday = Date.parse('2026-11-21T09:00:00Z');

test('the steward remembers across a restart and recalls with a quote and a date', async () => {
  await using harness = await startHarness({ model: null });
  await say(harness, 'remember that the boiler code is 4711');
  await harness.restart();
  const { items } = await say(harness, 'what is the boiler code?');
  expect(answerOf(items)).toContain('“the boiler code is 4711”');
  expect(answerOf(items)).toMatch(/You told me on \d+ \w+ \d{4}/);
  await say(harness, 'forget the boiler code');
  expect(answerOf((await say(harness, 'what do you remember?')).items)).not.toContain('4711');
});

test('F173 a reminder fires at its time, into its session, also when the gateway was down then', async () => {
  const clock = createFakeClock(saturday);
  await using harness = await startHarness({ model: null, clock });
  const { sent } = await say(harness, 'remind me tomorrow at 9 to call Ann');
  await harness.restart();
  await clock.advance(22 * 3_600_000);
  expect((await harness.client.chat.notifications({ session_id: sent.sessionId })).notifications).toEqual([]);
  await clock.advance(3_600_000);
  const posted = await eventually(harness, sent.sessionId, (item) => item.type === 'notification.posted');
  expect(posted.data).toMatchObject({ text: 'Reminder: call Ann' });
  const { notifications } = await harness.client.chat.notifications({});
  expect(notifications.map((one) => one.text)).toEqual(['Reminder: call Ann']);
  expect((await harness.client.chat.notifications({})).notifications).toEqual([]);
});

test('F168 a schedule runs its prompt at each due time, in the time zone of the owner', async () => {
  const clock = createFakeClock(saturday);
  await using harness = await startHarness({ model: null, clock });
  const { sent, items } = await say(harness, 'every weekday at 8 tell me the date');
  expect(answerOf(items)).toContain('Monday 23 November 2026 at 08:00');
  await clock.advance(2 * 24 * 3_600_000);
  const asked = await eventually(
    harness,
    sent.sessionId,
    (item) => item.type === 'message.received' && item.data.sender.kind === 'schedule',
  );
  expect(isDurable(asked) && asked.at).toBe(Date.parse('2026-11-23T07:00:00Z'));
  const answer = await eventually(
    harness,
    sent.sessionId,
    (item) =>
      item.type === 'model.answered' &&
      'runId' in asked.data &&
      item.data.runId === asked.data.runId &&
      item.data.text !== '',
  );
  expect(answer.type === 'model.answered' && answer.data.text).toContain('23 November 2026');
  await say(harness, 'cancel the reminder tell me the date', { sessionId: sent.sessionId });
  const before = (await harness.client.system.status()).events;
  await clock.advance(7 * 24 * 3_600_000);
  expect((await harness.client.system.status()).events).toBe(before);
});

test('German is answered in German', async () => {
  await using harness = await startHarness({ model: null });
  expect(answerOf((await say(harness, 'Merk dir, dass der Code vom Boiler 4711 ist')).items)).toContain(
    '4711',
  );
  expect(answerOf((await say(harness, 'Was ist der Code vom Boiler?')).items)).toMatch(
    /Du hast mir am .* gesagt/,
  );
});

test('it says plainly what it cannot do, and how to add a model', async () => {
  await using harness = await startHarness({ model: null });
  const text = answerOf((await say(harness, 'Write me a sonnet about the sea.')).items);
  expect(text).toContain('OPENAI_API_KEY');
  expect(text).toContain('REEVE_OPENAI_BASE_URL');
});
