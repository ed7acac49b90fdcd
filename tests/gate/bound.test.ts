import type { Approval } from '@reeve/protocol';
import { type Harness, reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { accept, as, local } from '../identity/support.ts';
import { follow } from '../support/collect.ts';
import { asked, finished, member, recorder, send } from './support.ts';

/** What an answer, a judgement and a policy are bound to, where something else would have slipped in between. */
const write = recorder('write_file', { risk: 'medium' });
const mail = recorder('send_email');
const shell = recorder('run_it', {
  risk: 'low',
  kind: 'command',
  input: z.object({ command: z.string() }),
});
const post = recorder('post_note', { risk: 'low', input: z.object({ to: z.string() }) });
let harness: Harness;

beforeAll(async () => {
  harness = await startHarness({ extraTools: [write.tool, mail.tool, shell.tool, post.tool] });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

const session = async () => (await harness.client.sessions.create({})).id;
const waitingCall = async (tool: string, args: Record<string, string>) => {
  harness.model.enqueue(reply.toolCall(tool, args));
  const sent = await send(harness, 'Do it.', await session());
  const [approval] = (await asked(harness, sent.sessionId)) as [Approval];
  return { sent, approval };
};
const answer = (id: string, decision: 'approve' | 'deny', more: object = {}) =>
  harness.client.approvals.answer({ id, decision, ...more });

test('F199 a no stays a no, also when a policy allows such calls meanwhile', async () => {
  const one = await waitingCall('write_file', { path: 'a' });
  const other = await waitingCall('write_file', { path: 'b' });
  await answer(other.approval.id, 'approve', { scope: 'always' });
  await follow(harness, other.sent);
  await answer(one.approval.id, 'deny');
  await follow(harness, one.sent);
  expect(write.done).toEqual([{ path: 'b' }]);
  expect(await finished(harness, one.sent.sessionId)).toMatchObject([{ status: 'denied' }]);
});

test('F198 what is judged is what the tool is given, and not what its schema leaves out', async () => {
  const { sent, approval } = await waitingCall('run_it', { argv: '["ls"]', command: 'rm -rf /' });
  expect(approval).toMatchObject({ risk: 'critical' });
  await answer(approval.id, 'deny');
  await follow(harness, sent);
  expect(shell.done).toEqual([]);
});

test('F195 F198 what a policy sees as the target is what the tool is given', async () => {
  const text =
    'forbid(principal, action == Action::"call", resource == Tool::"post_note") when { context.target == "eve" };';
  await harness.client.policies.save({ tier: 'admin', name: 'not-eve', text });
  harness.model.enqueue(reply.toolCall('post_note', { to: 'eve', path: 'bob@example.org' }));
  const sent = await send(harness, 'Write to her.', await session());
  await follow(harness, sent);
  expect(post.done).toEqual([]);
  expect(await finished(harness, sent.sessionId)).toMatchObject([{ status: 'denied' }]);
});

test('F217 F204 a known secret in the arguments or in the reason of an answer is not in the audit', async () => {
  const value = ['plain', 'words', 'that', 'are', 'kept', 'secret'].join(' ');
  await harness.client.secrets.set({ name: 'phrase', value });
  const { sent, approval } = await waitingCall('send_email', { to: 'bob', text: `It is: ${value}` });
  await answer(approval.id, 'deny', { note: `Never send ${value} to anybody.` });
  await follow(harness, sent);
  const told = await harness.client.audit.list({ sessionId: sent.sessionId });
  expect(told.entries.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['approval.requested', 'approval.settled', 'tool.called']),
  );
  expect(JSON.stringify(told)).not.toContain(value);
  expect(JSON.stringify(told)).toContain('[secret:phrase]');
  expect(JSON.stringify(await harness.client.approvals.get({ id: approval.id }))).not.toContain(value);
  expect(JSON.stringify(harness.model.requests.at(-1))).not.toContain(`Never send ${value}`);
});

test('F238 F199 whoever needs an approval does not give it', async () => {
  const user = await member(harness, 'user');
  await harness.client.people.update({ id: user.id, flags: { requiresAdminApproval: true } });
  harness.model.enqueue(reply.toolCall('send_email', { to: 'x' }));
  const sent = await send(user, 'Do it.');
  const [approval] = (await asked(user, sent.sessionId)) as [Approval];
  expect(approval.mayDecide).toBe(false);
  await expect(user.client.approvals.answer({ id: approval.id, decision: 'approve' })).rejects.toMatchObject({
    fault: { code: 'PERMISSION_DENIED' },
  });
  await answer(approval.id, 'approve');
  await follow(user, sent);
  expect(mail.done).toEqual([{ to: 'x' }]);
});

test('F199 F203 whoever has the page open is there from the first message of a session on', async () => {
  // Nobody listens to the session itself: that alone would say that somebody is there.
  const isAttended = async () => {
    harness.model.enqueue(reply.toolCall('send_email', { to: 'x' }));
    const { sessionId } = await send(harness, 'Do it.');
    const waiting = async () => (await harness.client.approvals.list({ sessionId })).approvals;
    await expect.poll(async () => (await waiting()).length).toBe(1);
    const [approval] = await waiting();
    await harness.client.chat.abort({ id: sessionId });
    return approval!.isAttended;
  };
  expect(await isAttended()).toBe(false);
  const controller = new AbortController();
  const overview = await harness.client.overview.stream(undefined, { signal: controller.signal });
  await overview.next();
  expect(await isAttended()).toBe(true);
  controller.abort();
});

test('F199 always is not on offer where a policy forbids what nobody is asked about', async () => {
  const rule = { kind: 'quiet-hours', from: 0, to: 23 } as const;
  await harness.client.policies.rule({ rule });
  await harness.client.policies.remove({
    params: { tier: 'admin', name: 'always-write_file-owner' },
    query: {},
  });
  const { approval, sent } = await waitingCall('write_file', { path: 'c' });
  expect(approval).toMatchObject({ alwaysWithheld: 'calls' });
  expect(approval.scopes).not.toContain('always');
  await harness.client.chat.abort({ id: sent.sessionId });
  await harness.client.policies.rule({ rule, isRemoved: true });
});

test('F199 a question ends with the run that asked it', async () => {
  const { sent, approval } = await waitingCall('send_email', { to: 'nobody' });
  await harness.client.chat.abort({ id: sent.sessionId });
  await follow(harness, sent);
  expect((await harness.client.approvals.get({ id: approval.id })).status).toBe('void');
  expect(await answer(approval.id, 'approve')).toMatchObject({
    isFirst: false,
    approval: { status: 'void' },
  });
});

test('F199 questions of others do not hide one’s own, however many they are', async () => {
  const child = await member(harness, 'child');
  const direct = async (client: Harness['client'], n: number) => {
    const { id: sessionId } = await client.sessions.create({});
    await client.tools.call({ name: 'send_email', sessionId, args: { n } });
  };
  await harness.client.policies.rule({
    rule: { kind: 'tool', tool: 'send_email', allow: true, role: 'child' },
  });
  await direct(child.client, 0);
  for (let n = 1; n <= 9; n += 1) await direct(harness.client, n);
  expect((await child.client.approvals.list({ limit: 1 })).approvals).toMatchObject([
    { calls: [{ args: { n: 0 } }] },
  ]);
});

test('F196 F302 policies of one name in two tenants are two', async () => {
  const made = await as(harness, local(harness), 'POST', '/api/tenants', { name: 'Next door' });
  const bea = await accept(harness, made.json.url, 'bea@example.net');
  const text = (what: string) => `forbid(principal, action == Action::"call", resource == Tool::"${what}");`;
  const { client } = harness;
  await client.policies.save({ tier: 'tenant', name: 'house', text: text('recall') });
  const saved = await as(harness, bea, 'PUT', '/api/policies', {
    tier: 'tenant',
    name: 'house',
    text: text('calculate'),
  });
  expect(saved.status).toBe(200);
  const call = async (who: Parameters<typeof as>[1]) => {
    const { id } = (await as(harness, who, 'POST', '/api/chat/conversations', {})).json;
    const args = { sessionId: id, args: { expression: '1+1' } };
    return (await as(harness, who, 'POST', '/api/tools/calculate/call', args)).json.status;
  };
  expect([await call(local(harness)), await call(bea)]).toEqual(['ok', 'denied']);
});

test('F199 a question that is for somebody else to answer waits for them, though who asked is there', async () => {
  const guest = await member(harness, 'guest');
  await harness.client.policies.rule({
    rule: { kind: 'tool', tool: 'send_email', allow: true, role: 'guest' },
  });
  const waitsMs = async (who: Pick<Harness, 'client'>) => {
    const controller = new AbortController();
    const overview = await who.client.overview.stream(undefined, { signal: controller.signal });
    await overview.next();
    harness.model.enqueue(reply.toolCall('send_email', { to: 'x' }));
    const sent = await send(who, 'Do it.');
    const waiting = async () =>
      (await harness.client.approvals.list({ sessionId: sent.sessionId })).approvals;
    await expect.poll(async () => (await waiting()).length).toBe(1);
    const [approval] = await waiting();
    await who.client.chat.abort({ id: sent.sessionId });
    controller.abort();
    return approval!.expiresAt - approval!.createdAt;
  };
  expect(await waitsMs(harness)).toBeLessThanOrEqual(60_000);
  expect(await waitsMs(guest)).toBeGreaterThan(3_600_000);
});
