import { createGate, type Harness, reply, startHarness } from '@reeve/testkit';
import { describe, expect, test } from 'vitest';
import { run } from '../secrets/support.ts';
import { endings, follow, journal, say } from '../support/collect.ts';
import { member } from './support.ts';

/** A model whose price is known by its name. */
const startPriced = (): Promise<Harness> => startHarness({ env: { REEVE_OPENAI_MODEL: 'gpt-5.2' } });

const spentOf = async (harness: Harness) => (await harness.client.usage.get({})).byModel;

describe('F197 budgets', () => {
  test('F197 64 turns at once never spend a cent more than there is', async () => {
    await using harness = await startPriced();
    harness.model.setScript(() => reply.text('word '.repeat(200)));
    await say(harness, 'One answer, to see what it costs.');
    const [one] = await spentOf(harness);
    const cost = one!.usage.costUsd!;
    expect(cost).toBeGreaterThan(0);
    const amount = cost * 12;
    await harness.client.budgets.set({ subject: 'user', period: 'day', unit: 'usd', amount });
    const sent = await Promise.all(
      Array.from({ length: 64 }, (_, n) => harness.client.chat.send({ text: `Question ${n}` })),
    );
    const ends = (await Promise.all(sent.map((one) => follow(harness, one)))).flatMap((items) =>
      endings(items),
    );
    const outcomes = new Set(ends.map((end) => end.fault?.code ?? end.outcome));
    expect(outcomes).toEqual(new Set(['completed', 'BUDGET_EXCEEDED']));
    const total = (await spentOf(harness)).reduce((sum, { usage }) => sum + (usage.costUsd ?? 0), 0);
    expect(total).toBeLessThanOrEqual(amount);
    const [state] = (await harness.client.budgets.mine({})).budgets;
    expect(state!.reserved).toBeCloseTo(0, 9);
    expect(state!.spent).toBeCloseTo(total, 9);
  });

  test('F197 a stop explains itself, and says when it is over', async () => {
    await using harness = await startPriced();
    await harness.client.budgets.set({ subject: 'tenant', period: 'month', unit: 'tokens', amount: 10 });
    const { items } = await say(harness, 'Hello');
    const [end] = endings(items);
    expect(end).toMatchObject({ outcome: 'failed', fault: { code: 'BUDGET_EXCEEDED' } });
    expect(end!.fault!.message).toMatch(/10 tokens.*month.*tenant.*filled again at \d{4}-/s);
    expect(harness.model.requests.length).toBe(0);
  });

  test('F196 F197 whom a policy exempts is not stopped, and what they spend is counted', async () => {
    await using harness = await startPriced();
    await harness.client.budgets.set({ subject: 'tenant', period: 'month', unit: 'tokens', amount: 10 });
    const exception = (...more: string[]) => run(harness, ['policy', 'exception', 'budgets', ...more]);
    expect((await exception()).err).toContain('an exception is for a user or a role');
    const child = await member(harness, 'child');
    const endOf = async (client: Harness['client']) => {
      const items = await follow({ client }, await client.chat.send({ text: 'Hello' }));
      return endings(items)[0]!.fault?.code ?? endings(items)[0]!.outcome;
    };
    expect((await exception('--role', 'child')).out).toContain('admin/exception-budgets-child holds');
    expect([await endOf(child.client), await endOf(harness.client)]).toEqual([
      'completed',
      'BUDGET_EXCEEDED',
    ]);
    const [state] = (await harness.client.budgets.mine({})).budgets;
    expect(state).toMatchObject({ state: 'used-up', reserved: 0 });
    expect(state!.spent).toBeGreaterThan(10);
    await exception('--role', 'child', '--off');
    expect(await endOf(child.client)).toBe('BUDGET_EXCEEDED');
  });

  test('F197 it warns at 80 and at 95 per cent, once each', async () => {
    await using harness = await startPriced();
    harness.model.setScript(() => reply.text('word '.repeat(100)));
    const { sent } = await say(harness, 'One.');
    const [one] = await spentOf(harness);
    const tokens = one!.usage.inputTokens + one!.usage.outputTokens;
    await harness.client.budgets.set({ subject: 'user', period: 'day', unit: 'tokens', amount: tokens * 30 });
    for (let n = 0; n < 40; n += 1) await say(harness, 'Again.', { sessionId: sent.sessionId });
    const warnings = (await journal(harness, sent.sessionId)).flatMap((event) =>
      event.type === 'notification.posted' ? [event.data.text] : [],
    );
    expect(warnings.filter((text) => text.startsWith('80 %')).length).toBe(1);
    expect(warnings.length).toBeLessThanOrEqual(3);
  });

  test('F197 what a restart comes after still counts', async () => {
    await using harness = await startPriced();
    harness.model.setScript(() => reply.text('word '.repeat(50)));
    await say(harness, 'One.');
    const before = (await spentOf(harness))[0]!.usage;
    await harness.client.budgets.set({ subject: 'user', period: 'week', unit: 'tokens', amount: 1_000_000 });
    await harness.restart();
    const [state] = (await harness.client.budgets.mine({})).budgets;
    expect(state!.spent).toBe(before.inputTokens + before.outputTokens);
  });

  test('F197 F238 of budgets alike each has its own account, and the tightest bounds', async () => {
    await using harness = await startPriced();
    const day = { subject: 'user', period: 'day', unit: 'tokens' } as const;
    await harness.client.budgets.set({ ...day, amount: 1_000_000 });
    await harness.client.budgets.set({ ...day, subjectId: 'owner', amount: 2_000_000 });
    await harness.client.people.update({ id: 'owner', flags: { maxTokensPerDay: 3_000_000 } });
    await say(harness, 'Hello');
    const used = (await spentOf(harness))[0]!.usage;
    const total = used.inputTokens + used.outputTokens;
    const states = async () => (await harness.client.budgets.mine({})).budgets;
    expect((await states()).map(({ amount, spent, reserved }) => [amount, spent, reserved])).toEqual(
      [1_000_000, 2_000_000, 3_000_000].map((amount) => [amount, total, 0]),
    );
    await harness.client.budgets.set({ ...day, amount: 10 });
    expect(endings((await say(harness, 'Hello')).items)[0]).toMatchObject({
      fault: { code: 'BUDGET_EXCEEDED' },
    });
    await harness.client.budgets.set({ ...day, amount: 1_000_000 });
    await harness.client.people.update({ id: 'owner', flags: { maxTokensPerDay: 10 } });
    expect(endings((await say(harness, 'Hello')).items)[0]).toMatchObject({
      fault: { code: 'BUDGET_EXCEEDED' },
    });
  });

  test('F197 a budget that is set in the middle of a turn counts its answer and bounds its next call', async () => {
    await using harness = await startPriced();
    const gate = createGate();
    harness.model.setScript((_, n) =>
      n === 1
        ? reply.text('Let me see.').hold(gate).toolCall('calculate', { expression: '6*7' })
        : reply.text('It is 42.'),
    );
    const sent = await harness.client.chat.send({ text: 'What is 6*7?' });
    await gate.reached;
    await harness.client.budgets.set({ subject: 'user', period: 'day', unit: 'tokens', amount: 10 });
    const [held] = (await harness.client.budgets.mine({})).budgets;
    expect(held!.spent).toBe(0);
    expect(held!.reserved).toBeGreaterThan(10);
    gate.open();
    expect(endings(await follow(harness, sent))[0]).toMatchObject({ fault: { code: 'BUDGET_EXCEEDED' } });
    expect(harness.model.requests.length).toBe(1);
    const used = (await spentOf(harness))[0]!.usage;
    const [state] = (await harness.client.budgets.mine({})).budgets;
    expect(state).toMatchObject({ spent: used.inputTokens + used.outputTokens, reserved: 0 });
  });

  test('F197 another time zone frees nothing that an answer under way holds', async () => {
    const env = { REEVE_OPENAI_MODEL: 'gpt-5.2', REEVE_AGENT_TIME_ZONE: '' };
    await using harness = await startHarness({ env });
    await harness.client.config.set({ key: 'agent.timeZone', value: 'Europe/Berlin' });
    const gate = createGate();
    harness.model.setScript(() => reply.text('Once upon').hold(gate).text(' a time.'));
    await harness.client.budgets.set({ subject: 'user', period: 'month', unit: 'tokens', amount: 6_000 });
    const sent = await harness.client.chat.send({ text: 'A story.' });
    await gate.reached;
    const before = (await harness.client.budgets.mine({})).budgets[0]!;
    expect(before.reserved).toBeGreaterThan(5_900);
    await harness.client.config.set({ key: 'agent.timeZone', value: 'Asia/Tokyo' });
    const [state] = (await harness.client.budgets.mine({})).budgets;
    expect(state!.resetsAt).not.toBe(before.resetsAt);
    expect(state!.reserved).toBe(before.reserved);
    expect(endings((await say(harness, 'Another.')).items)[0]).toMatchObject({
      fault: { code: 'BUDGET_EXCEEDED' },
    });
    gate.open();
    expect(endings(await follow(harness, sent))[0]).toMatchObject({ outcome: 'completed' });
    expect((await harness.client.budgets.mine({})).budgets[0]!.reserved).toBe(0);
  });

  test('F197 a model that costs nothing is not kept from anybody by a budget of money', async () => {
    await using harness = await startHarness();
    await harness.client.config.set({ key: 'providers.free.baseUrl', value: harness.model.url });
    await harness.client.config.set({ key: 'providers.free.models', value: ['local-llama'] });
    await harness.client.config.set({ key: 'agent.model', value: 'free/local-llama' });
    await harness.client.budgets.set({ subject: 'user', period: 'day', unit: 'usd', amount: 0 });
    const { items } = await say(harness, 'Hello');
    expect(endings(items)[0]).toMatchObject({ outcome: 'completed' });
  });

  test('F238 a person’s own limit of tokens holds without a list', async () => {
    await using harness = await startPriced();
    await harness.client.people.update({ id: 'owner', flags: { maxTokensPerDay: 5 } });
    const { items } = await say(harness, 'Hello');
    expect(endings(items)[0]).toMatchObject({ fault: { code: 'BUDGET_EXCEEDED' } });
  });
});
