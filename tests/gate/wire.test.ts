import type { Approval } from '@reeve/protocol';
import { createFakeClock, type Harness, reply, startHarness } from '@reeve/testkit';
import { describe, expect, test } from 'vitest';
import { follow } from '../support/collect.ts';
import { connect, type Frame } from '../support/wire.ts';
import { complaint } from '../support/wire-schemas.ts';
import { asked, command, member, recorder, send } from './support.ts';

const approvals = ['operator.read', 'operator.write', 'operator.approvals'];

const start = async (tool = recorder('send_email'), args: Record<string, string> = { to: 'bob' }) => {
  const harness = await startHarness({ extraTools: [tool.tool] });
  harness.model.enqueue(reply.toolCall(tool.tool.name, args), reply.text('Done.'));
  return { harness, done: tool.done };
};

const ask = async (harness: Harness) => {
  const sent = await send(harness);
  const [approval] = (await asked(harness, sent.sessionId)) as [Approval];
  return { sent, approval };
};

const isEvent = (name: string) => (frame: Frame) => frame.event === name;

/** What the package says about the question that stands in a frame. */
const complain = (shown: Frame) => complaint('ExecApprovalRequestParams', shown.request);

describe('exec.approval over the socket', () => {
  test('F201 whoever may answer is told of a question and of its end', async () => {
    const { harness, done } = await start();
    await using _ = harness;
    await using socket = await connect(harness, { scopes: approvals });
    expect(socket.hello.features.events).toEqual(
      expect.arrayContaining(['exec.approval.requested', 'exec.approval.resolved']),
    );
    const { sent, approval } = await ask(harness);
    const { payload } = await socket.until(isEvent('exec.approval.requested'));
    expect(payload).toMatchObject({
      id: approval.id,
      request: {
        command: 'send_email {"to":"bob"}',
        host: 'gateway',
        agentId: 'main',
        sessionId: sent.sessionId,
        unavailableDecisions: ['allow-always'],
      },
      createdAtMs: approval.createdAt,
      expiresAtMs: approval.expiresAt,
    });
    expect(complain(payload)).toBeNull();
    const list = await socket.request('exec.approval.list');
    expect(list).toEqual([payload]);
    expect(await socket.request('exec.approval.get', { id: approval.id })).toEqual({
      id: approval.id,
      commandText: 'send_email {"to":"bob"}',
      commandPreview: null,
      allowedDecisions: ['allow-once', 'deny'],
      host: 'gateway',
      nodeId: null,
      agentId: 'main',
      expiresAtMs: approval.expiresAt,
    });
    expect(
      await socket.request('exec.approval.resolve', { id: approval.id, decision: 'allow-once' }),
    ).toEqual({
      ok: true,
    });
    const resolved = await socket.until(isEvent('exec.approval.resolved'));
    expect(resolved.payload).toMatchObject({ id: approval.id, decision: 'allow-once', resolvedBy: 'owner' });
    expect(complain(resolved.payload)).toBeNull();
    await follow(harness, sent);
    expect(done).toEqual([{ to: 'bob' }]);
    expect(await socket.request('exec.approval.list')).toEqual([]);
    const gone = await socket.ask('exec.approval.get', { id: approval.id });
    expect(gone.error).toMatchObject({ code: 'INVALID_REQUEST', message: 'unknown or expired approval id' });
    for (const [decision, isOk] of [
      ['allow-once', true],
      ['deny', false],
    ] as const)
      expect((await socket.ask('exec.approval.resolve', { id: approval.id, decision })).ok).toBe(isOk);
    expect(done.length).toBe(1);
  });

  test('F201 approval.get and approval.resolve give the forms of the package, for each end', async () => {
    const { harness } = await start();
    await using _ = harness;
    await using socket = await connect(harness, { scopes: approvals });
    const { sent, approval } = await ask(harness);
    const pending = await socket.request('approval.get', { id: approval.id });
    expect(complaint('ApprovalGetResult', pending)).toBeNull();
    expect(pending.approval.status).toBe('pending');
    const answer = { id: approval.id, kind: 'exec', decision: 'deny' };
    const denied = await socket.request('approval.resolve', answer);
    expect(complaint('ApprovalResolveResult', denied)).toBeNull();
    expect(denied).toMatchObject({ applied: true, approval: { status: 'denied', reason: 'user' } });
    const late = await socket.request('approval.resolve', { ...answer, decision: 'allow-once' });
    expect(complaint('ApprovalResolveResult', late)).toBeNull();
    expect(late).toMatchObject({ applied: false, approval: { status: 'denied' } });
    await follow(harness, sent);
  });

  test('F201 a question that expires: waitDecision tells nothing was decided, approval.get that its time was over', async () => {
    const clock = createFakeClock();
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool], clock });
    await using socket = await connect(harness, { scopes: approvals });
    harness.model.enqueue(reply.toolCall('send_email', {}), reply.text('Too late.'));
    const { sent, approval } = await ask(harness);
    const waiting = socket.request('exec.approval.waitDecision', { id: approval.id });
    // An answer after it shows that the request before it was taken.
    await socket.request('exec.approval.list');
    await clock.advance(approval.expiresAt - clock.now());
    expect(await waiting).toEqual({
      id: approval.id,
      decision: null,
      createdAtMs: approval.createdAt,
      expiresAtMs: approval.expiresAt,
    });
    await follow(harness, sent);
    const result = await socket.request('approval.get', { id: approval.id });
    expect(complaint('ApprovalGetResult', result)).toBeNull();
    expect(result.approval).toMatchObject({ status: 'expired', reason: 'timeout' });
    expect(mail.done).toEqual([]);
  });

  test('F201 waitDecision ends with an answer from elsewhere', async () => {
    const { harness } = await start();
    await using _ = harness;
    await using socket = await connect(harness, { scopes: approvals });
    const { sent, approval } = await ask(harness);
    const waiting = socket.request('exec.approval.waitDecision', { id: approval.id });
    await harness.client.approvals.answer({ id: approval.id, decision: 'deny' });
    expect(await waiting).toMatchObject({ id: approval.id, decision: 'deny' });
    await follow(harness, sent);
  });

  test('F199 critical: no client can allow it without a reason', async () => {
    const { harness, done } = await start(recorder('drop_table'), { table: 'a' });
    await using _ = harness;
    await using socket = await connect(harness, { scopes: approvals });
    const { sent, approval } = await ask(harness);
    const { allowedDecisions } = await socket.request('exec.approval.get', { id: approval.id });
    expect(allowedDecisions).toEqual(['deny']);
    const allow = { id: approval.id, decision: 'allow-once' };
    expect((await socket.ask('exec.approval.resolve', allow)).error.details.fault).toBe('INVALID_PARAMS');
    expect(done).toEqual([]);
    await socket.request('exec.approval.resolve', { ...allow, reason: 'It is a copy.' });
    await follow(harness, sent);
    expect(done.length).toBe(1);
  });

  test('F199 allow-always is taken only where it is on offer, and never with an end that nobody keeps', async () => {
    const { harness } = await start(recorder('write_file', { risk: 'medium' }), { path: 'a' });
    await using _ = harness;
    await using socket = await connect(harness, { scopes: approvals });
    const { sent, approval } = await ask(harness);
    const always = { id: approval.id, decision: 'allow-always' };
    const ending = await socket.ask('exec.approval.resolve', { ...always, grantExpiresInDays: 7 });
    expect(ending.error.details.fault).toBe('UNSUPPORTED');
    await socket.request('exec.approval.resolve', always);
    await follow(harness, sent);
    const { policies } = await harness.client.policies.list();
    expect(policies.filter(({ text }) => text === approval.policy).length).toBe(1);
  });
});

describe('nobody but who may', () => {
  test('F201 F237 without the scope, or as somebody else, a socket hears nothing and can do nothing', async () => {
    const { harness, done } = await start();
    await using _ = harness;
    const other = await member(harness, 'user');
    await using reader = await connect(harness, { scopes: ['operator.read', 'operator.write'] });
    await using stranger = await connect(
      { url: harness.url, token: other.token },
      { scopes: [...approvals, 'operator.admin'] },
    );
    await using owner = await connect(harness, { scopes: approvals });
    const { sent, approval } = await ask(harness);
    await owner.until(isEvent('exec.approval.requested'));
    const resolve = { id: approval.id, decision: 'allow-once' };
    expect((await reader.ask('exec.approval.list')).error.code).toBe('FORBIDDEN');
    expect((await reader.ask('exec.approval.resolve', resolve)).error.code).toBe('FORBIDDEN');
    expect(await stranger.request('exec.approval.list')).toEqual([]);
    for (const method of ['exec.approval.resolve', 'exec.approval.waitDecision', 'approval.get'])
      expect((await stranger.ask(method, resolve)).error.details.fault).toBe('NOT_FOUND');
    expect(done).toEqual([]);
    await owner.request('exec.approval.resolve', { ...resolve, decision: 'deny' });
    await owner.until(isEvent('exec.approval.resolved'));
    await follow(harness, sent);
    for (const socket of [reader, stranger])
      expect(socket.frames.filter(({ event }) => event?.startsWith('exec.approval'))).toEqual([]);
  });

  test('F201 what a client runs itself is not asked about here, and says so', async () => {
    await using harness = await startHarness();
    await using socket = await connect(harness, { scopes: approvals });
    const { error } = await socket.ask('exec.approval.request', { command: 'rm -r /' });
    expect(error.details.fault).toBe('UNSUPPORTED');
    expect(await socket.request('plugin.approval.list')).toEqual([]);
  });
});

describe('every face at once', () => {
  test.each([1, 2, 3])('F199 the first answer counts, whichever face it comes from (%i)', async () => {
    const { harness, done } = await start();
    await using _ = harness;
    await using socket = await connect(harness, { scopes: approvals });
    const { sent, approval } = await ask(harness);
    const { id } = approval;
    const answers = await Promise.all([
      socket.ask('approval.resolve', { id, kind: 'exec', decision: 'allow-once' }),
      harness.client.approvals.answer({ id, decision: 'deny' }),
      command(harness, `/deny ${id} later`),
      command(harness, `/approve ${id}`),
    ]);
    const settled = await harness.client.approvals.get({ id });
    const [byWire, byApi, byDeny, byApprove] = answers;
    const firsts = [
      byWire.payload.applied,
      byApi.isFirst,
      byDeny === 'Refused: send_email.',
      byApprove === 'Allowed: send_email.',
    ];
    expect(firsts.filter(Boolean).length).toBe(1);
    await follow(harness, sent);
    expect(done.length).toBe(settled.status === 'approved' ? 1 : 0);
    expect(settled.status).toBe(firsts[0] || firsts[3] ? 'approved' : 'denied');
    const resolved = socket.events('exec.approval.resolved');
    expect(resolved.length).toBe(1);
  });

  test('F199 a "yes" over the socket answers, too', async () => {
    const { harness, done } = await start();
    await using _ = harness;
    await using socket = await connect(harness, { scopes: approvals });
    await socket.request('chat.send', { sessionKey: 'main', message: 'Do it.' });
    await socket.until(isEvent('exec.approval.requested'));
    const { runId } = await socket.request('chat.send', { sessionKey: 'main', message: 'yes' });
    const final = await socket.until(({ payload }) => payload?.runId === runId && payload.state === 'final');
    expect(JSON.stringify(final.payload)).toContain('Allowed: send_email.');
    await socket.until(({ payload }) => payload?.state === 'final' && payload.runId !== runId);
    expect(done.length).toBe(1);
  });
});
