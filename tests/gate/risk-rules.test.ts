import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Harness, reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { answerOf, follow } from '../support/collect.ts';
import { asked, recorder, send } from './support.ts';

const mail = recorder('send_email', { risk: 'low' });
const note = recorder('write_note', { risk: 'low' });
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ extraTools: [mail.tool, note.tool] });
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(() => {
  note.done.length = 0;
});

const configure = async (...lines: string[]) => {
  writeFileSync(join(harness.home, 'reeve.toml'), ['[approvals.rules.mine]', ...lines].join('\n'));
  await harness.server.reload();
};

const call = async (args: Record<string, unknown>, tool = 'write_note') => {
  harness.model.enqueue(reply.toolCall(tool, args as never), reply.text('Done.'));
  return send(harness);
};

test('F198 a rule of the owner raises the risk of calls whose arguments fit', async () => {
  await configure('tools = ["write_note"]', 'when = ["to not like *@example.org"]', 'risk = "critical"');
  const inside = await call({ to: ['ann@example.org', 'BOB@EXAMPLE.ORG'] });
  expect(answerOf(await follow(harness, inside))).toContain('Done.');
  expect(note.done.length).toBe(1);

  for (const to of ['eve@example.com', ['ann@example.org', 'eve@example.com'], undefined]) {
    const outside = await call({ to, text: 'hello' });
    const [question] = await asked(harness, outside.sessionId);
    expect(question!.calls[0]).toMatchObject({ risk: 'critical', rules: ['own rule: mine'] });
    await harness.client.approvals.answer({ id: question!.id, decision: 'deny' });
    await follow(harness, outside);
  }
  expect(note.done.length).toBe(1);
});

test('F198 conditions hold all together, look into what is nested, and compare lists', async () => {
  await configure('when = ["order.amount in 10, 20", "order.urgent equals true"]', 'risk = "high"');
  for (const order of [
    { amount: 10, urgent: false },
    { amount: 30, urgent: true },
  ])
    await follow(harness, await call({ order }));
  expect(note.done.length).toBe(2);
  const sent = await call({ order: { amount: 20, urgent: true } });
  const [question] = await asked(harness, sent.sessionId);
  expect(question!.risk).toBe('high');
  await harness.client.approvals.answer({ id: question!.id, decision: 'approve' });
  await follow(harness, sent);
  expect(note.done.length).toBe(3);
});

test('F198 a rule never lowers what Reeve itself finds', async () => {
  await configure('tools = ["send_email"]', 'risk = "low"');
  const sent = await call({ to: 'ann' }, 'send_email');
  const [question] = await asked(harness, sent.sessionId);
  expect(question!.risk).toBe('high');
  await harness.client.approvals.answer({ id: question!.id, decision: 'deny' });
  await follow(harness, sent);
  expect(mail.done).toEqual([]);
});

test('F198 a pattern of many stars takes no longer for a text that was made for it', async () => {
  await configure(`when = ["text like ${'*a'.repeat(40)}*b"]`, 'risk = "critical"');
  await follow(harness, await call({ text: 'a'.repeat(9_000) }));
  expect(note.done.length).toBe(1);
});

test('F198 a condition that cannot be read is refused, and the rules before it hold on', async () => {
  await configure('when = ["to like *@example.com"]', 'risk = "critical"');
  await expect(configure('when = ["to resembles bob"]', 'risk = "critical"')).rejects.toMatchObject({
    fault: { code: 'CONFIG_ERROR' },
  });
  const sent = await call({ to: 'eve@example.com' });
  const [question] = await asked(harness, sent.sessionId);
  expect(question!.risk).toBe('critical');
  await harness.client.approvals.answer({ id: question!.id, decision: 'deny' });
  await follow(harness, sent);
});
