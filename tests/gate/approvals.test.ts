import type { Approval } from '@reeve/protocol';
import { createFakeClock, reply, startHarness } from '@reeve/testkit';
import { describe, expect, test } from 'vitest';
import { answerOf, follow } from '../support/collect.ts';
import { asked, finished, recorder, send } from './support.ts';

describe('a call that has to be asked about', () => {
  test('F199 F205 waits for the answer, shows exactly the call, and is made once', async () => {
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool] });
    const args = { to: 'bob@example.org', text: 'Hello' };
    harness.model.enqueue(
      reply.text('I only look at files.').toolCall('send_email', args),
      reply.text('Sent.'),
    );
    const sent = await send(harness);
    const { sessionId } = sent;
    const [approval] = await asked(harness, sessionId);
    expect(approval).toMatchObject({ status: 'pending', risk: 'high', mayDecide: true, scopes: ['once'] });
    expect(approval!.calls).toMatchObject([
      { tool: 'send_email', args, target: 'bob@example.org', risk: 'high' },
    ]);
    expect(JSON.stringify(approval)).not.toContain('only look at files');
    expect(mail.done).toEqual([]);
    const answer = await harness.client.approvals.answer({ id: approval!.id, decision: 'approve' });
    expect(answer).toMatchObject({
      isFirst: true,
      approval: { status: 'approved', settled: { by: 'owner', scope: 'once' } },
    });
    expect(answerOf(await follow(harness, sent))).toContain('Sent.');
    expect(mail.done).toEqual([args]);
    const [result] = await finished(harness, sessionId);
    expect(result).toMatchObject({ status: 'ok', decision: `approved by owner (${approval!.id})` });
  });

  test('F199 a no keeps it from being made, and says what to do instead', async () => {
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool] });
    harness.model.enqueue(reply.toolCall('send_email', { to: 'x' }), reply.text('All right.'));
    const sent = await send(harness);
    const { sessionId } = sent;
    const [approval] = await asked(harness, sessionId);
    await harness.client.approvals.answer({
      id: approval!.id,
      decision: 'deny',
      note: 'Write a draft instead.',
    });
    await follow(harness, sent);
    expect(mail.done).toEqual([]);
    const [result] = await finished(harness, sessionId);
    expect(result).toMatchObject({ status: 'denied' });
    expect(result!.text).toContain('Write a draft instead.');
    const told = harness.model.requests.at(-1)!;
    expect(JSON.stringify(told)).toContain('Write a draft instead.');
  });

  test('F199 the first answer counts; the second sees how it was settled', async () => {
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool] });
    harness.model.enqueue(reply.toolCall('send_email', {}), reply.text('Ok.'));
    const sent = await send(harness);
    const { sessionId } = sent;
    const [{ id }] = (await asked(harness, sessionId)) as [Approval];
    const answers = await Promise.all([
      harness.client.approvals.answer({ id, decision: 'deny' }),
      harness.client.approvals.answer({ id, decision: 'approve' }),
    ]);
    expect(answers.filter(({ isFirst }) => isFirst).length).toBe(1);
    expect(new Set(answers.map(({ approval }) => approval.status)).size).toBe(1);
    await follow(harness, sent);
    expect(mail.done.length).toBe(answers[0]!.approval.status === 'approved' ? 1 : 0);
  });

  test('F203 no answer in time is a no', async () => {
    const clock = createFakeClock();
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool], clock });
    harness.model.enqueue(reply.toolCall('send_email', {}), reply.text('Too late.'));
    const sent = await send(harness);
    const { sessionId } = sent;
    const [{ id, expiresAt }] = (await asked(harness, sessionId)) as [Approval];
    await clock.advance(expiresAt - clock.now());
    await follow(harness, sent);
    expect(mail.done).toEqual([]);
    expect((await harness.client.approvals.get({ id })).status).toBe('expired');
    expect((await finished(harness, sessionId))[0]!.text).toContain('APPROVAL_EXPIRED');
    expect(await harness.client.approvals.answer({ id, decision: 'approve' })).toMatchObject({
      isFirst: false,
      approval: { status: 'expired' },
    });
  });

  test('F199 what changes after the question voids the answer', async () => {
    const write = recorder('write_file');
    await using harness = await startHarness({ extraTools: [write.tool] });
    harness.model.enqueue(reply.toolCall('write_file', { path: 'a' }), reply.text('Hm.'));
    const sent = await send(harness);
    const { sessionId } = sent;
    const [{ id }] = (await asked(harness, sessionId)) as [Approval];
    write.state.basis = 'somebody else wrote to the file';
    await harness.client.approvals.answer({ id, decision: 'approve' });
    await follow(harness, sent);
    expect(write.done).toEqual([]);
    expect((await finished(harness, sessionId))[0]!.text).toContain('APPROVAL_VOID');
  });

  test('F199 the question and the run survive a restart', async () => {
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool] });
    harness.model.enqueue(reply.toolCall('send_email', { n: 1 }), reply.text('After the restart.'));
    const sent = await send(harness);
    const { sessionId } = sent;
    const [{ id }] = (await asked(harness, sessionId)) as [Approval];
    await harness.restart();
    expect((await harness.client.approvals.get({ id })).status).toBe('pending');
    expect(mail.done).toEqual([]);
    await harness.client.approvals.answer({ id, decision: 'approve' });
    expect(answerOf(await follow(harness, sent))).toBe('After the restart.');
    expect(mail.done).toEqual([{ n: 1 }]);
  });

  test('F199 critical needs a reason', async () => {
    const drop = recorder('drop_table');
    await using harness = await startHarness({ extraTools: [drop.tool] });
    harness.model.enqueue(reply.toolCall('drop_table', {}), reply.text('Gone.'));
    const sent = await send(harness);
    const { sessionId } = sent;
    const [{ id, risk, scopes }] = (await asked(harness, sessionId)) as [Approval];
    expect({ risk, scopes }).toEqual({ risk: 'critical', scopes: ['once'] });
    await expect(harness.client.approvals.answer({ id, decision: 'approve' })).rejects.toMatchObject({
      fault: { code: 'INVALID_PARAMS' },
    });
    expect(drop.done).toEqual([]);
    await harness.client.approvals.answer({ id, decision: 'approve', note: 'It is a copy.' });
    await follow(harness, sent);
    expect(drop.done.length).toBe(1);
  });

  test('F199 like calls come as one question, and each is made', async () => {
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool] });
    harness.model.enqueue(
      reply
        .toolCall('send_email', { n: 1 })
        .toolCall('send_email', { n: 2 })
        .toolCall('calculate', { expression: '1+1' }),
      reply.text('Both.'),
    );
    const sent = await send(harness);
    const { sessionId } = sent;
    const questions = await asked(harness, sessionId);
    expect(questions.length).toBe(1);
    expect(questions[0]!.calls.map(({ args }) => args)).toEqual([{ n: 1 }, { n: 2 }]);
    await harness.client.approvals.answer({ id: questions[0]!.id, decision: 'approve' });
    await follow(harness, sent);
    expect(mail.done).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('F199 for this session holds for that tool, in that session, for a while', async () => {
    const clock = createFakeClock();
    const write = recorder('write_file', { risk: 'medium' });
    await using harness = await startHarness({ extraTools: [write.tool], clock });
    const call = () =>
      harness.model.enqueue(reply.toolCall('write_file', { n: write.done.length }), reply.text('Ok.'));
    call();
    const sent = await send(harness);
    const { sessionId } = sent;
    const [{ id, scopes }] = (await asked(harness, sessionId)) as [Approval];
    expect(scopes).toEqual(['once', 'session', 'always']);
    await harness.client.approvals.answer({ id, decision: 'approve', scope: 'session' });
    await follow(harness, sent);
    call();
    const second = await send(harness, 'Again.', sessionId);
    await follow(harness, second);
    expect(write.done.length).toBe(2);
    await clock.advance(60 * 60_000 + 1);
    call();
    await send(harness, 'And again.', sessionId);
    expect((await asked(harness, sessionId, 2)).length).toBe(1);
    expect(write.done.length).toBe(2);
  });

  test('F199 always writes the policy that it showed', async () => {
    const write = recorder('write_file', { risk: 'medium' });
    await using harness = await startHarness({ extraTools: [write.tool] });
    const call = () => harness.model.enqueue(reply.toolCall('write_file', {}), reply.text('Ok.'));
    call();
    const sent = await send(harness);
    const { sessionId } = sent;
    const [{ id, policy }] = (await asked(harness, sessionId)) as [Approval];
    await harness.client.approvals.answer({ id, decision: 'approve', scope: 'always' });
    await follow(harness, sent);
    const { policies } = await harness.client.policies.list();
    expect(policies.filter(({ text }) => text === policy)).toMatchObject([
      { tier: 'admin', by: 'owner', version: 1 },
    ]);
    await harness.restart();
    call();
    const other = await send(harness, 'In a new session.');
    await follow(harness, other);
    expect(write.done.length).toBe(2);
  });

  test('F052 a plan that is allowed allows its calls, each once, and no other', async () => {
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool] });
    const steps = [1, 2].map((n) => ({ tool: 'send_email', args: { n } }));
    harness.model.enqueue(
      reply.toolCall('submit_plan', { steps }),
      reply.toolCall('send_email', { n: 1 }).toolCall('send_email', { n: 2 }),
      reply.toolCall('send_email', { n: 1 }),
      reply.text('Done.'),
    );
    const sent = await send(harness);
    const { sessionId } = sent;
    const [plan] = await asked(harness, sessionId);
    expect(plan!.calls.map(({ tool, args }) => [tool, args])).toEqual([
      ['submit_plan', { steps }],
      ['send_email', { n: 1 }],
      ['send_email', { n: 2 }],
    ]);
    await harness.client.approvals.answer({ id: plan!.id, decision: 'approve' });
    const [again] = await asked(harness, sessionId, 2);
    expect(mail.done).toEqual([{ n: 1 }, { n: 2 }]);
    await harness.client.approvals.answer({ id: again!.id, decision: 'deny' });
    await follow(harness, sent);
    expect(mail.done.length).toBe(2);
  });

  test('F052 a plan that is refused allows nothing', async () => {
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool] });
    harness.model.enqueue(
      reply.toolCall('submit_plan', { steps: [{ tool: 'send_email', args: {} }] }),
      reply.text('Then not.'),
    );
    const sent = await send(harness);
    const { sessionId } = sent;
    const [{ id }] = (await asked(harness, sessionId)) as [Approval];
    await harness.client.approvals.answer({ id, decision: 'deny' });
    await follow(harness, sent);
    expect((await finished(harness, sessionId))[0]).toMatchObject({ tool: 'submit_plan', status: 'denied' });
  });
});

describe('a tool called by hand', () => {
  test('F201 answers 202 with the question, and is made after the answer under the same key', async () => {
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool] });
    const { id: sessionId } = await harness.client.sessions.create({});
    const call = (idempotencyKey: string) =>
      harness.fetch('/api/tools/send_email/call', {
        method: 'POST',
        body: JSON.stringify({ sessionId, args: { n: 1 }, idempotencyKey }),
      });
    const first = await call('one');
    expect(first.status).toBe(202);
    const { approvalId } = (await first.json()) as { approvalId: string };
    expect(await (await call('one')).json()).toEqual({ status: 'waiting', approvalId });
    await harness.client.approvals.answer({ id: approvalId, decision: 'approve' });
    expect(await (await call('one')).json()).toEqual({ status: 'ok', text: 'done 1' });
    expect(await (await call('one')).json()).toEqual({ status: 'ok', text: 'done 1' });
    expect(mail.done).toEqual([{ n: 1 }]);
    expect((await call('two')).status).toBe(202);
  });
});
