import { createGate, reply, startHarness } from '@reeve/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { durable, follow } from '../support/collect.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeEach(async () => {
  // A name whose price is known.
  harness = await startHarness({ env: { REEVE_OPENAI_MODEL: 'gpt-5.2' } });
});
afterEach(() => harness[Symbol.asyncDispose]());

const question = 'What is there to say? '.repeat(20);
const ask = (signal?: AbortSignal) =>
  harness.fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'direct/openai/gpt-5.2',
      stream: true,
      messages: [{ role: 'user', content: question }],
    }),
    ...(signal && { signal }),
  });

/** What may wait is written with the next thing that may not. */
const totals = async () => {
  await harness.client.sessions.create({});
  return (await harness.client.usage.get({})).total;
};

test('F069 F070 a direct answer that its client leaves is counted, as an estimate, with its price', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('Much could be said of that.').hold(gate).text(' More.'));
  const leave = new AbortController();
  const response = await ask(leave.signal);
  await gate.reached;
  await response.body!.getReader().read();
  leave.abort();
  expect(await harness.model.requests[0]!.ended).toBe('closed');
  const total = await totals();
  expect(total).toMatchObject({ estimated: true });
  expect(total.inputTokens).toBeGreaterThan(question.length / 6);
  expect(total.outputTokens).toBeGreaterThan(3);
  expect(total.costUsd).toBeGreaterThan(0);
});

test('F069 so is one that broke off, and not one that never began', async () => {
  harness.model.setScript(() => reply.status(401));
  await (await ask()).text();
  expect((await totals()).inputTokens).toBe(0);
  harness.model.setScript(() => reply.text('Half of an ans').reset());
  await harness.client.config.set({ key: 'agent.maxSteps', value: 10 });
  expect(await (await ask()).text()).toContain('error');
  expect((await totals()).outputTokens).toBeGreaterThan(2);
});

test('F069 a server that counts nothing leaves an estimate of both', async () => {
  harness.model.enqueue(reply.text('Not much.').withUsage(null));
  await (await ask()).text();
  const total = await totals();
  expect(total).toMatchObject({ estimated: true });
  expect(total.inputTokens).toBeGreaterThan(question.length / 6);
  expect(total.outputTokens).toBeGreaterThan(1);
});

test('F070 an answer that its user stops has its price, too', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('Much could be said of that.').hold(gate).text(' More.'));
  const sent = await harness.client.chat.send({ text: question });
  await gate.reached;
  await harness.client.chat.abort({ id: sent.sessionId });
  const answered = durable(await follow(harness, sent)).find((event) => event.type === 'model.answered');
  expect(answered).toMatchObject({ data: { finishReason: 'aborted', usage: { estimated: true } } });
  expect(answered).toMatchObject({ data: { usage: { costUsd: expect.any(Number) } } });
});
