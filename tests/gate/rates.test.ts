import { createFakeClock, reply, startHarness } from '@reeve/testkit';
import { describe, expect, test } from 'vitest';
import { endings, journal, say } from '../support/collect.ts';

describe('F242 rates', () => {
  test('F242 messages of one person: 429 with Retry-After, and they go on after it', async () => {
    const clock = createFakeClock();
    await using harness = await startHarness({ clock, env: { REEVE_RATES_MESSAGES_PER_MINUTE: '3' } });
    const send = () =>
      harness.fetch('/api/chat/send', { method: 'POST', body: JSON.stringify({ text: 'Hello' }) });
    const statuses = [];
    for (let n = 0; n < 5; n += 1) statuses.push((await send()).status);
    expect(statuses).toEqual([202, 202, 202, 429, 429]);
    const refused = await send();
    expect(await refused.json()).toMatchObject({ code: 'RATE_LIMIT' });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(120);
    await clock.advance(120_000);
    expect((await send()).status).toBe(202);
  });

  test('F242 every way in counts for one person', async () => {
    const clock = createFakeClock();
    await using harness = await startHarness({ clock, env: { REEVE_RATES_MESSAGES_PER_MINUTE: '2' } });
    await say(harness, 'One.');
    await harness.fetch('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model: 'reeve', messages: [{ role: 'user', content: 'Two.' }] }),
    });
    await expect(harness.client.chat.send({ text: 'Three.' })).rejects.toMatchObject({
      fault: { code: 'RATE_LIMIT' },
    });
  });

  test('F242 a tool of its own limit is refused to the model, and the run goes on', async () => {
    await using harness = await startHarness({ clock: createFakeClock() });
    await harness.client.config.set({ key: 'rates.tools.calculate', value: 1 });
    harness.model.enqueue(
      reply.toolCall('calculate', { expression: '1+1' }).toolCall('calculate', { expression: '2+2' }),
      reply.text('Half of it.'),
    );
    const { sent, items } = await say(harness, 'Count.');
    expect(endings(items)[0]).toMatchObject({ outcome: 'completed' });
    const results = (await journal(harness, sent.sessionId)).flatMap((event) =>
      event.type === 'tool.finished' ? [event.data.status] : [],
    );
    expect(results).toEqual(['ok', 'denied']);
  });

  test('F196 F242 whom a policy lets exceed rates is not held by them', async () => {
    await using harness = await startHarness({
      clock: createFakeClock(),
      env: { REEVE_RATES_MESSAGES_PER_MINUTE: '1' },
    });
    const statuses = async () => {
      const all = [];
      for (let n = 0; n < 2; n += 1)
        all.push(
          (await harness.fetch('/api/chat/send', { method: 'POST', body: JSON.stringify({ text: 'Hello' }) }))
            .status,
        );
      return all;
    };
    expect(await statuses()).toEqual([202, 429]);
    const rule = { kind: 'exception', from: 'rates', role: 'admin' } as const;
    await harness.client.policies.rule({ rule });
    expect(await statuses()).toEqual([202, 202]);
    await harness.client.policies.rule({ rule, isRemoved: true });
    expect(await statuses()).toEqual([429, 429]);
  });

  test('F242 an address counts as one, whatever it says of itself', async () => {
    await using harness = await startHarness({
      clock: createFakeClock(),
      env: { REEVE_RATES_ADDRESS_REQUESTS_PER_MINUTE: '4' },
    });
    const statuses = [];
    for (let n = 0; n < 6; n += 1)
      statuses.push(
        (await harness.fetch('/api/system/version', { headers: { 'x-forwarded-for': `10.0.0.${n}` } }))
          .status,
      );
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
  });
});
